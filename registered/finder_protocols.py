"""What enrolment is given: other rooms turn faces and voices into embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from timeline import Audio, FloatArray, Segment

Image = npt.NDArray[np.uint8]
"""A picture ``[H, W, 3]``, BGR, upright."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundFace:
    """A face in a picture.

    Attributes:
        box: ``x, y, w, h`` px, from brow to chin; may reach beyond the picture's edge.
        landmarks: ``[5, 2]`` px: left eye, right eye, nose tip, left and right corner of the mouth, left and right as
            seen in the picture (the order of YuNet, SCRFD, RetinaFace and ArcFace's alignment).
        score: the detector's confidence, 0..1.
        embedding: ``[D]`` float32, of any length.
        quality: how much the embedding tells about the identity, 0..1.
    """

    box: tuple[float, float, float, float]
    landmarks: FloatArray
    score: float
    embedding: FloatArray
    quality: float = 1.0

    @property
    def side(self) -> float:
        """The shorter side of the box, px."""
        return min(self.box[2], self.box[3])


class FaceFinder(Protocol):
    """Finds and embeds all faces in a picture, including small and uncertain ones.

    It may also be ``registered.same_person.Calibrated``.
    """

    @property
    def model(self) -> str:
        """Id of the recognition model in the weights store."""
        ...

    @property
    def same(self) -> float:
        """Cosine from which two embeddings count as the same person."""
        ...

    def __call__(self, image: Image) -> Sequence[FoundFace]:
        """All faces in ``image`` uint8 ``[H, W, 3]`` BGR, in any order; may be empty."""
        ...


class VoiceEmbedder(Protocol):
    """Embeds a voice; may also be ``registered.same_person.Calibrated``."""

    @property
    def model(self) -> str:
        """Id of the speaker embedding model in the weights store."""
        ...

    @property
    def same(self) -> float:
        """Cosine from which two embeddings count as the same person in an open-set decision."""
        ...

    def __call__(self, samples: FloatArray) -> FloatArray:
        """The embedding ``[D]`` float32 of ``samples`` float32 ``[n]`` in -1..1, 16 kHz, at least 1 s of speech."""
        ...


class SpeechFinder(Protocol):
    """Finds speech."""

    def __call__(self, audio: Audio) -> Sequence[Segment]:
        """The spans of speech in ``audio`` (16 kHz), seconds."""
        ...
