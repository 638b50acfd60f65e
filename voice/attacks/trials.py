"""Utterances as vectors, their scores against enrolled speakers, and the summary of an attack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from timeline import FloatArray
from voice.attacks.measures import Interval, Numbers, bootstrap_eer, det, linkability, tpr_at
from voice.attacks.measures import eer as equal_error_rate

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Utterances as vectors ``[N, D]``: embeddings or statistics.

    Attributes:
        values: ``[N, D]``.
        speakers: ``[N]``, who speaks.
        takes: ``[N]``, the number of the utterance among that speaker's, from 0.
        keys: ``[N]``, the key under which it was converted; always 0 for originals.
    """

    values: FloatArray = field(repr=False)
    speakers: tuple[str, ...]
    takes: tuple[int, ...]
    keys: tuple[int, ...]

    def __post_init__(self) -> None:
        if not len(self.values) == len(self.speakers) == len(self.takes) == len(self.keys):
            raise ValueError("vectors, speakers, takes and keys differ in number")

    def __len__(self) -> int:
        return len(self.speakers)

    def where(self, chosen: npt.NDArray[np.bool_]) -> Vectors:
        """The vectors for which ``chosen`` ``[N]`` is true."""
        index = np.flatnonzero(chosen)
        return Vectors(
            self.values[index],
            tuple(self.speakers[i] for i in index),
            tuple(self.takes[i] for i in index),
            tuple(self.keys[i] for i in index),
        )

    def half(self, odd: bool) -> Vectors:
        """Every other utterance of each speaker: the odd ones, or the even ones."""
        return self.where(np.array(self.takes, int) % 2 == int(odd))

    def of_key(self, *keys: int) -> Vectors:
        """The vectors under any of ``keys``."""
        return self.where(np.isin(np.array(self.keys, int), keys))

    def of_speakers(self, speakers: Sequence[str]) -> Vectors:
        """The vectors of ``speakers``."""
        return self.where(np.isin(np.array(self.speakers), list(speakers)))

    def joined(self, *others: Vectors) -> Vectors:
        """These vectors followed by ``others``."""
        every = [vectors for vectors in (self, *others) if len(vectors)]
        return Vectors(
            np.concatenate([vectors.values for vectors in every]) if every else self.values,
            tuple(name for vectors in every for name in vectors.speakers),
            tuple(take for vectors in every for take in vectors.takes),
            tuple(key for vectors in every for key in vectors.keys),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """Scores ``[T, E]`` of utterances against enrolled speakers; nan where they were not compared.

    Attributes:
        scores: ``[T, E]``; higher means likelier the same speaker.
        spoken: ``[T]``, index of the enrolled speaker who speaks.
        enrolled: names ``[E]``.
    """

    scores: Numbers = field(repr=False)
    spoken: Indices = field(repr=False)
    enrolled: tuple[str, ...]

    @staticmethod
    def together(parts: Sequence[Trials]) -> Trials:
        """Join trials against the same enrolled speakers. Raises ValueError if the speakers differ."""
        if not parts or any(part.enrolled != parts[0].enrolled for part in parts):
            raise ValueError("trials against different speakers cannot be pooled")
        return Trials(
            np.concatenate([part.scores for part in parts]),
            np.concatenate([part.spoken for part in parts]),
            parts[0].enrolled,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an attack; all shares lie in 0..1.

    Attributes:
        eer: equal error rate and its interval over speakers; .5 is perfect hiding.
        identified: share of the utterances whose true speaker scores highest.
        chance: share that guessing would identify.
        linkability: D_sys; 0 is perfect hiding.
        tpr: share of the pairs of one speaker found at 1 % false alarms.
        worst: the least hidden speaker and their own equal error rate.
        speakers: name -> (equal error rate, share identified).
        curve: DET curve, ``(false alarms, misses)``.
        trials: number of utterances attacked.
    """

    eer: Interval
    identified: float
    chance: float
    linkability: float
    tpr: float
    worst: tuple[str, float]
    speakers: dict[str, tuple[float, float]] = field(repr=False)
    curve: list[tuple[float, float]] = field(repr=False)
    trials: int


def outcome(trials: Trials, rounds: int = 1000) -> Outcome:
    """Everything reported about an attack.

    Raises:
        ValueError: there is no pair of one speaker, or none of two.
    """
    rows, columns = np.nonzero(np.isfinite(trials.scores))
    scores, own = trials.scores[rows, columns], trials.spoken[rows]
    same = own == columns
    if same.all() or not same.any():
        raise ValueError(
            "an attack needs pairs of one speaker and of two; enrol two speakers or more, with two utterances each"
        )
    compared = np.isfinite(trials.scores)
    filled = np.where(compared, trials.scores, -np.inf)
    own_score = filled[np.arange(len(filled)), trials.spoken]
    # If several speakers share the highest score, the attacker guesses among them.
    ahead, level = (filled > own_score[:, None]).sum(axis=1), (filled == own_score[:, None]).sum(axis=1)
    hit = np.where((ahead == 0) & np.isfinite(own_score), 1.0 / np.maximum(level, 1), 0.0)
    spread: dict[str, tuple[float, float]] = {}
    for number, name in enumerate(trials.enrolled):
        mine = columns == number
        if same[mine].any() and not same[mine].all():
            rate = equal_error_rate(scores[mine], same[mine])
            spread[name] = rate, float(hit[trials.spoken == number].mean())
    worst = min(spread, key=lambda name: (spread[name][0], -spread[name][1]))
    return Outcome(
        eer=bootstrap_eer(scores, own, columns.astype(np.int64), rounds),
        identified=float(hit.mean()),
        chance=float((1.0 / compared.sum(axis=1)).mean()),
        linkability=linkability(scores[same], scores[~same]),
        tpr=tpr_at(scores, same),
        worst=(worst, spread[worst][0]),
        speakers=spread,
        curve=det(scores, same),
        trials=len(trials.spoken),
    )
