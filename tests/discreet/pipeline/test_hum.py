"""Tones and rumble that hide speech are taken out of what is listened to; speech and music stay."""

from __future__ import annotations

import numpy as np
import pytest

from discreet.pipeline.amplify import RAISED, Normalised, normalised
from discreet.pipeline.hum import without_hum
from timeline import ArrayAudio, FloatArray

RATE = 16000
TIMES = np.arange(10 * RATE) / RATE


def speech(level: float) -> FloatArray:
    """Something like a voice: harmonics of a pitch that wanders, in syllables with pauses."""
    pitch = 120 + 25 * np.sin(2 * np.pi * 0.7 * TIMES)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = sum(np.sin(k * phase) / k for k in range(1, 20))
    syllables = np.clip(np.sin(2 * np.pi * 2.1 * TIMES) + 0.3, 0, 1) * (np.sin(2 * np.pi * 0.3 * TIMES) > -0.3)
    return np.asarray(level * voice * syllables, np.float32)


HUMS = {
    "a high tone": 0.9 * np.sin(2 * np.pi * 7000 * TIMES),
    "a low tone": 0.9 * np.sin(2 * np.pi * 440 * TIMES),
    "rumble": 0.95 * np.sin(2 * np.pi * 25 * TIMES),
    "mains hum": 0.3 * np.sign(np.sin(2 * np.pi * 50 * TIMES + 0.1)),
    "two tones": 0.4 * np.sin(2 * np.pi * 1000 * TIMES) + 0.4 * np.sin(2 * np.pi * 3100 * TIMES),
}


def likeness(one: FloatArray, other: FloatArray) -> float:
    return float(np.corrcoef(one, other)[0, 1])


@pytest.mark.parametrize("hum", HUMS)
def test_speech_behind_a_hum_is_listened_to_as_loud_as_any(hum: str) -> None:
    said = speech(0.003)
    heard = normalised((said + HUMS[hum]).astype(np.float32), RATE)
    inside = slice(RATE // 2, -RATE // 2)
    # mains hum and its harmonics take some of the voice with them
    assert likeness(heard[inside], normalised(said, RATE)[inside]) > 0.6
    assert float(np.sqrt(np.mean(heard[inside] ** 2))) > RAISED / 4


@pytest.mark.parametrize("seconds", [2.0, 3.3, 10.0])
def test_no_block_hears_its_edges(seconds: float) -> None:
    said = speech(0.003)
    sound = ArrayAudio((said + HUMS["a low tone"]).astype(np.float32), RATE)
    blocks = list(Normalised(sound).blocks(seconds))
    assert [len(block) for block in blocks] == [len(block) for block in sound.blocks(seconds)]
    heard = np.concatenate(blocks)
    inside = slice(RATE // 2, -RATE // 2)
    assert np.abs(heard[inside]).max() < 0.4  # without its neighbours, the tone is left at both ends of a block
    assert likeness(heard[inside], said[inside]) > 0.7


@pytest.mark.parametrize("seconds", [0.3, 9.7], ids=["short blocks", "a short block at the end"])
def test_a_short_block_is_judged_with_what_is_around_it(seconds: float) -> None:
    sound = ArrayAudio((speech(0.003) + HUMS["a low tone"]).astype(np.float32), RATE)
    blocks = list(Normalised(sound).blocks(seconds))
    assert len(blocks[-1]) < 0.5 * RATE
    heard = np.concatenate(blocks)[RATE:]  # the very first blocks have nothing before them
    assert np.abs(heard[: -RATE // 4]).max() < 0.4


@pytest.mark.parametrize("level", [0.2, 0.01])
def test_speech_alone_is_left_as_it_is(level: float) -> None:
    said = speech(level)
    assert without_hum(said, RATE) is said


def test_speech_that_is_louder_than_the_hum_is_left_as_it_is() -> None:
    both = (speech(0.2) + 0.02 * HUMS["mains hum"]).astype(np.float32)
    assert without_hum(both, RATE) is both


@pytest.mark.parametrize("samples", [0, 1, RATE - 1])
def test_what_is_too_short_to_judge_is_left_as_it_is(samples: int) -> None:
    block = np.zeros(samples, np.float32)
    assert without_hum(block, RATE) is block


def test_noise_is_left_as_it_is() -> None:
    noise = np.random.default_rng(5).normal(0, 0.1, 5 * RATE).astype(np.float32)
    assert without_hum(noise, RATE) is noise
