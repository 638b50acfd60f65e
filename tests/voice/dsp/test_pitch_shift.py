"""The pitch shifter: a tone moves by the ratio, its loudness stays, whatever blocks it comes in."""

import numpy as np
import pytest

from voice.dsp.pitch_shift import PitchShifter

RATE = 16000
TONE = np.sin(2 * np.pi * 220 * np.arange(RATE) / RATE)


def through(ratio: float, block: int) -> np.ndarray:
    shifter = PitchShifter(RATE, lambda t: ratio, 1.5)
    return np.concatenate([shifter(TONE[at : at + block]) for at in range(0, len(TONE), block)])


def pitch(sound: np.ndarray) -> float:
    middle = sound[len(sound) // 4 : -len(sound) // 4]
    return float(np.argmax(np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 8 * RATE)))) / 8


@pytest.mark.parametrize("ratio", [0.7, 1.0, 1.4])
def test_a_tone_moves_by_the_ratio_and_keeps_its_loudness(ratio: float) -> None:
    shifted = through(ratio, 1600)
    assert pitch(shifted) == pytest.approx(220 * ratio, rel=0.02)
    middle = shifted[len(shifted) // 4 : -len(shifted) // 4]
    assert float(np.sqrt(np.mean(middle**2))) == pytest.approx(np.sqrt(0.5), rel=0.1)


def test_the_size_of_the_blocks_changes_nothing() -> None:
    one, other = through(1.3, 1600), through(1.3, 371)
    length = min(len(one), len(other))
    assert length > RATE // 2
    np.testing.assert_allclose(one[:length], other[:length], atol=1e-9)


def test_reset_forgets_the_stream() -> None:
    shifter = PitchShifter(RATE, lambda t: 1.2, 1.5)
    first = shifter(TONE)
    shifter.reset()
    np.testing.assert_array_equal(shifter(TONE), first)
