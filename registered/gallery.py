"""The gallery: all templates of one model, and how similar an embedding is to each person.

It includes people whose consent has expired, and those who opted out: they must be recognised in order to be
protected. ``Registry.consents`` says what they agree to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from registered.people import Enrolled
from timeline import FloatArray, PeopleError

_POOR = 0.5


class _People(Protocol):
    def people(self) -> list[Enrolled]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """Templates of ``P`` people.

    Attributes:
        model: id of the model that made the templates.
        ids: ``P`` person ids, sorted.
        matrix: ``[K, D]`` float32, rows of length 1; ``[0, 0]`` if empty.
        owner: ``[K]`` index into ``ids`` of each row.
        quality: ``[K]`` float32 in (0, 1].
    """

    model: str
    ids: tuple[str, ...]
    matrix: FloatArray
    owner: npt.NDArray[np.intp]
    quality: FloatArray

    def __len__(self) -> int:
        """Number of people."""
        return len(self.ids)

    @classmethod
    def for_faces(cls, registry: _People, model: str, without: str | None = None) -> Gallery:
        """The face templates of ``model`` of everybody except the id ``without``.

        Raises:
            PeopleError: templates of one model differ in length.
        """
        people = [person for person in registry.people() if person.id != without]
        return cls.of(model, ((p.id, p.faces, p.quality) for p in people))

    @classmethod
    def for_voices(cls, registry: _People, model: str, without: str | None = None) -> Gallery:
        """Like :meth:`for_faces`, for voices."""
        people = [person for person in registry.people() if person.id != without]
        return cls.of(model, ((p.id, p.voices, p.quality) for p in people))

    @classmethod
    def of(
        cls,
        model: str,
        templates: Iterable[tuple[str, Mapping[str, FloatArray], Mapping[str, FloatArray]]],
    ) -> Gallery:
        """Build a gallery from ``(id, templates by model, their quality by model)``.

        A template with less than half the quality of the same person's best is left out: a poor photo among good ones
        adds false matches rather than true ones.
        """
        ids: list[str] = []
        rows: list[FloatArray] = []
        quality: list[FloatArray] = []
        owner: list[npt.NDArray[np.intp]] = []
        for id, by_model, weights in sorted(templates, key=lambda entry: entry[0]):
            if model not in by_model:
                continue
            good = weights[model] >= _POOR * weights[model].max()
            rows.append(by_model[model][good])
            quality.append(weights[model][good])
            owner.append(np.full(int(good.sum()), len(ids), np.intp))
            ids.append(id)
        if not ids:
            return cls(model, (), np.zeros((0, 0), np.float32), np.zeros(0, np.intp), np.zeros(0, np.float32))
        if len({r.shape[1] for r in rows}) != 1:
            raise PeopleError(
                f"templates of {model} differ in length: they were made by different versions of it",
                "enrol those people again",
            )
        return cls(model, tuple(ids), np.concatenate(rows), np.concatenate(owner), np.concatenate(quality))

    def similarity(self, embedding: npt.ArrayLike, top: int = 1) -> FloatArray:
        """Similarity of ``embedding`` to each person, -1..1.

        Args:
            embedding: ``[D]`` or ``[N, D]``, of any length; one that is not finite, or zero, gets -1.
            top: use the mean of each person's ``top`` best cosines, weighted by template quality; 1: the best one.

        Returns:
            float32 ``[P]`` or ``[N, P]``, in the order of ``ids``.

        Raises:
            ValueError: ``D`` is not that of the templates.
        """
        given = np.asarray(embedding, np.float32)
        rows = np.atleast_2d(given)
        if not len(self):
            return np.zeros((*given.shape[:-1], 0), np.float32)
        if rows.shape[-1] != self.matrix.shape[1]:
            raise ValueError(f"embeddings of length {rows.shape[-1]}, templates of {self.matrix.shape[1]}")
        norms = np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
        known = np.isfinite(norms[:, 0]) & (norms[:, 0] > 1e-12)
        unit = np.divide(rows, norms, out=np.zeros(rows.shape), where=known[:, None])
        cosine = np.clip(unit @ self.matrix.T, -1.0, 1.0)
        out = np.full((len(rows), len(self)), -1.0, np.float32)
        for index in range(len(self)):
            mine = self.owner == index
            scores, weights = cosine[:, mine], self.quality[mine]
            if top <= 1:
                out[:, index] = scores.max(axis=1)
                continue
            best = np.argsort(-scores, axis=1, kind="stable")[:, :top]
            out[:, index] = np.average(np.take_along_axis(scores, best, 1), axis=1, weights=weights[best])
        out[~known] = -1.0
        return out[0] if given.ndim == 1 else out
