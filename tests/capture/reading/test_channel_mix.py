"""The one sound of several channels: nothing in it cancels, and it does not depend on how it is read."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.reading.channel_mix import Mix, filter_grid, mixing_band

RATE = 16000
NOISE = np.random.default_rng(2).normal(0, 0.1, RATE).astype(np.float32)


def mixed(mix: Mix, sound: np.ndarray, cuts: list[int] | None = None) -> np.ndarray:  # type: ignore[type-arg]
    blocks = np.split(sound, sorted(min(c, len(sound)) for c in cuts or []))
    return np.concatenate([np.zeros(0, np.float32), *mix(blocks, RATE)])


def middle(sound: np.ndarray) -> float:  # type: ignore[type-arg]
    """RMS away from the edges."""
    return float(np.sqrt(np.mean(sound[2000:-2000].astype(float) ** 2)))


@settings(max_examples=25)
@given(a=st.floats(0.1, 1.0), b=st.floats(0.1, 1.0), opposite=st.booleans(), sign=st.sampled_from([-1.0, 1.0]))
def test_one_voice_in_two_channels_never_cancels_whatever_its_gains(a, b, opposite, sign):  # type: ignore[no-untyped-def]
    b = -b if opposite else b
    loud = middle(mixed(Mix((1.0, 1.0), sign), np.stack([a * NOISE, b * NOISE], axis=1)))
    alone = middle(mixed(Mix((1.0, 1.0), sign), np.stack([NOISE, 0 * NOISE], axis=1)))
    assert np.isclose(loud, np.hypot(a, b) * alone, rtol=0.03)


@settings(max_examples=25)
@given(gains=st.lists(st.sampled_from([-1.0, -0.5, 0.5, 1.0]), min_size=3, max_size=6))
def test_one_voice_in_more_channels_is_never_lost(gains):  # type: ignore[no-untyped-def]
    sound = np.stack([gain * NOISE for gain in gains], axis=1)
    loud = middle(mixed(Mix((1.0,) * len(gains)), sound))
    assert loud > 0.25 * np.linalg.norm(gains) * 0.1


@settings(max_examples=25)
@given(channels=st.integers(1, 3), length=st.integers(1, 6000), cuts=st.lists(st.integers(0, 6000), max_size=5))
def test_as_many_samples_come_out_and_the_same_however_the_sound_is_cut(channels, length, cuts):  # type: ignore[no-untyped-def]
    sound = np.random.default_rng(length).normal(0, 0.1, (length, channels)).astype(np.float32)
    mix = Mix((1.0,) * channels)
    whole, pieces = mixed(mix, sound), mixed(mix, sound, cuts)
    assert len(whole) == length
    assert np.array_equal(whole, pieces)


def test_a_single_channel_is_written_as_it_is() -> None:
    sound = np.stack([NOISE, -NOISE], axis=1)
    assert np.array_equal(mixed(Mix((0.0, 1.0)), sound), -NOISE)
    assert not Mix((0.0, 1.0)).differs


def test_where_channels_are_mixed_nothing_beyond_what_is_listened_to_is_left() -> None:
    frequency = filter_grid(48000)
    share = mixing_band(frequency, 48000)
    assert share[frequency > 8500].max() == 0
    assert share[(frequency > 500) & (frequency < 7000)].min() > 0.99
