"""Interviews: all is equal but the speaker's times."""

from __future__ import annotations

from evaluation.data.interviews import SPEAKER, exported, interview
from evaluation.data.same_text_speakers import Reading, stretches
from sharing.levels import Transcript
from timeline import Word


def reading(pace: float, pause: float) -> Reading:
    words = (
        Word(start=0.2, end=0.2 + pace, text="yes,"),
        Word(start=0.2 + pace + pause, end=0.2 + 2 * pace + pause, text="indeed"),
    )
    return Reading("s", 0, words, stretches(words))


def test_the_answer_begins_at_the_same_time_for_everybody() -> None:
    starts = {next(turn.start for turn in interview(reading(*how)).turns if turn.person == "b") for how in PACES}
    assert len(starts) == 1


def test_a_pause_makes_two_turns_of_the_answer() -> None:
    assert [sum(turn.person == "b" for turn in interview(reading(*how)).turns) for how in PACES] == [1, 2]


def test_only_with_an_interjection_does_somebody_talk_over_the_answer() -> None:
    slow = reading(1.0, 0.0)
    assert not any(turn.overlap for turn in interview(slow).turns)
    assert any(turn.overlap for turn in interview(slow, mhm=True).turns)


def test_at_a_constant_rate_fast_and_slow_speakers_are_the_same() -> None:
    one, two = exported(Transcript({}), [reading(*how) for how in PACES])
    assert one.turns == two.turns
    assert [(word.start, word.end) for word in one.words] == [(word.start, word.end) for word in two.words]
    assert sum(turn.person == SPEAKER for turn in one.turns) == 1


PACES = (0.3, 0.0), (0.6, 0.4)
