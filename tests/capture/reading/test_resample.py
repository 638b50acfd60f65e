"""Another sample rate: in step with the input, and exactly as long."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture import StreamResampler


@pytest.mark.parametrize("to", [8000, 11025, 44100, 48000])
@pytest.mark.parametrize("step", [7, 1600, 40000])
def test_a_click_stays_at_its_time(to: int, step: int) -> None:
    samples = np.zeros(16001, np.float32)
    samples[8000] = 1.0
    resample = StreamResampler(16000, to)
    out = np.concatenate([*(resample(samples[i : i + step]) for i in range(0, len(samples), step)), resample.flush()])
    assert len(out) == round(16001 * to / 16000)
    assert abs(int(np.argmax(np.abs(out))) - to / 2) <= 1


def test_the_same_rate_changes_nothing() -> None:
    samples = np.random.default_rng(0).normal(0, 1, 100).astype(np.float32)
    resample = StreamResampler(16000, 16000)
    assert resample(samples) is samples
    assert len(resample.flush()) == 0


def test_no_sound_gives_none() -> None:
    assert len(StreamResampler(16000, 48000).flush()) == 0


@settings(max_examples=12, deadline=None)
@given(st.sampled_from([16000, 22050, 44100, 48000]), st.lists(st.integers(1, 5000), min_size=1, max_size=8))
def test_resampling_does_not_see_the_blocks(rate: int, cuts: list[int]) -> None:
    sound = np.sin(2 * np.pi * 440 * np.arange(rate) / rate).astype(np.float32)
    edges = np.unique(np.clip(np.cumsum(cuts), 0, len(sound)))
    stream = StreamResampler(rate, 16000)
    parts = np.concatenate([stream(part) for part in np.split(sound, edges)])
    whole = StreamResampler(rate, 16000)(sound)
    assert len(parts) > 15900
    assert np.abs(parts - whole[: len(parts)]).max() < 1e-6
    true = np.sin(2 * np.pi * 440 * np.arange(len(parts)) / 16000)
    assert np.abs(parts[400:] - true[400:]).max() < 0.02
