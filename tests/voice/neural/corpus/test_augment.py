import numpy as np
import pytest

from voice.neural.corpus import augment

RATE = 16000
SAME_LENGTH = [augment.noise, augment.babble, augment.street, augment.room, augment.telephone, augment.microphone]


def speech(seconds: float = 1.0) -> np.ndarray:
    at = np.arange(round(seconds * RATE)) / RATE
    return (0.2 * np.sin(2 * np.pi * 440 * at) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * at))).astype(np.float32)


@pytest.mark.parametrize("change", SAME_LENGTH)
def test_a_change_keeps_length_range_and_seed(change: augment.Change) -> None:
    sound = speech()
    changed = change(sound, 7)
    assert changed.shape == sound.shape
    assert changed.dtype == np.float32
    assert np.isfinite(changed).all()
    assert np.abs(changed).max() <= 1.0
    assert np.array_equal(changed, change(sound, 7))
    assert np.corrcoef(changed, sound)[0, 1] > 0.5
    assert not np.allclose(changed, sound, atol=1e-4)


@pytest.mark.parametrize("change", SAME_LENGTH)
def test_silence_stays_finite(change: augment.Change) -> None:
    assert np.isfinite(change(np.zeros(4000, np.float32), 0)).all()


@pytest.mark.parametrize("snr", [0.0, 10.0, 20.0])
def test_noise_lies_as_far_below_the_speech_as_asked(snr: float) -> None:
    sound = speech()
    rest = augment.noise(sound, 1, snr) - sound
    assert 10 * np.log10(np.mean(sound**2) / np.mean(rest**2)) == pytest.approx(snr, abs=0.1)


def test_a_telephone_lets_nothing_high_through() -> None:
    hiss = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)
    power = np.abs(np.fft.rfft(augment.telephone(hiss, 0))) ** 2
    assert power[5000:].sum() < 0.02 * power.sum()


def test_faster_speech_is_shorter_at_the_same_pitch() -> None:
    sound = speech(2.0)
    fast = augment.faster(sound, 0)
    assert len(fast) == int(len(sound) / 1.25)
    peak = np.argmax(np.abs(np.fft.rfft(fast))) * RATE / len(fast)
    assert peak == pytest.approx(440, abs=5)


def test_one_in_three_is_left_as_it_is() -> None:
    sound = speech(0.1)
    same = sum(augment.augmented(sound, seed) is sound for seed in range(200))
    assert 40 < same < 100
