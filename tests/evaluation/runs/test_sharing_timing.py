"""The attack on times: what it finds in real times is gone at a constant rate, and its marks can fail."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from evaluation.data.same_text_speakers import Reading, stretches
from evaluation.runs import sharing_timing
from evaluation.runs.sharing_timing import Row, attacked, marks
from timeline import Word
from voice.resynthesis import MODELS
from weights import Store


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    dice = np.random.default_rng(0)
    return list(attacked([_read(f"s{n}", number, n, dice) for number in range(20) for n in range(4)], (1, 5)))


def _read(speaker: str, number: int, slow: int, dice: np.random.Generator) -> Reading:
    pace = 0.2 + 0.1 * slow + float(dice.uniform(0, 0.02))
    words = tuple(Word(start=n * pace, end=(n + 1) * pace, text="word") for n in range(3 + number % 4))
    return Reading(speaker, number, words, stretches(words))


def test_speakers_of_different_pace_are_found_by_real_times_alone(rows: list[Row]) -> None:
    by = {(row.what, row.turns): row.result for row in rows}
    assert by["real times", 5].rank1 > 0.9
    assert by["constant rate", 5].rank1 == pytest.approx(0.25)


@pytest.mark.slow
@pytest.mark.models
def test_the_command_meets_its_marks_with_twenty_voices(monkeypatch: pytest.MonkeyPatch) -> None:
    if not all(map(Store().has, MODELS)):
        pytest.skip("needs the models of resynthesis")
    monkeypatch.setattr(sys, "argv", ["sharing_timing", "--sentences", "60"])
    assert sharing_timing.main() == 0


def test_marks_fail_where_the_constant_rate_is_not_constant(rows: list[Row]) -> None:
    assert all(met for _, met in marks(rows))
    swapped = {"constant rate": "real times", "real times": "constant rate"}
    assert not any(met for _, met in marks([Row(swapped.get(r.what, r.what), r.turns, r.result) for r in rows]))
