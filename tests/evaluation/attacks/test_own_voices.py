"""An own voice that was kept is found by its waveform; another sound is not."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.attacks.own_voices import RATE, SAME_WAVE, STEP, WINDOW, correlation, search, search_groups, windows_of
from timeline import Segment


def noise(seed: int, seconds: float = WINDOW) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.1, round(seconds * RATE)).astype(np.float32)


@pytest.mark.parametrize("late", [0, 700, -700])
def test_the_same_waveform_is_found_wherever_it_moved_and_however_loud(late: int) -> None:
    assert correlation(noise(0), -0.2 * np.roll(noise(0), late)) > 0.9


def test_another_waveform_and_silence_are_not_the_same() -> None:
    assert correlation(noise(0), noise(1)) < 0.2
    assert correlation(noise(0), np.zeros(round(WINDOW * RATE), np.float32)) == 0.0
    assert correlation(noise(0), noise(1) + 2 * noise(0)) > SAME_WAVE


def test_windows_are_those_in_which_one_person_alone_speaks() -> None:
    turns = {"ann": [Segment(0.0, 4.0)], "bob": [Segment(3.0, 8.0)]}
    assert windows_of("ann", turns, 8.0) == pytest.approx([0.0, STEP])
    assert windows_of("bob", turns, 8.0) == pytest.approx([4.0, 4.8, 5.6, 6.4])
    assert windows_of("ann", turns, 1.0) == []


class Direction:
    """An embedder whose embedding is the sign of the mean."""

    same = 0.5

    def pieces(self, sounds: list[np.ndarray]) -> np.ndarray:
        return np.array([[1.0 if sound.mean() > 0 else -1.0] for sound in sounds])


def test_windows_that_keep_a_voice_are_counted() -> None:
    own, other = noise(0, 4.8) + 0.5, noise(1, 4.8) - 0.5
    safe = np.concatenate([own[: round(WINDOW * RATE)], other[round(WINDOW * RATE) :]])
    found = search(own, safe, {"ann": [0.0, WINDOW, 2 * WINDOW], "bob": []}, {"ann": own}, Direction(), 0.5)  # type: ignore[arg-type]
    assert (found.windows, found.before, found.after, found.copied) == (3, 3, 1, 1)
    assert found.likeness == 1.0
    assert found.correlation > 0.9


def test_strangers_and_those_who_agreed_are_counted_apart() -> None:
    turns = {"ann": [Segment(0.0, 4.8)], "bob": [Segment(4.8, 9.6)]}
    own = np.concatenate([noise(0, 4.8) + 0.5, noise(1, 4.8) - 0.5])
    safe = np.concatenate([own[: len(own) // 2], noise(2, 4.8) + 0.5])
    voices = {"ann": own[: len(own) // 2], "bob": own[len(own) // 2 :]}
    found = search_groups(own, safe[:-1], turns, ["ann"], voices, Direction())  # type: ignore[arg-type]
    assert found["those who agreed"].copied == found["those who agreed"].after == found["those who agreed"].windows == 5
    assert found["strangers"].copied == found["strangers"].after == 0 < found["strangers"].windows
