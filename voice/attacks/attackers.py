"""Attackers, after the VoicePrivacy Challenge: what each one knows and how it compares voices.

Every attacker enrols each speaker with half of their utterances and is given the other half, converted; then the
halves are swapped. Utterances under all keys are pooled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from timeline import FloatArray
from voice.attacks.backend import Backend, Cosine, Plda, Wccn
from voice.attacks.trials import Trials, Vectors

FOLDS = 2
"""Groups of speakers: a back end trained on some of them is tried on the others only."""


@dataclass(frozen=True, slots=True, eq=False)
class AttackMaterial:
    """The utterances of an attack, as vectors of one kind.

    Attributes:
        originals: the speakers' own voices.
        converted: the same utterances, converted under one or more keys.
        training: utterances that an attacker converted under other keys to learn from. A speaker derived from another,
            such as by a change of speed, is called ``OTHER~...`` and not used to attack that speaker.
        undone: the converted utterances after somebody who knows the settings has converted them back; None: nobody
            has.
    """

    originals: Vectors
    converted: Vectors
    training: Vectors | None = None
    undone: Vectors | None = None

    @property
    def enrolled(self) -> tuple[str, ...]:
        """The names of all speakers, sorted."""
        return tuple(sorted(set(self.originals.speakers)))

    @property
    def keys(self) -> list[int]:
        """The keys of the converted utterances."""
        return sorted(set(self.converted.keys))


class Attacker(Protocol):
    """One attacker."""

    name: str

    def __call__(self, material: AttackMaterial) -> Trials | None:
        """The attacker's scores; None if ``material`` lacks what it needs."""
        ...


class Ignorant:
    """Has recordings of the speakers' own voices and does not know that voices are converted."""

    name = "ignorant"

    def __call__(self, material: AttackMaterial) -> Trials:
        """See :class:`Attacker`."""
        return _compared(material.enrolled, material.originals, material.converted, Cosine())


class Undo:
    """Knows every setting but the key, converts the voice back and compares it with the speakers' own."""

    name = "undo"

    def __call__(self, material: AttackMaterial) -> Trials | None:
        """See :class:`Attacker`."""
        if material.undone is None:
            return None
        return _compared(material.enrolled, material.originals, material.undone, Cosine())


class Lazy:
    """Knows the converter but not the key, and converts its own recordings of the speakers under another key."""

    name = "lazy"

    def __call__(self, material: AttackMaterial) -> Trials | None:
        """See :class:`Attacker`."""
        if len(material.keys) < 2:
            return None
        parts = [
            _compared(material.enrolled, material.converted.of_key(before), material.converted.of_key(key), Cosine())
            for before, key in zip(material.keys[-1:] + material.keys[:-1], material.keys, strict=True)
        ]
        return Trials.together(parts)


class SemiInformed:
    """Like :class:`Lazy`, but with many keys and a back end trained on converted speech of other speakers.

    Args:
        name: the attacker's name.
        train: trains the back end on vectors ``[N, D]`` and their speakers.
    """

    def __init__(self, name: str, train: Callable[[FloatArray, tuple[str, ...]], Backend]) -> None:
        self.name, self._train = name, train

    def __call__(self, material: AttackMaterial) -> Trials | None:
        """See :class:`Attacker`."""
        if len(material.keys) < 2:
            return None
        parts: list[Trials] = []
        for fold in range(FOLDS):
            inside = material.enrolled[fold::FOLDS]
            outside = [name for name in material.enrolled if name not in inside]
            learned = material.converted.of_speakers(outside)
            if material.training is not None:
                learned = learned.joined(_not_of(inside, material.training))
            if len(set(learned.speakers)) < 3 or len(inside) < 2:
                return None
            backend = self._train(learned.values, learned.speakers)
            here = material.converted.of_speakers(inside)
            for key in material.keys:
                others = here.of_key(*(other for other in material.keys if other != key))
                parts.append(_compared(material.enrolled, others, here.of_key(key), backend))
        return Trials.together(parts)


class Prosody:
    """Uses only timing, pitch and loudness: compares statistics of the speakers' own speech, weighted on other
    speakers.
    """

    name = "prosody"

    def __call__(self, material: AttackMaterial) -> Trials | None:
        """See :class:`Attacker`."""
        parts: list[Trials] = []
        for fold in range(FOLDS):
            inside = material.enrolled[fold::FOLDS]
            outside = [name for name in material.enrolled if name not in inside]
            learned = material.originals.of_speakers(outside)
            if len(set(learned.speakers)) < 3 or len(inside) < 2:
                return None
            known, heard = (each.of_speakers(inside) for each in (material.originals, material.converted))
            # The converter moves some statistics by the same amount for everybody; an attacker notices that, too.
            known, heard = _level(known), _level(heard)
            parts.append(_compared(material.enrolled, known, heard, Wccn(_level(learned).values, learned.speakers)))
        return Trials.together(parts)


class Linked:
    """Not an attack but the intended use: under one key each speaker has one voice, different from everybody else's."""

    name = "same key"

    def __call__(self, material: AttackMaterial) -> Trials:
        """See :class:`Attacker`."""
        parts = []
        for key in material.keys:
            here = material.converted.of_key(key)
            parts.append(_compared(material.enrolled, here, here, Cosine()))
        return Trials.together(parts)


ATTACKERS: tuple[Attacker, ...] = (
    Ignorant(),
    Lazy(),
    SemiInformed("semi-informed, WCCN", Wccn),
    SemiInformed("semi-informed, PLDA", Plda),
    Undo(),
)
"""The attackers that compare embeddings."""


def _compared(enrolled: tuple[str, ...], known: Vectors, heard: Vectors, backend: Backend) -> Trials:
    """Score each half of ``heard`` against the means of ``known``'s other half; nan for speakers not in ``known``."""
    index = {name: number for number, name in enumerate(enrolled)}
    parts: list[Trials] = []
    for odd in (False, True):
        templates, trials = known.half(odd), heard.half(not odd)
        names = [name for name in enrolled if name in set(templates.speakers)]
        spoken = np.array([index[name] for name in trials.speakers], np.int64)
        scores = np.full((len(trials), len(enrolled)), np.nan)
        if names and len(trials):
            who = np.array(templates.speakers)
            means = np.stack([templates.values[who == name].mean(axis=0) for name in names])
            count = max(1, round(len(templates) / len(names)))
            scores[:, [index[name] for name in names]] = backend.scores(means, count, trials.values)
        parts.append(Trials(scores, spoken, enrolled))
    return Trials.together(parts)


def _not_of(speakers: Sequence[str], vectors: Vectors) -> Vectors:
    """The vectors without those of ``speakers`` and of speakers derived from them."""
    return vectors.where(np.array([name.partition("~")[0] not in speakers for name in vectors.speakers], bool))


def _level(vectors: Vectors) -> Vectors:
    """Each statistic in standard deviations from its mean over all vectors."""
    spread = np.maximum(vectors.values.std(axis=0), 1e-9)
    return Vectors(
        (vectors.values - vectors.values.mean(axis=0)) / spread, vectors.speakers, vectors.takes, vectors.keys
    )
