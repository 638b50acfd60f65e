"""Whether several photos, or several clips, are of one person: yes, no, or nothing tells.

The owner says that they are. Calibrated likelihood ratios between any two of them confirm it, contradict it, or cannot
tell: two small or turned photos of one person may resemble each other no more than those of two people do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from timeline import FloatArray

STEEPNESS = 20.0
"""Log-odds by which a cosine counts for or against one person, for a model without a measured ratio."""


@runtime_checkable
class Calibrated(Protocol):
    """A finder or embedder whose scores were measured."""

    def ratio(self, cosine: float, one: float, other: float) -> float:
        """Natural log of the likelihood ratio, one person to two.

        Args:
            cosine: of two embeddings.
            one, other: what is behind each: a face's ``FoundFace.quality``, or a voice's seconds of speech.
        """
        ...


class Model(Protocol):
    """A finder or embedder."""

    @property
    def same(self) -> float:
        """Cosine from which two embeddings count as the same person."""
        ...


def ratio(model: Model, cosine: float, one: float, other: float) -> float:
    """The model's own ratio (see :class:`Calibrated`), or one that only knows its ``same``."""
    if isinstance(model, Calibrated):
        return model.ratio(cosine, one, other)
    return STEEPNESS * (cosine - model.same)


def ratios(model: Model, embeddings: FloatArray, behind: Sequence[float]) -> npt.NDArray[np.float64]:
    """The ratio of any two of ``embeddings [N, D]``, ``[N, N]``; ``behind [N]``: see :class:`Calibrated`."""
    rows = embeddings / np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-12)
    cosine = rows @ rows.T
    table = [[ratio(model, float(cosine[i, j]), a, b) for j, b in enumerate(behind)] for i, a in enumerate(behind)]
    return np.array(table, np.float64).reshape(len(rows), len(rows))


@dataclass(frozen=True, slots=True)
class Sorted:
    """Indices of samples: surely of one person, perhaps of that person, and of somebody else."""

    same: tuple[int, ...]
    unsure: tuple[int, ...]
    others: tuple[int, ...]


def sort_samples(table: npt.NDArray[np.float64], sure: float, two: float) -> Sorted:
    """Sort ``N`` samples by their ratios ``table [N, N]``.

    Samples are linked if their ratio reaches ``sure``, directly or through others; the largest group is the person. Of
    groups of equal size the first is, unless two of them are two people: then nobody is. Of the rest, those whose mean
    ratio to it is over ``two`` may be the same person.
    """
    count = len(table)
    linked = (table >= sure) | np.eye(count, dtype=bool)
    for _ in range(count.bit_length()):  # the length of the paths doubles each time
        linked = linked @ linked
    groups = sorted({tuple(np.flatnonzero(row).tolist()) for row in linked}, key=lambda g: (-len(g), g))
    if not groups:
        return Sorted((), (), ())

    def apart(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
        return float(table[np.ix_(one, other)].mean()) <= two

    largest = [group for group in groups if len(group) == len(groups[0])]
    if any(apart(a, b) for i, a in enumerate(largest) for b in largest[:i]):
        return Sorted((), (), tuple(range(count)))
    same, rest = groups[0], groups[1:]
    others = [group for group in rest if apart(same, group)]
    return Sorted(
        same,
        tuple(sorted(i for group in rest if group not in others for i in group)),
        tuple(sorted(i for group in others for i in group)),
    )
