"""The measures of the live voice find what is there."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.runs.live_voice import alike, levels, onsets
from voice.live import likeness

RATE = 48000


def test_onsets_are_found_where_a_sound_begins() -> None:
    sound = np.zeros(3 * RATE)
    for at in (0.5, 1.2, 2.4):
        sound[round(at * RATE) : round((at + 0.05) * RATE)] = 0.3
    assert onsets(sound, RATE) == pytest.approx([0.5, 1.2, 2.4], abs=0.002)
    assert onsets(np.zeros(RATE), RATE) == []


def test_a_copy_is_alike_and_is_stopped_soon() -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, 48000).astype(np.float32)
    assert "highest 1.00" in alike(sound, sound)
    assert "stopped after 0.0" in alike(sound, sound)
    assert likeness(sound[:4000], sound[1000:3000]) == pytest.approx(1.0)


def test_there_is_a_way_to_convert() -> None:
    assert levels()[-1].name == "warp"
