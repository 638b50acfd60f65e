"""The envelope warper: with nothing to change it is a delay, and it keeps loudness when formants move."""

from __future__ import annotations

import numpy as np
import pytest

from voice.dsp.envelope import EnvelopeWarper, Samples, loudness_weights

RATE = 16000
NOISE = np.convolve(np.random.default_rng(0).normal(0.0, 0.1, RATE), [1.0, 0.9, 0.5])[:RATE]


def through(warper: EnvelopeWarper, sound: Samples, block: int = RATE) -> Samples:
    parts = [warper(sound[at : at + block]) for at in range(0, len(sound), block)]
    return np.concatenate([*parts, warper(np.zeros(2 * warper.delay))])[warper.lead :][: len(sound)]


def test_an_unchanged_envelope_leaves_the_sound_as_it_is() -> None:
    assert np.allclose(through(EnvelopeWarper(RATE, lambda f, t: f), NOISE), NOISE, atol=1e-6)


def test_blocks_make_no_difference() -> None:
    whole = through(EnvelopeWarper(RATE, lambda f, t: 0.9 * f), NOISE)
    assert np.array_equal(through(EnvelopeWarper(RATE, lambda f, t: 0.9 * f), NOISE, 77), whole)


@pytest.mark.parametrize("ratio", [0.8, 1.25])
def test_moved_formants_keep_the_loudness(ratio: float) -> None:
    moved = through(EnvelopeWarper(RATE, lambda f, t: f / ratio), NOISE)
    weights = loudness_weights(np.fft.rfftfreq(RATE, 1 / RATE))

    def loudness(sound: Samples) -> float:
        return float(np.abs(np.fft.rfft(sound)) ** 2 @ weights)

    assert not np.allclose(moved, NOISE, atol=0.01)
    assert loudness(moved) == pytest.approx(loudness(NOISE), rel=0.1)


def test_a_stream_can_begin_again() -> None:
    warper = EnvelopeWarper(RATE, lambda f, t: 0.9 * f)
    first = through(warper, NOISE)
    warper.reset()
    assert np.array_equal(through(warper, NOISE), first)


def test_silence_stays_silence() -> None:
    assert not through(EnvelopeWarper(RATE, lambda f, t: 0.9 * f), np.zeros(RATE)).any()
