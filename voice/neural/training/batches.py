"""Pieces of a corpus in batches. Which piece comes when follows from the seed and the epoch alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from timeline import FloatArray, InputError
from voice.neural.corpus import Utterance, features_path, load, read_manifest
from voice.neural.features import load_centres, prosody_of, run_lengths, units_of
from voice.neural.models import Batch
from voice.neural.settings import TrainSettings
from voice.resynthesis import FRAME

CENTRES = "units.npz"
"""In the corpus' folder, beside the manifest."""
_KEPT = 4096
"""Utterances whose features stay in memory."""


@dataclass(frozen=True, eq=False)
class Corpus:
    """A corpus that networks learn from.

    Attributes:
        folder: where it lies.
        utterances: of the split.
        speakers: names of all whom networks tell apart; those of the split ``train``.
        centres: of the units of content.
    """

    folder: Path
    utterances: tuple[Utterance, ...]
    speakers: tuple[str, ...]
    centres: FloatArray

    def number(self, utterance: Utterance) -> int:
        """Of its speaker; 0 for one that networks do not know."""
        return self.speakers.index(utterance.speaker) if utterance.speaker in self.speakers else 0


def open_corpus(folder: Path, frames: int) -> tuple[Corpus, Corpus]:
    """What is learned from, and what is validated on: other speakers, or where there are none, other utterances.

    Raises:
        InputError: there is no corpus, or no utterance of ``frames`` frames of 10 ms by two speakers.
    """
    every = [each for each in read_manifest(folder) if each.seconds * 100 >= frames + 2]
    train = [each for each in every if each.split == "train"]
    held = [each for each in every if each.split == "validation"]
    if not held:
        held, train = train[::10], [each for number, each in enumerate(train) if number % 10]
    speakers = tuple(sorted({each.speaker for each in train}))
    if len(speakers) < 2 or not held:
        raise InputError(f"{folder} holds too little speech of two speakers or more", "add some: discreet lab data")
    centres = load_centres(folder / CENTRES)
    return Corpus(folder, tuple(train), speakers, centres), Corpus(folder, tuple(held), speakers, centres)


class Pieces(Dataset[Batch]):
    """``count`` batches of random pieces; batch ``i`` of an epoch is always the same.

    Args:
        corpus: where from.
        settings: sizes and seed.
        count: batches.
        epoch: which.
    """

    def __init__(self, corpus: Corpus, settings: TrainSettings, count: int, epoch: int = 0) -> None:
        self._corpus, self._settings, self._count, self._epoch = corpus, settings, count, epoch
        # Every speaker as often as every other, however much of them there is.
        by_speaker: dict[str, list[Utterance]] = {}
        for each in corpus.utterances:
            by_speaker.setdefault(each.speaker, []).append(each)
        self._by_speaker = list(by_speaker.values())
        self._aligned: dict[str, list[Utterance]] = {}
        for each in corpus.utterances:
            if each.aligned:
                self._aligned.setdefault(each.aligned, []).append(each)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Batch:
        """Batch ``index``."""
        settings = self._settings
        random = np.random.default_rng((settings.seed, self._epoch, index))
        size = min(settings.batch, 2 * len(self._corpus.utterances))
        rows = [self._piece(random) for _ in range(size)]
        return Batch(*(torch.from_numpy(np.stack(column)) for column in zip(*rows, strict=True)))

    def _piece(self, random: np.random.Generator) -> tuple[Any, ...]:
        spoken = self._by_speaker[int(random.integers(len(self._by_speaker)))]
        utterance = spoken[int(random.integers(len(spoken)))]
        content, units, durations, prosody, bark, sound = _features(self._corpus, utterance)
        content, units, durations = self._said(utterance, random, (content, units, durations))
        half = self._settings.frames // 2
        at = int(random.integers(0, len(content) - half + 1))
        inside, beside = slice(at, at + half), slice(2 * at, 2 * (at + half))
        lasted = durations[inside].copy()
        lasted[units[inside] == units[at]] *= at == 0 or units[at - 1] != units[at]
        return (
            content[inside],
            units[inside],
            lasted,
            prosody[beside],
            bark[beside],
            sound[2 * at * FRAME : 2 * (at + half) * FRAME],
            np.int64(self._corpus.number(utterance)),
        )

    def _said(self, utterance: Utterance, random: np.random.Generator, own: tuple[Any, ...]) -> tuple[Any, ...]:
        """Content, units and durations of an utterance, or of one that is aligned with it, each as likely.

        A network that hears another voice than it must produce cannot use what tells the voice.
        """
        others = self._aligned.get(utterance.aligned, [utterance])
        chosen = others[int(random.integers(len(others)))]
        if chosen is utterance:
            return own
        found = _features(self._corpus, chosen)[:3]
        return found if len(found[0]) == len(own[0]) else own


def batches(pieces: Pieces) -> DataLoader[Batch]:
    """A loader of whole batches."""
    return DataLoader(pieces, batch_size=None, shuffle=False, num_workers=0)


def whole(corpus: Corpus, utterance: Utterance) -> Batch:
    """A batch of one whole utterance."""
    rows = (*_features(corpus, utterance), np.int64(corpus.number(utterance)))
    return Batch(*(torch.from_numpy(np.asarray(each)[None]) for each in rows))


def _features(corpus: Corpus, utterance: Utterance) -> tuple[Any, ...]:
    return _loaded(features_path(corpus.folder, utterance), corpus.folder / CENTRES)


@lru_cache(maxsize=_KEPT)
def _loaded(path: Path, centres: Path) -> tuple[Any, ...]:
    found = load(path)
    units = units_of(found.content, load_centres(centres))
    return found.content, units, run_lengths(units), prosody_of(found.bark), found.bark, found.sound


def of_speakers(utterances: Sequence[Utterance]) -> dict[str, list[Utterance]]:
    """Speaker -> utterances."""
    out: dict[str, list[Utterance]] = {}
    for each in utterances:
        out.setdefault(each.speaker, []).append(each)
    return out
