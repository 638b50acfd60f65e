"""WhisperX beside Whisper: where words may lie, and, where it is installed, whether it hears the same."""

import os
import re
from collections.abc import Callable

import pytest

from evaluation.runs.whisperx import main, placed
from timeline import Word
from weights import Store

PYTHON = os.environ.get("DISCREET_WHISPERX_PYTHON")


def word(start: float, end: float) -> Word:
    return Word(start=start, end=end, text="a")


def test_words_in_order_inside_the_clip_are_placed() -> None:
    assert placed([], 1.0) == 1.0
    assert placed([word(0, 0.5), word(0.5, 0.5), word(0.6, 1.05)], 1.0) == 1.0


def test_words_that_go_back_or_leave_the_clip_are_not() -> None:
    assert placed([word(0.5, 0.6), word(0.2, 0.3), word(0.9, 2.0)], 1.0) == pytest.approx(1 / 3)


@pytest.mark.media
@pytest.mark.skipif(not PYTHON, reason="set DISCREET_WHISPERX_PYTHON to a Python with WhisperX")
def test_whisperx_hears_what_whisper_hears_and_places_every_word(
    store: Store, needs: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    needs(store, "whisper-base")
    main(["--python", str(PYTHON), "--read", "3"])
    said = capsys.readouterr().out
    print(said)
    errors = [float(share) for share in re.findall(r"WER ([\d.]+)", said)]
    assert len(errors) == 4
    assert errors[2] <= errors[0] + 0.1
    assert errors[3] <= errors[1] + 0.1
    assert "aligner of random weights" in said
    assert said.count("100 % at least") == 2
