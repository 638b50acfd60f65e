"""Deciding who a face is, or that it is nobody known, from the crops of a track.

Showing a stranger is the worst error. So a face is accepted as a person only if several good crops agree, if their mean
is close to that person's templates and clearly closer than to anybody else's, and if no good crop contradicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from vision.geometry import Floats
from vision.recognition.face_threshold import JOINED, RecogniseSettings


class FaceGallery(Protocol):
    """The part of ``registered.Gallery`` that this room uses."""

    @property
    def ids(self) -> Sequence[str]:
        """The enrolled people's ids."""
        ...

    @property
    def matrix(self) -> npt.NDArray[np.float32]:
        """All templates ``[K, D]``, rows of length 1."""
        ...

    @property
    def owner(self) -> npt.NDArray[np.integer]:
        """``[K]`` index into ``ids`` for each template."""
        ...

    @property
    def quality(self) -> npt.NDArray[np.float32]:
        """``[K]`` quality of each template, 0..1."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class EnrolledFaces:
    """The enrolled people in the form that the decision needs: ``means [P, D]`` and ``counts [P]`` of their templates.

    The mean of a person's templates distinguishes people far better than the best single one: on the composed meetings
    (two photos each, 2 s of track), 97 % of the enrolled lie above every stranger, compared with 85 %. But photos that
    are little alike may be of two people, whatever their owner says. So each such photo is a ``look`` of its own
    (``looks [L, D]``, of the person ``whose [L]``), and a face must resemble each of them.
    """

    ids: tuple[str, ...]
    means: Floats
    counts: npt.NDArray[np.int64]
    looks: Floats | None = None
    whose: npt.NDArray[np.int64] | None = None

    @classmethod
    def of(cls, gallery: FaceGallery | None, joined: float = JOINED) -> EnrolledFaces:
        """From a gallery; without one, nobody is known.

        ``joined``: cosine from which two templates of a person are surely of one and the same.
        """
        if gallery is None or not len(gallery.ids) or not len(gallery.matrix):
            return cls((), np.zeros((0, 0), np.float32), np.zeros(0, np.int64))
        ids, matrix, owner = tuple(gallery.ids), np.asarray(gallery.matrix, np.float32), np.asarray(gallery.owner)
        counts = np.bincount(owner, minlength=len(ids)).astype(np.int64)
        kept = [i for i in range(len(ids)) if counts[i]]
        weighted = matrix * np.asarray(gallery.quality, np.float32)[:, None]
        means = np.stack([unit(weighted[owner == i].sum(axis=0)) for i in kept])
        looks = [_looks(weighted[owner == i], joined) for i in kept]
        whose = np.repeat(np.arange(len(kept)), [len(rows) for rows in looks])
        return cls(tuple(ids[i] for i in kept), means, counts[kept], np.concatenate(looks), whose)

    def similarity(self, embeddings: Floats) -> Floats:
        """Cosine ``[S, P]`` of ``embeddings`` ``[S, D]`` to every person."""
        if not self.ids:
            return np.zeros((len(embeddings), 0), np.float32)
        return np.asarray(embeddings @ self.means.T, np.float32)

    def least(self, embedding: Floats, person: int) -> float:
        """Least cosine of ``embedding`` ``[D]`` to a look of the person number ``person``."""
        if self.looks is None or self.whose is None:
            return float(self.means[person] @ embedding)
        return float((self.looks[self.whose == person] @ embedding).min())


def _looks(rows: Floats, joined: float) -> Floats:
    """Means ``[L, D]`` of the templates ``[K, D]`` that are linked by a cosine of ``joined``, directly or not."""
    rows = np.asarray(rows, np.float32)
    units = np.stack([unit(row) for row in rows])
    linked = (units @ units.T >= joined) | np.eye(len(rows), dtype=bool)
    for _ in range(len(rows).bit_length()):  # the length of the paths doubles each time
        linked = linked @ linked
    return np.stack([unit(rows[group].sum(axis=0)) for group in np.unique(linked, axis=0)])


def unit(vector: npt.NDArray[np.floating]) -> Floats:
    """``vector`` at length 1."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Identification:
    """Who a run of crops shows.

    ``person`` None: nobody known. ``agrees``/``rejects`` ``[S]``: crops that support or contradict it.
    """

    person: str | None
    similarity: float
    mean: Floats | None
    agrees: npt.NDArray[np.bool_]
    rejects: npt.NDArray[np.bool_]
    reason: str


def combine_identifications(verdicts: Sequence[Identification]) -> Identification:
    """Combine the identifications of consecutive runs of crops of one person."""
    best = max((v for v in verdicts if v.person is not None), key=lambda v: v.similarity)
    means = [v.mean for v in verdicts if v.mean is not None]
    agrees, rejects = (np.concatenate([getattr(v, name) for v in verdicts]) for name in ("agrees", "rejects"))
    return replace(best, mean=unit(np.sum(means, axis=0)) if means else None, agrees=agrees, rejects=rejects)


def identify(
    embeddings: Floats,
    quality: Floats,
    known: EnrolledFaces,
    settings: RecogniseSettings,
    again: str | None = None,
    least: int | None = None,
) -> Identification:
    """Decide over ``embeddings`` ``[S, D]`` with ``quality`` ``[S]``, in order of time.

    Args:
        embeddings: rows of length 1.
        quality: 0..1; crops below the settings' quality do not count.
        known: the enrolled people.
        settings: thresholds.
        again: who this face was just before the picture jumped; only that person can be accepted, with ``least`` crops.
        least: crops that must agree; by default the settings' ``agree``.
    """
    count = len(embeddings)
    nothing = np.zeros(count, np.bool_)
    good = quality >= settings.quality
    if not good.any():
        return Identification(None, 0.0, None, nothing, nothing, "no crop was good enough to recognise")
    weight = quality * good
    mean = unit((embeddings * weight[:, None]).sum(axis=0))
    if not known.ids:
        return Identification(None, 0.0, mean, nothing, good, "nobody is enrolled")
    of_mean = known.similarity(mean[None])[0]
    of_crops = known.similarity(embeddings)
    best = int(np.argmax(of_mean))
    value = float(of_mean[best])
    others = np.delete(of_mean, best)
    lead = value - float(others.max()) if len(others) else 1.0
    rest = np.delete(of_crops, best, axis=1)
    ahead = of_crops[:, best] > rest.max(axis=1) if rest.shape[1] else np.ones(count, np.bool_)
    agrees = good & (of_crops[:, best] >= settings.crop) & ahead
    rejects = good & ~agrees & ((embeddings @ mean < settings.reject) | (of_crops[:, best] < settings.doubt))
    bar = settings.track + (settings.single if known.counts[best] < 2 else 0.0)
    least = settings.agree if least is None else least
    if value < bar:
        reason = f"not like anybody enrolled ({value:.2f} < {bar:.2f})"
    elif known.least(mean, best) < settings.support:
        reason = "not like each of the photos"
    elif lead < settings.margin:
        reason = f"too close to call between two enrolled people (lead {lead:.2f})"
    elif agrees.sum() < least:
        reason = f"only {int(agrees.sum())} crops agree"
    elif agrees.sum() < settings.share * good.sum():
        reason = f"only {int(agrees.sum())} of {int(good.sum())} good crops agree"
    elif again is not None and known.ids[best] != again:
        reason = "no longer the person it was"
    else:
        return Identification(known.ids[best], value, mean, agrees, rejects, f"recognised ({value:.2f})")
    return Identification(None, value, mean, nothing, good, reason)
