"""What Whisper is asked for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from redaction.asr.whisper import Whisper, most_tokens


class Model:
    """Notes what it is asked for and hears nothing."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}

    def transcribe(self, samples: object, **asked: Any) -> tuple[list[Any], Any]:
        self.asked = asked
        return [], SimpleNamespace(all_language_probs=None)


@pytest.mark.parametrize(("seconds", "tokens"), [(0.1, 26), (2.0, 56), (10.0, 184), (24.0, None), (30.0, None)])
def test_a_short_sound_may_become_no_long_text(seconds: float, tokens: int | None) -> None:
    model = Model()
    Whisper(model, 5)(np.zeros(round(16000 * seconds), np.float32), "en")
    assert model.asked["max_new_tokens"] == tokens


def test_the_fastest_speech_fits() -> None:
    """Ten words a second, of a token and a half each."""
    for seconds in range(1, 30):
        most = most_tokens(16000 * seconds)
        assert most is None or most >= 15 * seconds
