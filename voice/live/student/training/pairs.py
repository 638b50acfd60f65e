"""What the student learns from: the same words at the same times in two voices.

Kokoro says a sentence in one mix of styles, and once more in another with the same durations: the two are parallel
frame by frame, which no recording of people is. The pitch plays no part, for the network neither hears nor says it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from timeline import FloatArray, make_folder
from voice.live.student.cepstra import CEPSTRA, centred
from voice.live.student.network import stacked, voice_of
from voice.neural.corpus import sentence
from voice.neural.features import bark_features
from voice.resynthesis import RATE, SAID_RATE, Kokoro, Pronunciation, mixed_voice, names_for, tokens_of
from weights import Store

_KEY = b"discreet live student: pairs"
_PEAK = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """One sentence: ``seen [S, 162]`` of one voice, and cepstra ``[S, 36]`` of another, whose code is ``[36]``."""

    seen: FloatArray
    wanted: FloatArray
    voice: FloatArray


def pair(source: FloatArray, target: FloatArray) -> Pair:
    """Of features ``[T, 20]`` of both. Raises ValueError if the second holds too little speech."""
    size = min(len(source), len(target)) // 2 * 2
    without, _ = centred(source[:size, :CEPSTRA])
    wanted = target[:size, :CEPSTRA].reshape(size // 2, 2 * CEPSTRA)
    return Pair(stacked(without), np.ascontiguousarray(wanted), voice_of(target).code)


def made_pairs(folder: Path, count: int, store: Store) -> Iterator[Path]:
    """Files ``pair-NNNNN.npz`` with features ``source`` and ``target``; those that are there are kept."""
    make_folder(folder)
    kokoro: Kokoro | None = None
    pronounce: Pronunciation | None = None
    for number in range(count):
        path = folder / f"pair-{number:05d}.npz"
        if not path.is_file():
            if kokoro is None or pronounce is None:
                kokoro, pronounce = Kokoro.from_store(store), Pronunciation.from_store(store)
            source, target = _said(kokoro, pronounce, number)
            partial = path.with_suffix(".part.npz")
            np.savez(partial, source=source, target=target)
            partial.replace(path)
        yield path


def read_pairs(paths: list[Path]) -> Iterator[Pair]:
    """Each in both directions, and each voice said in itself."""
    for path in paths:
        with np.load(path, allow_pickle=False) as arrays:
            both = arrays["source"], arrays["target"]
        for source in both:
            for target in both:
                try:
                    yield pair(source, target)
                except ValueError:  # too little of it is voiced
                    continue


def _said(kokoro: Kokoro, pronounce: Pronunciation, number: int) -> tuple[FloatArray, FloatArray]:
    phonemes = " ".join(pronounce(sentence(number).rstrip(".").split())) + "."
    tokens = [0, *tokens_of(phonemes), 0]
    frames = None
    out = []
    for part in range(2):
        voice = mixed_voice(_KEY, f"{number}/{part}", names_for(None, kokoro.styles))
        style = voice.style(kokoro.styles, len(tokens) - 2)
        if frames is None:
            frames = np.maximum(1, np.rint(kokoro.durations(tokens, style))).astype(np.int64)
        out.append(_features(kokoro.sound(kokoro.utterance(tokens, style, frames))))
    return out[0], out[1]


def _features(sound: FloatArray) -> FloatArray:
    from math import gcd

    from scipy.signal import resample_poly

    shared = gcd(RATE, SAID_RATE)
    low = resample_poly(sound, RATE // shared, SAID_RATE // shared)
    return bark_features(np.asarray(_PEAK * low / max(float(np.abs(low).max()), 1e-6), np.float32))
