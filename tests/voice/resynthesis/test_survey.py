"""What is taken from a recording: a level, a melody and the room's noise, and nothing that depends on its blocks."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline import ArrayAudio, Word
from voice.resynthesis import SoundSurvey, phrases_of, survey
from voice.resynthesis.settings import LEAST_SPEECH, MOST_SPEECH

RATE = 16000


class Cut(ArrayAudio):
    """Sound that comes in blocks of other lengths than asked for."""

    def blocks(self, seconds: float = 10.0):
        yield from np.split(self.samples, range(1700, len(self.samples), 4321))


def tone(hz: float, level: float, seconds: float) -> np.ndarray:
    phase = 2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE
    sound = sum(np.cos(k * phase) / k for k in range(1, 8))
    return (level * sound / sound.std()).astype(np.float32)


def said(person: str, *spans: tuple[float, float]) -> list[Word]:
    return [Word(start=start, end=end, text="word", person=person) for start, end in spans]


SOUND = np.concatenate([np.zeros(RATE), tone(110, 0.05, 1), np.zeros(RATE), tone(220, 0.1, 2), np.zeros(RATE)])
WORDS = said("p1", (1.0, 2.0)) + said("p2", (3.0, 3.9), (4.4, 5.0))


@pytest.fixture(scope="module")
def found() -> SoundSurvey:
    return survey(ArrayAudio(SOUND.astype(np.float32)), phrases_of(WORDS))


def test_each_phrase_has_its_level_in_whole_decibels(found: SoundSurvey) -> None:
    assert 20 * np.log10(found.levels) == pytest.approx([-26.0, -20.0, -20.0], abs=1.01)
    assert 20 * np.log10(found.levels) % 1.0 == pytest.approx(np.zeros(3), abs=1e-6)


def test_each_person_has_a_range(found: SoundSurvey) -> None:
    assert np.exp(found.range("p1").median) == pytest.approx(110, rel=0.03)
    assert np.exp(found.range("p2").median) == pytest.approx(220, rel=0.03)
    assert found.low("p1")
    assert not found.low("p2")
    assert found.range("nobody") is not None


def test_it_does_not_depend_on_blocks(found: SoundSurvey) -> None:
    other = survey(Cut(SOUND.astype(np.float32)), phrases_of(WORDS))
    assert np.array_equal(other.levels, found.levels)
    for one, same in zip(found.pitches, other.pitches, strict=True):
        assert np.array_equal(one, same, equal_nan=True)


@settings(max_examples=20)
@given(st.floats(0.0, 1.0), st.integers(0, 10))
def test_levels_stay_within_what_can_be_heard_and_borne(level: float, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, level, RATE).astype(np.float32)
    (found,) = survey(ArrayAudio(noise), phrases_of(said("p1", (0.1, 0.9)))).levels
    assert LEAST_SPEECH * 0.88 <= found <= MOST_SPEECH * 1.13


def test_words_beyond_the_end_are_no_error() -> None:
    sound = ArrayAudio(np.zeros(RATE, np.float32))
    found = survey(sound, phrases_of(said("p1", (0.5, 1.5), (9.0, 9.5))))
    assert len(found.levels) == 2


class Long:
    """Noise that is made when it is asked for."""

    sample_rate = RATE

    def __init__(self, seconds: int) -> None:
        self.duration = float(seconds)

    def blocks(self, seconds: float = 10.0):
        for number in range(int(self.duration / seconds)):
            yield np.random.default_rng(number).normal(0, 0.01, round(seconds * RATE)).astype(np.float32)


def test_the_sound_that_is_held_does_not_grow_with_the_length() -> None:
    peaks = []
    for seconds in (40, 160):
        phrases = phrases_of(said("p1", *((float(s), s + 0.5) for s in range(seconds))))
        tracemalloc.start()
        survey(Long(seconds), phrases)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 120 * RATE * 4 / 10, "less than a tenth of the sound that came in addition"
