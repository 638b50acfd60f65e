"""Quotes: who said a word, and silence for those who have not agreed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from redaction import assign_words, redact_unquoted
from timeline import Person, Recording, Segment, Timeline, Turn, Word, union


def word(start, end, text="w", person=None):
    return Word(start=start, end=end, text=text, person=person)


def turn(start, end, person, confidence=0.5):
    return Turn(start=start, end=end, person=person, confidence=confidence)


A, B = Person(id="a", pseudonym="A"), Person(id="b", pseudonym="B", quoted=False)


def test_each_word_goes_to_the_turn_with_most_of_it():
    turns = [turn(0, 1, "a"), turn(0.9, 2, "b"), turn(2, 2.5, "a", 0.1), turn(2, 2.5, "b", 0.9)]
    words = [word(0.7, 1.0), word(0.95, 1.3), word(2.1, 2.2), word(3, 3.2), word(0.5, 0.5)]
    assert [w.person for w in assign_words(words, turns)] == ["a", "b", "b", None, "a"]


def test_a_long_turn_over_short_ones_is_found():
    turns = [turn(0, 100, "a"), turn(1, 2, "b"), turn(3, 4, "b")]
    assert assign_words([word(50, 51)], turns)[0].person == "a"


def test_unquoted_words_go_and_their_turns_are_silent():
    turns = [turn(0, 2, "a"), turn(2.5, 5, "b")]
    words = [word(0.1, 0.4, "hello", "a"), word(2.6, 3.0, "secret", "b"), word(6, 6.2, "nobody", None)]
    kept, cuts = redact_unquoted(words, [A, B], turns)
    assert [w.text for w in kept] == ["hello"]
    assert all(c.operator == "silence" and c.kind == "word" for c in cuts)
    assert any(c.start <= 2.5 and c.end >= 5 and c.person == "b" for c in cuts)
    # Nobody knows whose it is: it may be B's.
    assert any(c.start <= 6 and c.end >= 6.2 and c.person is None for c in cuts)
    assert "secret" not in repr(cuts)


def test_a_word_of_somebody_quoted_inside_an_unquoted_turn_may_be_the_others():
    kept, _ = redact_unquoted([word(1, 2, "x", "a")], [A, B], [turn(0, 3, "a"), turn(1.2, 3, "b")])
    assert kept == []


def test_nothing_changes_when_everybody_may_be_quoted():
    words = [word(0, 1, "x", "a"), word(3, 4, "y", None)]
    assert redact_unquoted(words, [A], [turn(0, 1, "a")]) == (words, [])


def test_replace_leaves_one_placeholder_for_each_stretch():
    words = [word(0, 0.3, "x", "b"), word(0.4, 0.8, "y", "b"), word(5, 6, "z", "a")]
    kept, cuts = redact_unquoted(words, [A, B], [turn(0, 1, "b"), turn(5, 6, "a")], replace=True)
    assert [w.text for w in kept] == ["[UNQUOTED]", "z"]
    Timeline(recording=Recording(duration=6), people=[A, B], words=kept, redactions=cuts)


def test_somebody_missing_among_the_people_is_not_quoted():
    kept, cuts = redact_unquoted([word(0, 1, "x", "ghost")], [A], [turn(0, 1, "ghost")])
    assert kept == []
    assert cuts[0].person is None


spans = st.tuples(st.floats(0, 20), st.floats(0, 3))


@settings(deadline=None)
@given(st.lists(st.tuples(spans, st.sampled_from("ab")), max_size=8), st.lists(spans, max_size=8))
def test_nothing_of_an_unquoted_person_is_left(turns, words):
    ts = [turn(s, s + d, p) for (s, d), p in turns]
    ws = assign_words([word(s, s + d, f"w{i}") for i, (s, d) in enumerate(words)], ts)
    kept, cuts = redact_unquoted(ws, [A, B], ts)
    silent = union(Segment(c.start, c.end) for c in cuts)
    for t in ts:
        if t.person == "b" and t.end > t.start:
            assert any(s.start <= t.start and s.end >= t.end for s in silent)
    assert all(w.person == "a" for w in kept)
    Timeline(recording=Recording(duration=30), people=[A, B], turns=ts, words=kept, redactions=cuts)
