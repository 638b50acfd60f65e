"""The mark is found after what happens to recordings, at the place where it is, and nowhere else."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from timeline import Segment, total
from voice.watermark import RATE, THRESHOLD, marked, marked_parts, scan

VOICES = Path(__file__).resolve().parents[4] / "shared" / "media" / "voices"


def babble(seconds: float, seed: int = 0) -> np.ndarray:
    """Noise whose spectrum moves smoothly, as that of speech does: ``[n]`` at 16 kHz."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    frames = count // 160 + 2
    shape = rng.standard_normal((frames // 8 + 2, 12))
    shape = np.repeat(np.repeat(6.0 * shape, 8, axis=0)[:frames], 14, axis=1)[:, :161]
    white = np.fft.rfft(rng.standard_normal((frames, 320)), axis=1)
    pieces = np.fft.irfft(white * 10 ** (shape / 20), axis=1) * np.hanning(320)
    out = np.zeros((frames + 1) * 160)
    for number, piece in enumerate(pieces):
        out[number * 160 : number * 160 + 320] += piece
    return (0.05 * out[:count] / out[:count].std()).astype(np.float32)


SPEECH = babble(8.0)


def best(sound: np.ndarray, length: float = 2.0) -> float:
    return max(each.score for each in scan([sound], (length,)))


@settings(max_examples=8)
@given(st.integers(0, 10**7), st.integers(0, 3 * RATE))
def test_two_seconds_are_enough_wherever_the_recording_was_cut(first: int, cut: int) -> None:
    sound = marked(SPEECH, RATE, first)
    assert best(sound[cut : cut + 2 * RATE + 640]) >= THRESHOLD


@pytest.mark.parametrize("seed", range(4))
def test_what_was_not_marked_is_not_found(seed: int) -> None:
    assert best(babble(8.0, seed)) < THRESHOLD


@pytest.mark.parametrize("rate", [8000, 22050, 44100])
def test_resampling_does_not_hide_it(rate: int) -> None:
    shared = np.gcd(rate, RATE)
    there = resample_poly(marked(SPEECH, RATE), rate // shared, RATE // shared)
    assert best(resample_poly(there, RATE // shared, rate // shared)) >= THRESHOLD


def test_noise_20_db_below_does_not_hide_it() -> None:
    sound = marked(SPEECH, RATE)
    assert best(sound + sound.std() / 10 * np.random.default_rng(1).standard_normal(len(sound)), 4.0) >= THRESHOLD


def test_it_says_which_part_is_marked() -> None:
    part = Segment(20.0, 28.0)
    sound = babble(70.0, 5)
    sound[20 * RATE : 28 * RATE] = marked(sound[20 * RATE : 28 * RATE], RATE, 20 * RATE)
    (found,) = marked_parts([sound])
    assert abs(found.start - part.start) <= 1.5
    assert abs(found.end - part.end) <= 1.5


@settings(max_examples=5)
@given(st.lists(st.integers(1, 50_000), min_size=1, max_size=6))
def test_how_the_sound_comes_does_not_matter(sizes: list[int]) -> None:
    sound = marked(SPEECH[: 4 * RATE], RATE)
    edges = [0, *np.minimum(np.cumsum(sizes), len(sound)).tolist(), len(sound)]
    blocks = [sound[a:b] for a, b in itertools.pairwise(edges)]
    assert [(e.start, e.score) for e in scan(blocks)] == [(e.start, e.score) for e in scan([sound])]


@pytest.mark.parametrize("sound", [np.zeros(0), np.zeros(100), np.zeros(5 * RATE), np.full(5 * RATE, 0.1)])
def test_nothing_is_found_where_nothing_is_said(sound: np.ndarray) -> None:
    assert marked_parts([sound.astype(np.float32)]) == []
    assert marked_parts([]) == []


@pytest.mark.media
def test_people_are_not_taken_for_machines() -> None:
    if not VOICES.is_dir():
        pytest.skip("needs ../shared/media")
    sound = np.concatenate([soundfile.read(path, dtype="float32")[0] for path in sorted(VOICES.glob("libri_367/*"))])
    assert marked_parts([sound]) == []
    parts = marked_parts([marked(sound, RATE, 12345)])
    assert total(parts) > 0.95 * len(sound) / RATE
