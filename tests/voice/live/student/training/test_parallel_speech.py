"""Both voices say the same sounds at the same times, and each sound is named as it is heard."""

from __future__ import annotations

import numpy as np

from voice.live.student.training.parallel_speech import SILENCE, UNKNOWN, codes_of, parallel, steps_of, voices_of
from voice.neural.corpus import ParallelSpeech

B, D, STRESS, GAP, STOP = 44, 46, 156, 16, 4


def said(seed: int = 0) -> ParallelSpeech:
    tokens = np.array([0, B, STRESS, D, GAP, STOP, 0])
    frames = np.array([2, 4, 2, 4, 2, 2, 2])
    rng = np.random.default_rng(seed)
    bark = [rng.normal(4.0, 1.0, (45, 20)).astype(np.float32) for _ in range(2)]
    for each in bark:
        each[:, 18], each[:, 19] = np.log2(256 * 150 * 1.1 ** np.sin(np.arange(45)) / 16000) - 1.5, 0.4
    return ParallelSpeech("", (3, 1), tokens, frames, (np.zeros(1), np.zeros(1)), (bark[0], bark[1]))


def test_a_stress_mark_is_the_sound_behind_it_and_gaps_are_not_learned() -> None:
    sounds = parallel(said()).sounds
    assert len(sounds) == 44
    assert list(dict.fromkeys(sounds.tolist())) == [SILENCE, B, D, UNKNOWN]
    assert (sounds == D).sum() == 15
    assert sounds[-1] == SILENCE


def test_a_step_whose_halves_differ_is_not_learned() -> None:
    assert steps_of(np.array([B, B, B, D, D, D])).tolist() == [B, UNKNOWN, D]


def test_voices_stand_at_their_numbers() -> None:
    voices = voices_of([said(), said(1)])
    codes = codes_of(voices)
    assert codes.shape == (4, 36)
    assert not codes[0].any()
    assert np.array_equal(codes[3], voices[3].code)
