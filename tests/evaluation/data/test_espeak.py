"""What espeak-ng says: 16 kHz, near silence on both sides, pauses between words on request."""

import shutil

import numpy as np
import pytest

from evaluation.data.espeak import VOICES, say

pytestmark = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


@pytest.mark.parametrize("voice", VOICES)
def test_speech_stands_between_three_tenths_of_near_silence(voice: str) -> None:
    sound = say("Please open the window.", voice)
    assert sound.sample_rate == 16000
    edge = round(0.25 * 16000)
    quiet = np.concatenate([sound.samples[:edge], sound.samples[-edge:]])
    assert np.abs(quiet).max() < 0.01 < np.abs(sound.samples).max()


def test_pauses_make_it_longer() -> None:
    plain, slow = say("one two three four", VOICES[0]), say("one two three four", VOICES[0], gap=30)
    assert slow.duration > plain.duration + 0.6
