"""A made voice that is like that of somebody enrolled is refused."""

from __future__ import annotations

import numpy as np
import pytest

from discreet.pipeline.voice_likeness import CHECKED, MARGIN, CheckedVoices, KnownVoices
from registered import Gallery
from voice.resynthesis import SAID_RATE, MixedVoice

SAME = 0.4
ANN = np.array([[1.0, 0.0]], np.float32)
GALLERY = Gallery.of("m", [("p-ann", {"m": ANN}, {"m": np.ones(1, np.float32)})])


def voice(likeness: float) -> MixedVoice:
    """A voice whose sound is of the level ``likeness``."""
    return MixedVoice((("af_one", likeness), ("af_two", 1.0 - likeness)))


def known(asked: list[MixedVoice]) -> KnownVoices:
    def say(made: MixedVoice) -> np.ndarray:
        asked.append(made)
        return np.full(SAID_RATE, made.parts[0][1], np.float32)

    def embed(sound: np.ndarray) -> np.ndarray:
        assert len(sound) == 16000, "a second at 16 kHz"
        like = float(np.median(sound))
        return np.array([like, np.sqrt(1.0 - like**2)], np.float32)

    return KnownVoices(GALLERY, embed, SAME, say)


@pytest.mark.parametrize("likeness", [0.0, 0.1, 0.29, 0.31, 0.5, 0.9])
def test_a_voice_fits_only_well_below_the_likeness_of_one_and_the_same(likeness: float) -> None:
    assert known([])(voice(likeness)) == (likeness < MARGIN * SAME)


def test_a_voice_is_said_once_however_often_it_is_asked_about() -> None:
    asked: list[MixedVoice] = []
    fits = known(asked)
    for _ in range(3):
        fits(voice(0.2))
        fits(voice(0.5))
    assert asked == [voice(0.2), voice(0.5)]


def test_what_an_earlier_run_found_out_is_not_asked_again() -> None:
    asked: list[MixedVoice] = []
    first = CheckedVoices({}, lambda: known(asked))
    assert [first(voice(0.2)), first(voice(0.5))] == [True, False]
    again = CheckedVoices(CHECKED.decode(CHECKED.encode(first.known)), lambda: known(asked))
    assert [again(voice(0.2)), again(voice(0.5))] == [True, False]
    assert len(asked) == 2
    assert again(voice(0.1))
    assert len(asked) == 3
