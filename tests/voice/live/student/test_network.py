"""What a step sees, and what describes a voice."""

from __future__ import annotations

import numpy as np
import pytest

from voice.live.student import CEPSTRA, PAST, STEP, VOICE, stacked, voice_of


def test_a_step_sees_itself_and_what_is_around_it() -> None:
    frames = np.arange(20 * CEPSTRA, dtype=np.float32).reshape(20, CEPSTRA)
    seen = stacked(frames).reshape(10, -1, CEPSTRA)
    assert np.array_equal(seen[4][PAST : PAST + STEP], frames[8:10])
    assert np.array_equal(seen[4][:PAST], frames[3:8])
    assert np.array_equal(seen[4][PAST + STEP :], frames[10:12])
    assert not seen[0][:PAST].any()
    assert not seen[-1][PAST + STEP :].any()


def features(hertz: float) -> np.ndarray:
    out = np.random.default_rng(0).normal(0, 0.3, (200, 20)).astype(np.float32)
    out[:, 0] += 2.0
    out[:, 18] = np.log2(256 * hertz * 1.1 ** np.sin(np.arange(200) / 9) / 16000) - 1.5
    out[:, 19] = 0.4
    return out


def test_a_voice_is_its_cepstra_and_where_its_pitch_lies() -> None:
    voice = voice_of(features(180.0))
    assert voice.code.shape == (VOICE,)
    assert np.exp(voice.pitch.median) == pytest.approx(180.0, rel=0.05)
    assert 0.03 < voice.pitch.deviation < 0.2


def test_silence_is_no_voice() -> None:
    silent = features(180.0)
    silent[:, 19] = -0.4
    with pytest.raises(ValueError, match="too little speech"):
        voice_of(silent)
