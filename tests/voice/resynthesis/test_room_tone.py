"""A room's noise is made anew: at its level, and from no sample of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice import Converter
from voice.resynthesis import SILENT_ROOM, RoomToneConverter
from voice.resynthesis.room_tone import RoomTone, RoomToneMeter
from voice.resynthesis.settings import MOST_TONE

RATE = 16000
HUM = RoomTone((-70.0, -72.0, -75.0, *[-80.0] * 9))


def noise(level: float, seconds: float = 6.0) -> np.ndarray:
    return np.random.default_rng(3).normal(0, level, round(seconds * RATE)).astype(np.float32)


def measured(*blocks: np.ndarray) -> RoomTone:
    meter = RoomToneMeter(RATE)
    for block in blocks:
        meter(block)
    return meter.tone()


@pytest.mark.parametrize("level", [0.0005, 0.002, 0.006])
def test_the_noise_has_the_level_of_the_room(level: float) -> None:
    made = RoomToneConverter(measured(noise(level)), RATE)(np.zeros(3 * RATE, np.float32))
    assert 20 * np.log10(made.std() / level) == pytest.approx(0.0, abs=2.0)


def test_speech_over_the_noise_does_not_count() -> None:
    loud = noise(0.001)
    loud[RATE : 4 * RATE] += 0.1 * np.sin(np.arange(3 * RATE) * 0.1).astype(np.float32)
    assert measured(loud).rms == pytest.approx(measured(noise(0.001)).rms, rel=0.5)


def test_music_is_no_room() -> None:
    assert measured(noise(0.2)).rms <= MOST_TONE * 1.01


def test_silence_stays_silence() -> None:
    assert measured(np.zeros(RATE, np.float32)).rms < 1e-8
    assert measured() == SILENT_ROOM
    assert np.abs(RoomToneConverter(SILENT_ROOM, RATE)(np.ones(RATE, np.float32))).max() < 1e-6


@given(st.lists(st.integers(0, 9000), max_size=5))
def test_cuts_change_nothing_and_nothing_of_what_comes_in_comes_out(cuts: list[int]) -> None:
    whole = RoomToneConverter(HUM, RATE)(np.zeros(9000, np.float32))
    speech = np.random.default_rng(0).normal(0, 0.3, 9000).astype(np.float32)
    converter = RoomToneConverter(HUM, RATE)
    parts = [converter(part) for part in np.split(speech, sorted(cuts))]
    assert np.array_equal(np.concatenate(parts), whole)
    assert np.abs(whole).max() > 0
    assert len(converter.flush()) == 0
    assert np.array_equal(converter(speech), whole)


@pytest.mark.parametrize("rate", [8000, 16000, 48000])
def test_it_is_a_converter_without_delay(rate: int) -> None:
    converter = RoomToneConverter(HUM, rate)
    assert isinstance(converter, Converter)
    assert converter.delay == 0
    assert converter(np.zeros(rate, np.float32)).std() == pytest.approx(HUM.rms, rel=0.25)
