"""The mark follows the speech: it changes levels by a stated amount, and nothing where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.watermark import marked
from voice.watermark.settings import DEPTH, HIGHEST, LOWEST

RATES = st.sampled_from([8000, 16000, 22050, 24000, 44100, 48000])


def noise(count: int, seed: int = 0) -> np.ndarray:
    return (0.1 * np.random.default_rng(seed).standard_normal(count)).astype(np.float32)


@settings(max_examples=30)
@given(RATES, st.integers(0, 20_000), st.integers(0, 10**7))
def test_what_comes_out_is_as_long_as_what_went_in_and_within_full_scale(rate: int, count: int, first: int) -> None:
    out = marked(10.0 * noise(count), rate, first)
    assert out.shape == (count,)
    assert out.dtype == np.float32
    assert np.abs(out).max(initial=0.0) <= 1.0


@given(st.integers(0, 5000), st.integers(0, 10**7))
def test_silence_stays_silence(count: int, first: int) -> None:
    assert not marked(np.zeros(count, np.float32), 16000, first).any()


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.integers(2000, 6000))
def test_speech_marked_in_pieces_is_marked_as_a_whole(first: int, cut: int) -> None:
    """But for the frames at the cut, the pattern goes on where it was."""
    sound = noise(16000)
    whole = marked(sound, 16000, first)
    rest = marked(sound[cut:], 16000, first + cut)
    assert np.allclose(rest[640:], whole[cut + 640 :], atol=1e-6)


@pytest.mark.parametrize("rate", [16000, 24000, 48000])
def test_the_mark_lies_well_below_the_speech_and_only_in_its_bands(rate: int) -> None:
    sound = noise(4 * rate)
    added = marked(sound, rate) - sound
    frequency = np.fft.rfftfreq(len(sound), 1 / rate)
    inside = (frequency > LOWEST) & (frequency < HIGHEST)
    power, own = np.abs(np.fft.rfft(added)) ** 2, np.abs(np.fft.rfft(sound)) ** 2
    below = 10 * np.log10(own[inside].sum() / power[inside].sum())
    # A factor of 10 ** (DEPTH / 20) either way, softened by the frames' overlap.
    assert below == pytest.approx(-20 * np.log10(10 ** (DEPTH / 20) - 1), abs=3.0)
    away = (frequency < LOWEST - 100) | (frequency > HIGHEST + 100)
    assert power[away].sum() < 1e-3 * power[inside].sum()
