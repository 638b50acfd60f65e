"""Statistics of melody, rhythm and loudness follow what was played, and nothing of the timbre."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from voice.attacks import PROSODY, prosody


def speech(hz: float, beats: float, tilt: float = 1.0, seconds: float = 3.0) -> npt.NDArray[np.float32]:
    """A hum of so many syllables per second; ``tilt`` is its timbre."""
    t = np.arange(round(16000 * seconds)) / 16000
    phase = 2 * np.pi * np.cumsum(hz * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * t))) / 16000
    hum = sum(np.cos(k * phase) / k**tilt for k in range(1, int(3500 / hz)))
    loud = np.clip(np.sin(2 * np.pi * beats * t), 0.0, 1.0) ** 0.5
    return np.asarray(0.3 * hum * loud / np.abs(hum).max(), np.float32)


def number(name: str, sound: npt.NDArray[np.float32]) -> float:
    return float(prosody(sound)[PROSODY.index(name)])


def test_there_is_a_number_for_each_name() -> None:
    numbers = prosody(speech(140, 3))
    assert numbers.shape == (len(PROSODY),) == (16,)
    assert np.isfinite(numbers).all()


def test_a_higher_voice_has_a_higher_median() -> None:
    step = number("pitch: median", speech(210, 3)) - number("pitch: median", speech(140, 3))
    assert step == pytest.approx(np.log(1.5), abs=0.03)


@pytest.mark.parametrize("beats", [2.0, 3.0, 4.0])
def test_syllables_are_counted(beats: float) -> None:
    assert number("syllables per second", speech(140, beats)) == pytest.approx(beats, rel=0.15)


def test_longer_gaps_are_pauses() -> None:
    assert number("pause: length", speech(140, 1.0)) == pytest.approx(0.5, abs=0.05)
    assert number("pause: length", speech(140, 2.0)) == pytest.approx(0.25, abs=0.05)
    assert number("pauses per second", speech(140, 2.0)) == pytest.approx(2.0)


def test_timbre_hardly_shows() -> None:
    bright, dark = prosody(speech(140, 3, 0.7)), prosody(speech(140, 3, 1.3))
    # What lies between two voices that differ in prosody is far more.
    other = prosody(speech(180, 4))
    assert np.abs(bright[:1] - dark[:1]).max() < 0.02 < np.abs(bright[:1] - other[:1]).max()
    assert bright[14] == pytest.approx(dark[14], rel=0.1)


def test_silence_has_numbers_too() -> None:
    assert np.isfinite(prosody(np.zeros(16000, np.float32))).all()
    assert np.isfinite(prosody(np.zeros(100, np.float32))).all()
