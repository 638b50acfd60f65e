"""The own voice is recognised at any delay and level; what is another sound is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.live import OwnVoiceGuard
from voice.live.likeness_guard import likeness
from voice.live.settings import REACH

RATE = 16000
SOUND = np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32)


def caught(own: np.ndarray, made: np.ndarray, block: int = 160) -> bool:
    guard = OwnVoiceGuard(RATE)
    return any(guard(own[i : i + block], made[i : i + block]) for i in range(0, len(own), block))


@settings(max_examples=20)
@given(st.integers(0, round(REACH * RATE)), st.floats(0.05, 2.0), st.sampled_from([-1.0, 1.0]), st.integers(50, 3000))
def test_the_own_voice_is_caught_however_late_and_loud(delay: int, gain: float, sign: float, block: int) -> None:
    late = np.concatenate([np.zeros(delay, np.float32), SOUND])[: len(SOUND)]
    assert caught(SOUND, sign * gain * late, block)


@pytest.mark.parametrize("made", [np.zeros(2 * RATE), np.random.default_rng(1).normal(0, 0.1, 2 * RATE)])
def test_silence_and_other_sounds_are_not_caught(made: np.ndarray) -> None:
    assert not caught(SOUND, made.astype(np.float32))


def test_silence_is_like_nothing() -> None:
    assert likeness(np.zeros(400, np.float32), np.zeros(100, np.float32)) == 0.0
    assert likeness(np.zeros(400, np.float32), SOUND[:100]) == 0.0
    assert likeness(SOUND[:400], SOUND[100:200]) == pytest.approx(1.0)
