"""What the student learns from: the same words at the same times in two voices, and which sound each moment is.

The pitch plays no part, for the network neither hears nor says it. What is heard is distorted anew each time
(:mod:`voice.live.student.training.distort`), for few voices were made and many will be heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timeline import FloatArray
from voice.live.student.cepstra import CEPSTRA
from voice.live.student.network import STEP, StudentVoice, voice_of
from voice.neural.corpus import ParallelSpeech

SILENCE, UNKNOWN = 0, -100
"""Classes of sounds: none, and one that is not to be learned."""
_PAUSES = frozenset((0, 3, 4))
"""Kokoro's numbers of the ends, the comma and the full stop."""
_MARKS = frozenset((156, 157))
"""And of the stress marks, which belong to the sound behind them."""
_GAP = 16
"""And of the gap between words, in which most often some sound is heard."""
SOUNDS = 178
"""Kokoro's numbers are smaller."""


@dataclass(frozen=True, slots=True, eq=False)
class Parallel:
    """One text in two voices: cepstra ``[2, T, 18]``, sounds ``[T]`` as Kokoro numbers them, and who says it."""

    cepstra: FloatArray
    sounds: npt.NDArray[np.int64]
    speakers: tuple[int, int]


def parallel(speech: ParallelSpeech) -> Parallel:
    """Of what was said; ``T`` is a whole number of steps."""
    size = min(len(each) for each in speech.bark) // STEP * STEP
    both = np.stack([each[:size, :CEPSTRA] for each in speech.bark])
    return Parallel(both, _sounds(speech)[:size], speech.speakers)


def voices_of(speeches: Iterable[ParallelSpeech]) -> dict[int, StudentVoice]:
    """Each voice, of all that is said in it."""
    said: dict[int, list[FloatArray]] = {}
    for speech in speeches:
        for which, bark in zip(speech.speakers, speech.bark, strict=True):
            said.setdefault(which, []).append(bark)
    return {which: voice_of(np.concatenate(parts)) for which, parts in sorted(said.items())}


def steps_of(frames: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Classes ``[..., T]`` as those of steps ``[..., T / 2]``; where the frames of one differ, it is not learned."""
    first, second = frames[..., ::STEP], frames[..., 1::STEP]
    return np.asarray(np.where(first == second, first, UNKNOWN))


def codes_of(voices: Mapping[int, StudentVoice]) -> FloatArray:
    """``[N, 36]``, by number; those that nothing is said in are 0."""
    out = np.zeros((max(voices) + 1, 2 * CEPSTRA), np.float32)
    for which, voice in voices.items():
        out[which] = voice.code
    return out


def _sounds(speech: ParallelSpeech) -> npt.NDArray[np.int64]:
    tokens = speech.tokens.copy()
    for place in range(len(tokens) - 2, -1, -1):
        if tokens[place] in _MARKS:
            tokens[place] = tokens[place + 1]
    classes = np.where(np.isin(tokens, list(_PAUSES)), SILENCE, np.where(tokens == _GAP, UNKNOWN, tokens))
    at = ((np.arange(len(speech.bark[0])) + 0.5) / 2.5).astype(np.int64)
    lasting = np.repeat(classes, speech.frames)
    return np.asarray(lasting[np.minimum(at, len(lasting) - 1)])
