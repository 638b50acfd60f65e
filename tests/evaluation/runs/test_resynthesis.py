"""The measures of resynthesis say what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.runs.resynthesis import melody, offsets, plain
from timeline import Word


def words(text: str, late: float = 0.0) -> list[Word]:
    return [Word(start=1.0 + i + late, end=1.5 + i + late, text=each) for i, each in enumerate(text.split())]


def test_only_words_that_are_in_both_have_an_offset() -> None:
    assert offsets(words("we met by the river"), words("we met by the river", 0.05)) == pytest.approx([0.05] * 5)
    assert offsets(words("we met by the river"), words("We, met at the river.")) == pytest.approx([0.0] * 4)
    assert offsets(words("we"), words("they")) == []


def test_letters_alone_are_compared() -> None:
    assert plain("It's five-ish, OK?") == "it's five ish ok"


def test_a_melody_is_like_itself_in_any_key() -> None:
    hz = 130 * np.exp(0.2 * np.sin(np.linspace(0, 8, 32000)))

    def sung(ratio: float) -> np.ndarray:
        phase = 2 * np.pi * np.cumsum(hz * ratio) / 16000
        return (0.1 * sum(np.cos(k * phase) / k for k in range(1, 8))).astype(np.float32)

    assert melody(sung(1.0), sung(1.4)) > 0.95
    assert np.isnan(melody(sung(1.0), np.zeros(32000, np.float32)))
