"""Turns go to whom voice and lips together say they belong, and to nobody who gains by it without clear evidence."""

from dataclasses import replace

import numpy as np
import pytest
from fusion_scenes import (
    ALL,
    LONG,
    NONE,
    VOICES,
    Gallery,
    at,
    by_turn,
    diarization,
    face,
    known,
    spans,
    turn,
    with_pieces,
)

from diarization import EnrolledPerson, fuse


def test_a_turn_goes_to_the_mouth_that_speaks_in_it():
    others_mouth = face("t2", 0, 60, [*spans(1, LONG), (20, 25)])
    own = face("t1", 0, 60, [span for span in spans(0, LONG) if span != (20, 25)], enrolled="e")
    fusion = fuse(diarization(LONG, sure=0.8), [own, others_mouth], None, {"e": EnrolledPerson("Eva", ALL)})
    assert at(fusion, 2) == at(fusion, 52) == known(fusion)["e"]
    assert at(fusion, 22) == at(fusion, 18) != known(fusion)["e"]


def test_a_stretch_off_camera_stays_with_the_voice_though_somebody_elses_mouth_moves():
    """Who listens may move their lips; they do not win a voice that is not on screen."""
    left = face("t1", 0, 20, spans(0, LONG))
    listener = face("t2", 0, 60, [*spans(1, LONG), (50, 55)])
    talk = with_pieces(diarization(LONG))
    fusion = fuse(talk, [left, listener], None, {})
    assert at(fusion, 52) == at(fusion, 2) == fusion.track_person["t1"]


def test_a_short_stretch_the_diarizer_gave_to_the_wrong_one_goes_where_voice_and_lips_are():
    wrong = [(0, 3, 0), (3, 4, 1), *LONG[1:]]
    talk = with_pieces(diarization(wrong), LONG)
    fusion = fuse(talk, [face("t1", 0, 60, spans(0, LONG)), face("t2", 0, 60, spans(1, LONG))], None, {})
    assert at(fusion, 3.5) == at(fusion, 1)
    assert (0, 4) in by_turn(fusion)


def test_nobody_gets_more_rights_by_a_hair():
    """The same stretch, the lips of both moving: by voice alone it does not go to somebody who may be heard."""
    wrong = [(0, 3, 0), (3, 4, 1), *LONG[1:]]
    talk = diarization(wrong, sure=0.9)
    tracks = [face("t1", 0, 60, spans(0, LONG), enrolled="e"), face("t2", 0, 60, [(3, 4), *spans(1, LONG)])]
    fusion = fuse(talk, tracks, None, {"e": EnrolledPerson("Eva", ALL)})
    assert at(fusion, 3.5) != known(fusion)["e"]


def test_a_second_voice_whose_lips_rest_is_taken_out_only_where_nobody_gains_by_it():
    talk = diarization(LONG)
    talk.turns.append(turn(1, 3, 1, sure=0.5, overlap=True))
    tracks = [face("t1", 0, 60, spans(0, LONG), enrolled="e"), face("t2", 0, 60, spans(1, LONG))]
    for answers, kept in ((NONE, False), (ALL, True)):
        fusion = fuse(talk, tracks, None, {"e": EnrolledPerson("Eva", answers)})
        assert ((1, 3) in by_turn(fusion)) is kept


def test_lips_that_move_in_a_part_of_an_overlap_are_not_at_rest_in_it():
    talk = diarization(LONG)
    talk.turns.append(turn(1, 3, 1, sure=0.5, overlap=True))
    tracks = [face("t1", 0, 60, spans(0, LONG), enrolled="e"), face("t2", 0, 60, [(2.7, 3), *spans(1, LONG)])]
    assert (1, 3) in by_turn(fuse(talk, tracks, None, {"e": EnrolledPerson("Eva", NONE)}))


@pytest.mark.parametrize("lean", [0.0, 0.1])
@pytest.mark.parametrize("early", [0.4, 1.2])
def test_lips_that_open_early_take_no_words_of_somebody_with_fewer_rights(early, lean):
    """Where one takes over from another the sound is more exact than lips; a whole second is no matter of edges.

    There, the voice must at least ``lean`` towards the one who gains by it.
    """
    talk = with_pieces(diarization(LONG, sure=0.8))
    vectors = np.ones_like(talk.pieces.vectors) / np.sqrt(8) + lean * VOICES[0]
    talk = replace(talk, pieces=replace(talk.pieces, vectors=vectors))
    own = face("t1", 0, 60, [(start - early, end) for start, end in spans(0, LONG)], enrolled="e")
    others = face("t2", 0, 60, [(start, end - early) for start, end in spans(1, LONG)])
    named, unnamed = (fuse(talk, [own, others], None, {"e": EnrolledPerson("Eva", answers)}) for answers in (ALL, NONE))
    eva = known(named)["e"]
    assert (at(named, 9 - early / 2) == eva) is (early > 1 and lean > 0)
    assert at(unnamed, 9 - early / 2) == at(unnamed, 10)  # nobody gains anything
    assert at(named, 10) == eva


def test_a_clear_stretch_beside_a_doubtful_turn_does_not_vouch_for_it():
    wrong = [(0, 2, 0), (2, 4, 1), *LONG[1:]]
    talk = with_pieces(diarization(wrong), LONG)
    talk.turns[0] = turn(0, 2, 0, sure=0.2)
    people = {"e": EnrolledPerson("Eva", ALL), "f": EnrolledPerson("Finn", ALL)}
    tracks = [face("t1", 0, 60, spans(0, LONG), enrolled="e"), face("t2", 0, 60, spans(1, LONG), enrolled="f")]
    templates = Gallery({"e": {0: 0.8}, "f": {1: 0.8}})
    fusion = fuse(talk, tracks, templates, people)
    eva = known(fusion)["e"]
    assert at(fusion, 3) == at(fusion, 11) == eva
    assert at(fusion, 1) not in fusion.enrolled
