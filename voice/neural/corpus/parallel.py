"""Synthetic speech that is parallel frame by frame: the same words at the same times in two voices.

Kokoro decides once how long each phoneme lasts; two mixes of its styles say it. No recording of people is like that.
Half of the texts are sentences, the other half words drawn from a pronouncing dictionary, for all sounds in all
surroundings. Everything follows from the number of the utterance.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from timeline import FloatArray, make_folder, write_file
from voice.neural.corpus.synthetic import sentence
from voice.neural.features import bark_features
from voice.resynthesis import RATE, SAID_RATE, Kokoro, MixedVoice, Pronunciation, mixed_voice, names_for, tokens_of

if TYPE_CHECKING:
    from weights import Store

SPEAKERS = 60
"""Voices of a corpus."""
_KEY = b"discreet voice lab: parallel speech"
_PACES = 0.85, 1.35
_PEAK = 0.5
_VOICED = 60.0
_SMALL = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "was",
    "her",
    "with",
    "they",
    "that",
    "for",
    "not",
    "his",
    "at",
    "on",
    "you",
    "could",
]
_WORDS = 7
"""Long words of a text that is drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class ParallelSpeech:
    """One text in two voices.

    Attributes:
        text: what is said.
        speakers: numbers of the two voices.
        tokens: ``[P]``, Kokoro's numbers of the phonemes.
        frames: ``[P]``, how many frames of 25 ms each lasts.
        sounds: two of ``[n]`` at 16 kHz.
        bark: two of ``[n // 160, 20]``.
    """

    text: str
    speakers: tuple[int, int]
    tokens: npt.NDArray[np.int64]
    frames: npt.NDArray[np.int64]
    sounds: tuple[FloatArray, FloatArray]
    bark: tuple[FloatArray, FloatArray]


def speaker(number: int, styles: Mapping[str, FloatArray]) -> MixedVoice:
    """Voice ``number`` of a corpus."""
    return mixed_voice(_KEY, f"speaker {number}", names_for(None, styles))


class ParallelSayer:
    """Says text ``number`` in two voices.

    Args:
        kokoro: the synthesiser.
        pronunciation: words to phonemes.
        words: those of the dictionary that texts are drawn from.
    """

    def __init__(self, kokoro: Kokoro, pronunciation: Pronunciation, words: list[str]) -> None:
        self._kokoro, self._pronounce, self._words = kokoro, pronunciation, words

    @classmethod
    def from_store(cls, store: Store, kokoro: Kokoro | None = None) -> ParallelSayer:
        """With the models of the store. Raises ModelError if they are missing or damaged."""
        entries = json.loads((Path(store.path("misaki-en")) / "us_gold.json").read_text("utf-8"))
        words = sorted(each for each in entries if each.isascii() and each.isalpha() and each.islower())
        long = [each for each in words if 4 <= len(each) <= 10]
        return cls(kokoro or Kokoro.from_store(store), Pronunciation.from_store(store), long)

    def text(self, number: int) -> str:
        """Two sentences for even numbers, words for odd ones."""
        if number % 2 == 0:
            return f"{sentence(2_000_000 + 2 * number)[:-1]}, {sentence(2_000_001 + 2 * number)}"
        draw = random.Random(f"words {number}")
        each = [word for _ in range(_WORDS) for word in (draw.choice(_SMALL), draw.choice(self._words))]
        return f"{' '.join(each[:_WORDS])}, {' '.join(each[_WORDS:])}."

    def __call__(self, number: int) -> ParallelSpeech:
        """See the class."""
        draw = random.Random(f"parallel {number}")
        speakers = draw.sample(range(SPEAKERS), 2)
        text = self.text(number)
        halves = [" ".join(self._pronounce(half.split())) for half in text.rstrip(".").split(",")]
        tokens = [0, *tokens_of(", ".join(halves) + "."), 0]
        pace, frames = draw.uniform(*_PACES), None
        sounds, bark = [], []
        for which in speakers:
            voice = speaker(which, self._kokoro.styles)
            style = voice.style(self._kokoro.styles, len(tokens) - 2)
            if frames is None:
                frames = np.maximum(1, np.rint(self._kokoro.durations(tokens, style) / pace)).astype(np.int64)
            made = self._kokoro.utterance(tokens, style, frames)
            ratio = 2.0 ** (draw.uniform(-3.0, 3.0) / 12)
            curve = np.where(made.pitch > _VOICED, made.pitch * ratio, made.pitch).astype(np.float32)
            sound = _lowered(self._kokoro.sound(replace(made, pitch=curve)))
            sounds.append(sound)
            bark.append(bark_features(sound))
        assert frames is not None
        return ParallelSpeech(
            text, (speakers[0], speakers[1]), np.array(tokens), frames, (sounds[0], sounds[1]), (bark[0], bark[1])
        )


def made_parallel(folder: Path, count: int, make: Callable[[], ParallelSayer]) -> Iterator[Path]:
    """Files ``parallel-NNNNN.npz``, as they come; those that are there are kept. Raises OutputError."""
    make_folder(folder)
    sayer: ParallelSayer | None = None
    for number in range(count):
        path = folder / f"parallel-{number:05d}.npz"
        if not path.is_file():
            sayer = sayer or make()
            save_parallel(path, sayer(number))
        yield path


def save_parallel(path: Path, speech: ParallelSpeech) -> None:
    """Write it, whole or not at all: sound with 16 bits, features as float16."""
    out = io.BytesIO()
    np.savez(
        out, text=np.array(speech.text), speakers=np.array(speech.speakers), tokens=speech.tokens, frames=speech.frames,
        sounds=np.rint(np.clip(np.stack(speech.sounds), -1, 1) * 32767).astype(np.int16),
        bark=np.stack(speech.bark).astype(np.float16),
    )  # fmt: skip
    write_file(path, out.getvalue())


def load_parallel(path: Path) -> ParallelSpeech:
    """Read it."""
    with np.load(path, allow_pickle=False) as arrays:
        sounds, bark = arrays["sounds"].astype(np.float32) / 32767, arrays["bark"].astype(np.float32)
        first, second = (int(each) for each in arrays["speakers"])
        return ParallelSpeech(
            str(arrays["text"]), (first, second), arrays["tokens"], arrays["frames"],
            (sounds[0], sounds[1]), (bark[0], bark[1]),
        )  # fmt: skip


def write_takes(folder: Path, speeches: Iterable[ParallelSpeech]) -> None:
    """Write speech and words as the layout ``parallel`` has them, ``SPEAKER/TAKE.wav``. Raises OutputError."""
    import soundfile

    for number, speech in enumerate(speeches):
        for which, sound in zip(speech.speakers, speech.sounds, strict=True):
            make_folder(folder / f"made-{which:02d}")
            out = io.BytesIO()
            soundfile.write(out, sound, RATE, format="WAV", subtype="PCM_16")
            path = folder / f"made-{which:02d}" / f"{number:05d}.wav"
            write_file(path, out.getvalue())
            write_file(path.with_suffix(".txt"), speech.text + "\n")


def _lowered(sound: FloatArray) -> FloatArray:
    from math import gcd

    from scipy.signal import resample_poly

    shared = gcd(RATE, SAID_RATE)
    low = resample_poly(sound, RATE // shared, SAID_RATE // shared)
    return np.asarray(_PEAK * low / max(float(np.abs(low).max()), 1e-6), np.float32)
