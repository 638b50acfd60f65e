import numpy as np
import pytest

from voice.neural import exported_model
from voice.neural.features import CONTENT, Controls


class Flat:
    """A bundle that says every frame in the same features."""

    class space:  # noqa: N801
        @staticmethod
        def drawn(secret: bytes, person: str) -> np.ndarray:
            return np.zeros(4, np.float32)

    @staticmethod
    def made(given: exported_model.NetworkInput, identity: np.ndarray) -> tuple[str, np.ndarray]:
        at = np.arange(320 * len(given.content)) / 16000
        return "sound", (0.5 * np.sin(2 * np.pi * 200 * at)).astype(np.float32)


def silent_content(sound: np.ndarray) -> np.ndarray:
    return np.zeros((len(sound) // 320, CONTENT), np.float32)


@pytest.mark.parametrize("samples", [0, 100, 16000, 16123])
def test_converted_speech_is_as_long_and_as_loud_as_it_was(samples: int) -> None:
    convert = exported_model.LabConverter(Flat(), silent_content, None)
    sound = (0.1 * np.random.default_rng(0).normal(size=samples)).astype(np.float32)
    made = convert(sound, b"k" * 32, "ann")
    assert made.shape == sound.shape
    if samples > 1000:
        assert np.sqrt(np.mean(made**2)) == pytest.approx(np.sqrt(np.mean(sound**2)), rel=0.05)


@pytest.mark.parametrize("rate", [0.5, 2.0])
def test_the_speaking_rate_decides_how_long_it_takes(rate: float) -> None:
    convert = exported_model.LabConverter(Flat(), silent_content, None)
    assert len(convert(np.zeros(16000, np.float32), b"k" * 32, "ann", Controls(rate=rate))) == round(16000 / rate)
