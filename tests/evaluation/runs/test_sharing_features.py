"""The attack on the level: it reads what is exported, and its mark tells a level that links from one that does not."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from evaluation.attacks.linkage import Linked
from evaluation.data.same_text_speakers import Reading, stretches
from evaluation.runs import sharing_features
from evaluation.runs.sharing_features import lost, met, told
from timeline import Word
from voice.resynthesis import MODELS
from weights import Store


def _read(*times: tuple[float, float]) -> Reading:
    words = tuple(Word(start=start, end=end, text="word") for start, end in times)
    return Reading("s", 0, words, stretches(words))


def test_pauses_within_an_answer_are_not_told() -> None:
    one, two = told([_read((0.0, 0.5), (0.5, 1.0)), _read((0.0, 0.5), (1.5, 2.0))])
    assert (one == two).all()


@pytest.mark.parametrize(("hits", "right"), [(20, True), (40, False)])
def test_the_upper_limit_decides(hits: float, right: bool) -> None:
    assert met(Linked(hits, 400, 20, "any")) is right


@pytest.mark.slow
@pytest.mark.models
def test_the_command_meets_its_marks_with_twenty_voices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not all(map(Store().has, (*MODELS, "whisper-base"))):
        pytest.skip("needs the models of resynthesis and Whisper")
    monkeypatch.setattr(sys, "argv", ["sharing_features", "--spoken", "8", "--folder", str(tmp_path)])
    assert sharing_features.main() == 0


def test_words_nobody_hears_are_lost() -> None:
    class Deaf:
        def transcribe(self, audio: object) -> object:
            return type("Heard", (), {"words": ()})

    assert lost(Deaf(), [_read((0.0, 0.5))], [np.zeros(16_000, np.float32)]) == 1.0  # type: ignore[arg-type]
    assert sharing_features.LOST <= 1.0
