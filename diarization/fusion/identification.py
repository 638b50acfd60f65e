"""Open-set speaker identification: clusters compared with the templates of enrolled people.

Somebody who is not enrolled must stay unknown, so a template must be similar to the voice, and more so than every other
person's. There are two levels: a *match* grants what a person agreed to, a *suspicion* suffices to withhold it.
Measured on the composed meetings and far-field excerpts (8 templates of 10 s): speakers reach 0.61 or more to
themselves, strangers 0.27 at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from diarization.fusion.settings import STEEPNESS
from diarization.settings import FusionSettings
from timeline import FloatArray


class VoiceGallery(Protocol):
    """The part of ``registered.Gallery`` that this room uses: templates of enrolled people."""

    @property
    def model(self) -> str:
        """Name of the model that made the templates."""
        ...

    @property
    def ids(self) -> Sequence[str]:
        """Ids of the ``P`` people."""
        ...

    def similarity(self, embedding: FloatArray) -> FloatArray:
        """Cosine ``[P]`` of ``embedding [D]`` to each person."""
        ...


@dataclass(frozen=True, slots=True)
class Voice:
    """What the gallery says about one cluster.

    Attributes:
        match: the enrolled person whose voice it is, or None.
        probability: of ``match``; 0 without one.
        suspects: everybody it could be, including ``match``.
        similarity: cosine to each person of the gallery.
    """

    match: str | None
    probability: float
    suspects: frozenset[str]
    similarity: dict[str, float]


NOBODY = Voice(None, 0.0, frozenset(), {})


def probability(similarity: float, settings: FusionSettings) -> float:
    """Probability that a voice with this cosine to a template is that person's, 0..1."""
    return float(1 / (1 + np.exp(-STEEPNESS * (similarity - settings.name_similarity))))


def identify(embedding: FloatArray, clean: float, gallery: VoiceGallery | None, settings: FusionSettings) -> Voice:
    """Whose voice ``embedding [D]`` is, computed from ``clean`` seconds of speech.

    A cluster with too little speech is never matched, but it can raise suspicion.
    """
    if gallery is None or not len(gallery.ids):
        return NOBODY
    scores = dict(zip(gallery.ids, (float(s) for s in gallery.similarity(embedding)), strict=True))
    suspects = frozenset(id for id, score in scores.items() if score >= settings.suspect_similarity)
    best, *others = sorted(scores, key=lambda id: (-scores[id], id))
    lead = scores[best] - max((scores[id] for id in others), default=-1.0)
    sure = scores[best] >= settings.name_similarity and lead >= settings.name_margin and clean >= settings.min_voice
    if not sure:
        return Voice(None, 0.0, suspects, scores)
    return Voice(best, probability(scores[best], settings), suspects | {best}, scores)
