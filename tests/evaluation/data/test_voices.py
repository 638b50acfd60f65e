"""Speakers to attack have two takes or more, all long enough."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.data.voices import LONGEST, MEDIA, MOST_TAKES, RATE, SHORTEST, pieces, recorded_speakers
from weights import Store


def noise(seconds: float) -> npt.NDArray[np.float32]:
    return np.random.default_rng(0).normal(0, 0.1, round(seconds * RATE)).astype(np.float32)


@given(st.floats(0.1, 30.0))
def test_pieces_are_within_bounds(seconds: float) -> None:
    made = pieces(noise(seconds))
    assert len(made) in (0, 2, 3, MOST_TAKES)
    for piece in made:
        assert SHORTEST * RATE <= len(piece) <= LONGEST * RATE
    if seconds >= 2 * SHORTEST + 0.1:
        assert made


def test_a_recording_is_cut_at_its_pauses() -> None:
    sound = noise(8.0)
    for pause in (3.3, 7.5):
        sound[round(pause * RATE) : round((pause + 0.1) * RATE)] = 0.0
    first, second = pieces(sound)
    assert len(first) == pytest.approx(3.35 * RATE, abs=0.05 * RATE)
    assert len(second) <= LONGEST * RATE


def test_silence_around_speech_is_cut_off() -> None:
    quiet = np.zeros(RATE, np.float32)
    made = pieces(np.concatenate([quiet, noise(4.0), quiet]))
    assert sum(map(len, made)) == pytest.approx(4.0 * RATE, rel=0.03)
    assert np.abs(np.concatenate(made)).max() == pytest.approx(0.5, rel=0.2)


def test_there_are_speakers_with_names_of_their_own() -> None:
    if not MEDIA.is_dir():
        pytest.skip(f"no {MEDIA}")
    speakers = list(recorded_speakers(Store()))
    assert len(speakers) >= 20
    assert len({speaker.name for speaker in speakers}) == len(speakers)
    assert all(2 <= len(speaker.takes) <= MOST_TAKES for speaker in speakers)
    assert {speaker.sex for speaker in speakers} <= {"f", "m", ""}
