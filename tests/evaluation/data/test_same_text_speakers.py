"""Readings of one text: equal words for everybody, and stretches of speech between pauses."""

from __future__ import annotations

import pytest

from evaluation.data.media import MEDIA
from evaluation.data.same_text_speakers import made_speakers, readers, sentences, stretches
from timeline import Word


def words(*times: tuple[float, float]) -> list[Word]:
    return [Word(start=start, end=end, text="word") for start, end in times]


def test_a_pause_cuts_and_a_breath_does_not() -> None:
    found = stretches(words((0.0, 0.5), (0.6, 1.0), (1.3, 2.0)))
    assert [(span.start, span.end) for span in found] == [(0.0, 1.0), (1.3, 2.0)]


def test_there_are_enough_sentences_without_marks_of_what_is_private() -> None:
    found = sentences()
    assert len(set(found)) == len(found) >= 180
    assert not any(mark in "".join(found) for mark in "{}#")
    assert [len(one) for one in found] == sorted(len(one) for one in found)


def test_speakers_are_different_and_spread() -> None:
    names = [f"{letter}{n:02d}" for letter in "abc" for n in range(9)]
    chosen = made_speakers(names, 20)
    assert len(set(chosen)) == 20
    assert {name[0] for name in chosen} == set("abc")


@pytest.mark.media
def test_all_readers_read_the_same_sentences() -> None:
    if not (MEDIA / "voices").is_dir():
        pytest.skip("needs ../shared/media/voices")
    by: dict[str, dict[int, str]] = {}
    for one in readers():
        by.setdefault(one.speaker, {})[one.number] = one.text
        assert all(span.duration > 0 for span in one.speech)
    first, *others = by.values()
    assert len(by) == 4
    assert all(one == first for one in others)
