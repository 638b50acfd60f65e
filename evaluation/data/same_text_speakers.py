"""Many speakers who say the same text over an equal channel: the synthesiser's voices, and the readers of VCTK.

Equal words and an equal channel leave nothing but the speaker to tell recordings apart, which is what attacks on
features and times need. A made speaker is one of Kokoro's voices as it is, with its own pace and pauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile

from evaluation.data.assembled_meetings import speech
from evaluation.data.media import MEDIA
from evaluation.data.reading_passages import TEXTS
from timeline import FloatArray, Segment, Word
from voice.resynthesis import Kokoro, Pronunciation, tokens_of
from weights import Store

SPEAKERS = 20
RATE = 16_000
LEVEL = 0.05
"""RMS of every recording."""
PAUSE_S = 0.2
"""Silence within a sentence from which on diarization hears two stretches of speech."""
SHORT, LONG = 4, 16
"""Words of a sentence that is used, at least and at most."""
_FRAME_S = 0.025
_LISTS = (Path(__file__).parents[1] / "runs" / "ordinary.txt", Path(__file__).with_name("unannounced.txt"))


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence, read by one speaker.

    Attributes:
        speaker: who reads.
        number: of the sentence; equal numbers are equal words.
        words: with their times, s.
        speech: stretches of speech without a pause.
        sound: ``[n]`` at 16 kHz; empty where only the times were made.
    """

    speaker: str
    number: int
    words: tuple[Word, ...] = field(repr=False)
    speech: tuple[Segment, ...]
    sound: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32), repr=False)

    @property
    def text(self) -> str:
        """The words."""
        return " ".join(word.text for word in self.words)


def sentences() -> list[str]:
    """Ordinary sentences, the shortest first."""
    lines = [line for path in _LISTS for line in path.read_text(encoding="utf-8").splitlines()]
    plain = {re.sub(r"[{}]", "", line).strip(): None for line in lines if line and not line.startswith("#")}
    return sorted((one for one in plain if SHORT <= len(one.split()) <= LONG), key=lambda one: (len(one), one))


def made_speakers(names: Sequence[str], count: int = SPEAKERS) -> list[str]:
    """So many of the synthesiser's voices, spread over its accents and sexes."""
    return [sorted(names)[round(place)] for place in np.linspace(0, len(names) - 1, count)]


class Synthesiser:
    """Reads sentences in the voices of the synthesiser. Raises ModelError if it is not in the store."""

    def __init__(self, store: Store, speakers: int = SPEAKERS) -> None:
        self._kokoro, self._pronounce = Kokoro.from_store(store), Pronunciation.from_store(store)
        self._names = made_speakers(list(self._kokoro.styles), speakers)

    def __call__(self, number: int, text: str, *, sound: bool) -> Iterator[Reading]:
        """The sentence by every speaker; without ``sound`` only words and times, which is much faster."""
        from scipy.signal import resample_poly  # slow to import

        tokens, owner = _score(text.split(), self._pronounce)
        for name in self._names:
            styles = self._kokoro.styles[name]
            style = styles[min(len(tokens) - 2, len(styles) - 1)].reshape(1, -1)
            frames = np.maximum(1, np.rint(self._kokoro.durations(tokens, style))).astype(np.int64)
            words = _words(text.split(), owner, np.concatenate([[0.0], np.cumsum(frames * _FRAME_S)]))
            samples = np.zeros(0, np.float32)
            if sound:
                said = self._kokoro.sound(self._kokoro.utterance(tokens, style, frames))
                samples = _at_level(resample_poly(said, 2, 3))
            yield Reading(name, number, words, stretches(words), samples)


def made(store: Store, texts: Sequence[str], *, sound: bool = False, folder: Path | None = None) -> Iterator[Reading]:
    """Every sentence by every speaker; sound that ``folder`` holds is read, other sound is made and put there."""
    synthesiser = Synthesiser(store)
    for number, text in enumerate(texts):
        place = folder / f"{number:03d}.npz" if sound and folder is not None else None
        if place is not None and place.is_file():
            with np.load(place) as sounds:
                yield from [replace(one, sound=sounds[one.speaker]) for one in synthesiser(number, text, sound=False)]
            continue
        readings = list(synthesiser(number, text, sound=sound))
        if place is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            np.savez(place, allow_pickle=False, **{one.speaker: one.sound for one in readings})
        yield from readings


def _score(words: Sequence[str], pronounce: Pronunciation) -> tuple[list[int], list[int]]:
    """Tokens of a sentence with its punctuation, and the word of each (-1: none)."""
    tokens, owner = [0], [-1]
    for number, (word, phones) in enumerate(zip(words, pronounce(list(words)), strict=True)):
        own = tokens_of(phones)
        mark = tokens_of(word[-1]) if word[-1] in ",.?!" else []
        tokens += [*own, *mark, *tokens_of(" ")]
        owner += [number] * len(own) + [-1] * (len(mark) + 1)
    return [*tokens[:-1], 0], [*owner[:-1], -1]


def _words(texts: Sequence[str], owner: Sequence[int], edges: FloatArray) -> tuple[Word, ...]:
    out = []
    for number, text in enumerate(texts):
        places = [place for place, one in enumerate(owner) if one == number]
        if places:
            out.append(
                Word(start=round(float(edges[places[0]]), 3), end=round(float(edges[places[-1] + 1]), 3), text=text)
            )
    return tuple(out)


def stretches(words: Sequence[Word]) -> tuple[Segment, ...]:
    """Speech between pauses, from the times of words."""
    cuts = [n for n, (one, next) in enumerate(pairwise(words), 1) if next.start - one.end >= PAUSE_S]
    edges = [0, *cuts, len(words)]
    return tuple(Segment(words[a].start, words[b - 1].end) for a, b in pairwise(edges))


def readers() -> Iterator[Reading]:
    """The readers of VCTK with the sentences that all of them read; stretches of speech by the energy of the clips."""
    from scipy.signal import resample_poly  # slow to import

    folders = sorted((MEDIA / "voices").glob("vctk_*"))
    for number, text in TEXTS.items():
        paths = [path for folder in folders for path in folder.glob(f"*_{number:03d}.flac")]
        for path in paths if len(paths) == len(folders) else ():
            samples, rate = soundfile.read(path, dtype="float32")
            sound = _at_level(resample_poly(samples, RATE, rate))
            spans = tuple(Segment(start / RATE, end / RATE) for start, end in speech(sound))
            yield Reading(path.parent.name, number, _spread(text.split(), spans), spans, sound)


def _spread(texts: Sequence[str], spans: Sequence[Segment]) -> tuple[Word, ...]:
    """Words laid evenly over the stretches of speech: which stretch a word is in is what the pauses decide."""
    total = sum(span.duration for span in spans)
    out, at, left = [], 0, len(texts)
    for number, span in enumerate(spans):
        last = number == len(spans) - 1
        count = left if last else min(left, round(len(texts) * span.duration / total))
        step = span.duration / max(count, 1)
        for place, text in enumerate(texts[at : at + count]):
            start = span.start + place * step
            out.append(Word(start=round(start, 3), end=round(start + step, 3), text=text))
        at, left = at + count, left - count
    return tuple(out)


def _at_level(sound: FloatArray) -> FloatArray:
    return np.asarray(sound * (LEVEL / max(float(np.sqrt(np.mean(sound**2))), 1e-6)), np.float32)
