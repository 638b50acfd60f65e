"""WhisperX beside Whisper: whether words lie where they can be."""

import pytest

from evaluation.runs.whisperx import placed
from timeline import Word


def word(start: float, end: float) -> Word:
    return Word(start=start, end=end, text="a")


def test_words_in_order_inside_the_clip_are_placed() -> None:
    assert placed([], 1.0) == 1.0
    assert placed([word(0, 0.5), word(0.5, 0.5), word(0.6, 1.05)], 1.0) == 1.0


def test_words_that_go_back_or_leave_the_clip_are_not() -> None:
    assert placed([word(0.5, 0.6), word(0.2, 0.3), word(0.9, 2.0)], 1.0) == pytest.approx(1 / 3)
