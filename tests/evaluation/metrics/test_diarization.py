"""The measures of who spoke when, on cases whose answer is known."""

import numpy as np
import pytest

from diarization import Fusion
from evaluation.metrics.diarization import der, grid, jer, own_voice, right_person
from timeline import Person, Turn
from voice import VoiceSettings

TRUTH = [(0.0, 4.0, "ann"), (4.0, 10.0, "bob")]


def turn(start, end, person):
    return Turn(start=start, end=end, person=person)


def person(id, name=None):
    known = name is not None
    return Person(id=id, name=name, pseudonym=id, registered=known, seen=False, heard=known, quoted=True)


def test_each_part_of_the_error_counts_where_it_belongs():
    given = [turn(0, 3, "S1"), turn(4, 9, "S2"), turn(9, 10, "S1"), turn(11, 12, "S2")]
    score = der(TRUTH, given, 12)
    assert (score.missed, score.false_alarm, score.confusion) == pytest.approx((0.1, 0.1, 0.1))
    assert score.der == pytest.approx(0.3)


def test_a_collar_forgives_edges_on_each_side():
    given = [turn(0, 4.2, "S1"), turn(4.2, 10, "S2")]
    assert der(TRUTH, given, 10).der == pytest.approx(0.02)
    assert der(TRUTH, given, 10, 0.25).der == 0


def test_jaccard_weighs_every_speaker_alike():
    truth = [(0.0, 9.0, "ann"), (9.0, 10.0, "bob")]
    assert jer(truth, [turn(0, 10, "S1")], 10) == pytest.approx((0.1 + 1.0) / 2)
    assert jer(truth, [turn(0, 9, "S1"), turn(9, 10, "S2")], 10) == pytest.approx(0)


def test_right_names_and_wrong_ones():
    fusion = Fusion(
        people=[person("p1", "ann"), person("p2")],
        turns=[turn(0, 5, "p1"), turn(5, 10, "p2")],
        track_person={},
        enrolled={"p1": "ann"},
    )
    right, wrong = right_person(TRUTH, fusion, ["ann"], 10)
    assert right == pytest.approx(0.9)
    assert wrong == pytest.approx(0.1)


def test_only_speech_that_counts_is_judged():
    fusion = Fusion(people=[person("p2")], turns=[turn(0, 10, "p2")], track_person={}, enrolled={})
    off = np.zeros_like(grid(TRUTH, ["ann", "bob"], 10))
    assert np.isnan(right_person(TRUTH, fusion, ["ann"], 10, off)[0])
    off[600:800, 1] = True
    assert right_person(TRUTH, fusion, ["ann"], 10, off) == (1.0, 0.0)


def test_a_strangers_own_voice_and_a_known_one_that_is_lost():
    people = [person("p1", "ann"), person("p2")]
    late = Fusion(people, [turn(0, 5, "p1"), turn(5, 10, "p2")], {}, {"p1": "ann"})
    assert own_voice(TRUTH, late, 10, VoiceSettings.model_construct(guard=0, handover=0)) == pytest.approx((1 / 6, 0.0))
    early = Fusion(people, [turn(0, 3, "p1"), turn(3, 10, "p2")], {}, {"p1": "ann"})
    assert own_voice(TRUTH, early, 10, VoiceSettings.model_construct(guard=0, handover=0)) == pytest.approx(
        (0.0, 1 / 4)
    )
    doubt = Fusion(people, [turn(0, 5, "p1"), turn(5, 10, "p2")], {}, {"p1": "ann"}, (turn(3, 5, "p2"),))
    assert own_voice(TRUTH, doubt, 10, VoiceSettings.model_construct(guard=0, handover=0)) == pytest.approx(
        (0.0, 1 / 4)
    )
