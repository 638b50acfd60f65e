"""The laws of fusion, with tracks and voices made from a truth."""

from dataclasses import replace

import numpy as np
import pytest
from fusion_scenes import (
    ALL,
    LONG,
    NONE,
    RULES,
    TALK,
    VOICES,
    Answers,
    Gallery,
    at,
    by_turn,
    diarization,
    face,
    known,
    spans,
    speaking,
    turn,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

from diarization import Diarization, DiarizationSettings, EnrolledPerson, fuse
from diarization.fusion.identification import identify, probability
from diarization.settings import FusionSettings
from timeline import Segment, subtract, total

COVERS = ("diarization.fusion.assignment",)


def test_lips_and_turns_that_agree_make_one_person():
    fusion = fuse(diarization(), [speaking(0), speaking(1), speaking(2)], None, {})
    assert len(fusion.people) == 3
    for (start, _), person in by_turn(fusion).items():
        who = next(w for a, _, w in TALK if a == start)
        assert fusion.track_person[f"t{who + 1}"] == person
    assert all(t.evidence.lips > 0.8 and t.evidence.face is None for t in fusion.turns)


@settings(max_examples=20, deadline=None)
@given(st.permutations([0, 1, 2]), st.permutations([0, 1, 2]), st.integers(0, 2**31))
def test_order_of_tracks_and_names_of_clusters_do_not_matter(tracks, clusters, seed):
    rng = np.random.default_rng(seed)
    talk = [(a, b, clusters[w]) for a, b, w in TALK]
    people = {"e": EnrolledPerson("Eva", ALL)}
    noisy = [speaking(w, enrolled="e" if w == 1 else None) for w in tracks]
    noisy = [
        t.with_speaking(t.speaking_times, np.clip(t.speaking + rng.normal(0, 0.2, t.times.size), 0, 1)) for t in noisy
    ]
    fusion = fuse(diarization(talk), noisy, None, people)
    assert [p.id for p in fusion.people] == ["p1", "p2", "p3"]
    assert [p.name for p in fusion.people] == [None, "Eva", None]
    assert fusion.track_person == {"t1": "p1", "t2": "p2", "t3": "p3"}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 25), st.integers(1, 30), st.floats(0, 1), st.sampled_from([None, "f"]))
@example(3, 5, 1.0, None)  # whose lips are open in every sentence: the others' confidence falls by .0004
def test_a_face_that_has_nothing_to_do_with_it_changes_nobody(start, length, level, enrolled):
    """Somebody who is on screen with everybody else and whose lips do what they like, but not in time."""
    people = {"e": EnrolledPerson("Eva", ALL), "f": EnrolledPerson("Finn", ALL)}
    tracks = [speaking(w, enrolled="e" if w == 1 else None) for w in range(3)]
    more = face("t9", start, start + length, still=level, enrolled=enrolled, look=7)
    before = fuse(diarization(), tracks, None, people)
    after = fuse(diarization(), [*tracks, more], None, people)
    assert len(after.turns) == len(before.turns)
    for old, new in zip(before.turns, after.turns, strict=True):
        assert (old.start, old.end, old.evidence) == (new.start, new.end, new.evidence)
        assert new.confidence == pytest.approx(old.confidence, abs=0.005)
        mine = {t for t, p in before.track_person.items() if p == old.person}
        assert mine == {t for t, p in after.track_person.items() if p == new.person}


def test_a_person_heard_off_camera_keeps_the_name_the_lips_gave():
    only_first_turn = face("t1", 0, 5, [(0, 4)], enrolled="e")
    fusion = fuse(diarization(), [only_first_turn, speaking(1)], None, {"e": EnrolledPerson("Eva", ALL)})
    eva = known(fusion)["e"]
    assert {by_turn(fusion)[span] for span in spans(0)} == {eva}
    late = next(t for t in fusion.turns if t.start == 20)
    assert late.evidence.lips is None
    assert late.confidence > 0.5


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_a_face_that_merely_moves_is_not_given_an_off_screen_voice(level):
    moving = face("t1", 0, 30, still=level, enrolled="e")
    fusion = fuse(diarization(), [moving], None, {"e": EnrolledPerson("Eva", ALL)})
    assert fusion.track_person["t1"] not in {t.person for t in fusion.turns}
    assert not any(p.heard for p in fusion.people if p.id in {t.person for t in fusion.turns})


def test_two_faces_that_fit_alike_are_a_tie():
    fusion = fuse(diarization(), [speaking(0), face("t9", 0, 30, spans(0))], None, {})
    first = by_turn(fusion)[0, 4]
    assert first not in fusion.track_person.values()


def test_a_seen_tie_with_somebody_who_refused_is_not_quoted():
    people = {"e": EnrolledPerson("Eva", NONE)}
    fusion = fuse(diarization(), [speaking(0), face("t9", 0, 30, spans(0), enrolled="e")], None, people)
    assert not next(p for p in fusion.people if p.id == by_turn(fusion)[0, 4]).quoted


def test_two_clusters_of_one_enrolled_person_are_one():
    talk = [(0, 4, 0), (4, 8, 1), (8, 12, 2)]
    gallery = Gallery({"e": {0: 0.8, 2: 0.7}})
    fusion = fuse(diarization(talk), [], gallery, {"e": EnrolledPerson("Eva", ALL)})
    eva = known(fusion)["e"]
    assert by_turn(fusion) == {(0, 4): eva, (4, 8): by_turn(fusion)[4, 8], (8, 12): eva}
    assert len(fusion.people) == 2


def test_two_who_talk_at_once_are_not_one_person_whatever_their_voices():
    talk = [(0, 6, 0), (1, 5, 1)]
    gallery = Gallery({"e": {0: 0.8, 1: 0.7}})
    fusion = fuse(diarization(talk), [], gallery, {"e": EnrolledPerson("Eva", ALL)})
    assert len(fusion.people) == 2
    assert len(fusion.enrolled) == 1
    assert by_turn(fusion)[0, 6] == known(fusion)["e"]


def test_tracks_of_one_face_are_one_person_over_time_and_two_at_once_are_two():
    a, b = face("t1", 0, 10, look=0), face("t2", 12, 30, look=0)
    c = face("t3", 5, 20, look=0)
    fusion = fuse(diarization([(0, 1, 0)]), [a, b], None, {})
    assert fusion.track_person["t1"] == fusion.track_person["t2"]
    fusion = fuse(diarization([(0, 1, 0)]), [a, c], None, {})
    assert fusion.track_person["t1"] != fusion.track_person["t3"]


def in_place(track, x, side=60.0):
    return replace(track, boxes=np.tile(np.array([x, 100.0, side, side], np.float32), (len(track.times), 1)))


def test_a_face_that_is_found_twice_in_one_place_is_one_person():
    once = in_place(face("t1", 0, 20, look=0), 100)
    again = in_place(face("t2", 10, 30, look=0), 110, side=50.0)
    beside = in_place(face("t3", 10, 30, look=0), 400)
    assert len(fuse(diarization(), [once, again], None, {}).people) == 4
    assert len(fuse(diarization(), [once, beside], None, {}).people) == 5


def test_lips_that_fit_as_chance_has_it_join_nobody_and_the_report_says_so():
    def partly(who):
        spoken = [(a, a + 0.45 * (b - a)) for a, b in spans(who, LONG)]
        return face(f"t{who + 1}", 0, 60, spoken, look=who, still=0.3, lively=0.62)

    fusion = fuse(diarization(LONG), [partly(0), partly(1)], None, {})
    assert fusion.notes
    assert not {t.person for t in fusion.turns} & set(fusion.track_person.values())


def muddled(enrolled):
    """Two whose lips fit their voices a little, a stranger whose lips rest, and the voices of all three."""
    shown = []
    for k, id in enumerate(enrolled):
        spoken = [(a, a + 0.45 * (b - a)) for a, b in spans(k, LONG)]
        shown.append(face(f"t{k + 1}", 0, 60, spoken, id, look=k, still=0.3, lively=0.62))
    people = {id: EnrolledPerson(id.title(), ALL) for id in ("ann", "bob")}
    gallery = Gallery({"ann": {0: 0.7}, "bob": {1: 0.7}})
    stranger = face("t3", 0, 60, look=2, still=0.3)
    return fuse(diarization(LONG), [*shown, stranger], gallery, people)


def test_where_lips_tell_nothing_the_last_voice_and_the_last_face_are_one_stranger():
    fusion = muddled(["ann", "bob"])
    assert len(fusion.people) == 3
    stranger = fusion.track_person["t3"]
    assert at(fusion, 13) == stranger
    assert stranger not in fusion.enrolled


def test_two_silent_faces_leave_it_open_whose_the_last_voice_is():
    fusion = muddled(["ann", None])
    assert at(fusion, 13) not in fusion.track_person.values()


def test_where_lips_tell_one_face_that_fits_a_little_is_used():
    clear = fuse(diarization(), [speaking(0), speaking(1), speaking(2)], None, {})
    assert not clear.notes
    assert len(clear.people) == 3


def test_two_tracks_on_screen_cannot_both_be_an_enrolled_person():
    tracks = [face("t1", 0, 10, enrolled="e", look=0), face("t2", 0, 10, enrolled="e", look=1)]
    fusion = fuse(diarization([(20, 21, 0)]), tracks, None, {"e": EnrolledPerson("Eva", ALL)})
    assert fusion.track_person["t1"] != fusion.track_person["t2"]
    assert len(fusion.enrolled) == 1


def test_voice_and_recognised_face_of_one_person_are_joined_without_lips():
    quiet = face("t1", 0, 30, enrolled="e")
    people = {"e": EnrolledPerson("Eva", ALL)}
    fusion = fuse(diarization(), [quiet], Gallery({"e": {0: 0.8}}), people)
    assert fusion.track_person["t1"] == by_turn(fusion)[0, 4] == known(fusion)["e"]


def test_a_voice_that_is_not_theirs_is_not_given_to_a_recognised_face_though_lips_move():
    people = {"e": EnrolledPerson("Eva", ALL)}
    fusion = fuse(diarization(), [speaking(0, enrolled="e")], Gallery({"e": {0: 0.05}}), people)
    speaker = next(p for p in fusion.people if p.id == by_turn(fusion)[0, 4])
    assert not speaker.registered
    assert not speaker.heard
    assert known(fusion)["e"] == fusion.track_person["t1"]


@pytest.mark.parametrize(("first", "second"), [(0.41, 0.0), (0.6, 0.55)])
def test_too_little_likeness_and_ties_are_unknown(first, second):
    gallery = Gallery({"e": {0: first}, "f": {0: second}})
    people = {"e": EnrolledPerson("Eva", ALL), "f": EnrolledPerson("Finn", ALL)}
    fusion = fuse(diarization(), [], gallery, people)
    assert fusion.enrolled == {}
    assert all(not p.heard and p.name is None for p in fusion.people)


def test_too_little_speech_names_nobody():
    fusion = fuse(diarization([(0, 1, 0)]), [], Gallery({"e": {0: 0.9}}), {"e": EnrolledPerson("Eva", ALL)})
    assert fusion.enrolled == {}


def test_suspicion_is_enough_not_to_quote_and_not_enough_to_let_be_heard():
    for answers, quoted in ((NONE, False), (ALL, True)):
        fusion = fuse(diarization(), [], Gallery({"e": {0: 0.35}}), {"e": EnrolledPerson("Eva", answers)})
        speaker = next(p for p in fusion.people if p.id == by_turn(fusion)[0, 4])
        assert (speaker.registered, speaker.heard, speaker.quoted) == (False, False, quoted)


def test_a_doubtful_turn_of_somebody_who_may_be_heard_is_nobodys():
    doubtful = diarization()
    doubtful.turns[2] = turn(9, 12, 0, sure=0.3)
    people = {"e": EnrolledPerson("Eva", ALL)}
    fusion = fuse(doubtful, [], Gallery({"e": {0: 0.8}}), people)
    eva = known(fusion)["e"]
    assert by_turn(fusion)[0, 4] == eva
    other = next(p for p in fusion.people if p.id == by_turn(fusion)[9, 12])
    assert other.id != eva
    assert (other.registered, other.heard, other.seen, other.name) == (False, False, False, None)
    assert other.quoted
    refused = fuse(doubtful, [], Gallery({"e": {0: 0.8}, "f": {1: 0.8}}), {**people, "f": EnrolledPerson("Finn", NONE)})
    assert not next(p for p in refused.people if p.id == by_turn(refused)[9, 12]).quoted


def test_a_doubtful_turn_does_not_bear_the_name_of_somebody_who_may_only_be_named():
    doubtful = diarization()
    doubtful.turns[2] = turn(9, 12, 0, sure=0.3)
    only_named = Answers(seen=False, heard=False, quoted=True, named=True)
    fusion = fuse(doubtful, [], Gallery({"e": {0: 0.8}}), {"e": EnrolledPerson("Eva", only_named)})
    names = {person.id: person.name for person in fusion.people}
    assert names[by_turn(fusion)[0, 4]] == "Eva"
    assert names[by_turn(fusion)[9, 12]] is None


@pytest.mark.parametrize(
    "answers", [ALL, NONE, Answers(heard=False), Answers(named=False), Answers(seen=False), Answers(quoted=False)]
)
def test_answers_stand_in_the_document(answers):
    fusion = fuse(diarization(), [], Gallery({"e": {0: 0.8}}), {"e": EnrolledPerson("Eva", answers)})
    eva = next(p for p in fusion.people if p.id == known(fusion)["e"])
    assert (eva.seen, eva.heard, eva.quoted) == (answers.seen, answers.heard, answers.quoted)
    assert eva.name == ("Eva" if answers.named else None)
    assert eva.registered


def test_all_pseudonyms_look_alike_and_strangers_can_be_left_unquoted():
    fusion = fuse(diarization([(5, 9, 0)]), [face("t1", 0, 30, look=0)], None, {})
    assert [p.pseudonym for p in fusion.people] == ["Speaker 1", "Speaker 2"]
    strict = DiarizationSettings(fusion=FusionSettings(stranger_quoted=False))
    assert not any(p.quoted for p in fuse(diarization(), [], None, {}, strict).people)


def test_templates_of_another_model_name_nobody():
    gallery = Gallery({"e": {0: 0.9}})
    gallery.model = "other"
    assert fuse(diarization(), [], gallery, {"e": EnrolledPerson("Eva", ALL)}).enrolled == {}


def test_nobody_and_nothing():
    empty = Diarization([], {}, [], "v")
    assert fuse(empty, [], None, {}).people == []
    assert len(fuse(empty, [face("t1", 0, 3, look=0)], None, {}).people) == 1


def test_a_passing_blur_is_nobody():
    fusion = fuse(diarization([(5, 9, 0)]), [face("t1", 0, 30), face("t2", 0, 1, look=0)], None, {})
    assert fusion.track_person == {}
    assert len(fusion.people) == 1


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 8), st.integers(0, 3), st.floats(0, 1)), max_size=12),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20), st.sampled_from([None, "e", "f"])), max_size=5),
    st.lists(st.floats(-0.2, 0.9), min_size=8, max_size=8),
)
def test_no_right_without_grounds(talk, shown, cosines):
    """Whatever comes in: every turn and track has a person, and rights are those of one enrolled person, used once."""
    turns = [turn(a, a + n, w, sure) for a, n, w, sure in talk]
    voices = Diarization(
        sorted(turns, key=lambda t: t.start), {t.person: VOICES[int(t.person[1:]) - 1] for t in turns}, [], "v"
    )
    tracks = [face(f"t{i}", a, a + n, [(a, a + n / 2)], enrolled=who) for i, (a, n, who) in enumerate(shown)]
    gallery = Gallery({"e": dict(enumerate(cosines[:4])), "f": dict(enumerate(cosines[4:]))})
    people = {"e": EnrolledPerson("Eva", ALL), "f": EnrolledPerson("Finn", NONE)}
    fusion = fuse(voices, tracks, gallery, people)
    ids = [p.id for p in fusion.people]
    assert ids == [f"p{i + 1}" for i in range(len(ids))]
    spoken, given = ([Segment(t.start, t.end) for t in some] for some in (turns, fusion.turns))
    assert total(subtract(spoken, given)) <= 0.2 * len(turns)  # moved or cut, but for slivers not lost
    assert {t.person for t in fusion.turns} <= set(ids)
    assert set(fusion.track_person) <= {t.id for t in tracks}
    assert len(set(fusion.enrolled.values())) == len(fusion.enrolled)
    for person in fusion.people:
        assert person.registered == (person.id in fusion.enrolled)
        assert not (person.heard or person.seen or person.name) or fusion.enrolled[person.id] == "e"
    for said in fusion.turns:
        if said.person in fusion.enrolled and fusion.enrolled[said.person] == "e":
            assert said.confidence >= RULES.min_confidence


@pytest.mark.parametrize("seed", range(12))
def test_a_face_that_moves_by_chance_is_not_given_an_off_screen_voice(seed):
    """A listener chews and smiles now and then; that some of it meets the voice's turns is no evidence."""
    rng = np.random.default_rng(seed)
    bursts = [(start, start + rng.uniform(1, 4)) for start in np.cumsum(rng.uniform(3, 9, 12))]
    moving = face("t1", 0, 60, bursts, enrolled="e")
    fusion = fuse(diarization(LONG), [moving], None, {"e": EnrolledPerson("Eva", ALL)})
    assert not any(p.heard for p in fusion.people if p.id in {t.person for t in fusion.turns})


def test_lips_that_move_while_others_talk_never_give_their_name_to_another_voice():
    """With the own turns left out of the comparison, such a face fits the other voice better than its own."""
    found = diarization(LONG)
    other = 0.2 * VOICES[0] + np.sqrt(1 - 0.2**2) * VOICES[1]  # could be the same person's
    found = replace(found, embeddings={**found.embeddings, "S2": other.astype(np.float32)})
    own, others = spans(0, LONG), spans(1, LONG)
    for share in np.linspace(0, 1, 11):
        moves = [*own, *((a, a + share * (b - a)) for a, b in others)]
        fusion = fuse(found, [face("t1", 0, 60, moves, enrolled="e")], None, {"e": EnrolledPerson("Eva", ALL)})
        named = {turn.person for turn in fusion.turns if turn.person in fusion.enrolled}
        assert at(fusion, others[0][0] + 0.5) not in named, share


def test_who_may_have_spoken_has_no_turn_and_what_they_did_not_agree_to_is_withheld():
    doubt = (turn(1, 3, 1, overlap=True), turn(5, 6, 7, overlap=True))
    plain = fuse(diarization(LONG), [], None, {})
    fusion = fuse(replace(diarization(LONG), possible=doubt), [], None, {})
    assert fusion.turns == plain.turns
    assert [(t.start, t.end) for t in fusion.possible] == [(1, 3), (5, 6)]
    assert fusion.possible[0].person == at(fusion, 5)
    nobody = next(p for p in fusion.people if p.id == fusion.possible[1].person)
    assert nobody.id not in {t.person for t in fusion.turns}  # a voice without a turn is nobody's we know
    assert not nobody.heard
    assert len(fusion.withheld) == len(fusion.turns) + 2
    assert [t.start for t in fusion.withheld] == sorted(t.start for t in fusion.withheld)


def test_probability_is_even_at_the_threshold_and_rises():
    assert probability(RULES.name_similarity, RULES) == pytest.approx(0.5)
    values = [probability(c, RULES) for c in np.linspace(-1, 1, 20)]
    assert values == sorted(values)


def test_nobody_is_identified_without_a_gallery():
    assert identify(VOICES[0], 10, None, RULES).match is None
    assert identify(VOICES[0], 10, Gallery({}), RULES).match is None


@pytest.mark.parametrize(("length", "known_there"), [(0.3, False), (1.2, True)])
def test_lips_do_not_vouch_for_a_doubtful_word_under_somebody_elses(length, known_there):
    """They are smoothed over a third of a second, and listeners move theirs."""
    talk = diarization(LONG)
    talk.turns.append(turn(6, 6 + length, 0, sure=0.4, overlap=True))
    own = face("t1", 0, 60, [*spans(0, LONG), (5.5, 8)], enrolled="e")
    others = face("t2", 0, 60, spans(1, LONG))
    fusion = fuse(talk, [own, others], None, {"e": EnrolledPerson("Eva", ALL)})
    assert (by_turn(fusion)[6, 6 + length] == known(fusion)["e"]) is known_there
