"""What enrolment is handed: how faces and voices become embeddings is the business of other rooms."""

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
        box: ``x, y, w, h`` px, from brow to chin; it may reach over the picture's edge.
        landmarks: ``[5, 2]`` px: left eye, right eye, nose tip, left and right corner of the mouth, left and right as
            they stand in the picture (the order of YuNet, SCRFD, RetinaFace and ArcFace's alignment).
        score: the detector's confidence, 0..1.
        embedding: ``[D]`` float32, of any length.
    """

    box: tuple[float, float, float, float]
    landmarks: FloatArray
    score: float
    embedding: FloatArray

    @property
    def side(self) -> float:
        """The shorter side of the box, px."""
        return min(self.box[2], self.box[3])


class FaceFinder(Protocol):
    """Finds and embeds all faces in a picture, the small and the uncertain ones as well."""

    @property
    def model(self) -> str:
        """Id of the recognition model in the weights store."""
        ...

    @property
    def same(self) -> float:
        """Cosine from which on two embeddings are taken to be of one person."""
        ...

    def __call__(self, image: Image) -> Sequence[FoundFace]:
        """All faces in ``image`` uint8 ``[H, W, 3]`` BGR, in any order; none is an empty sequence."""
        ...


class VoiceEmbedder(Protocol):
    """Embeds a voice."""

    @property
    def model(self) -> str:
        """Id of the voiceprint model in the weights store."""
        ...

    @property
    def same(self) -> float:
        """Cosine from which on two embeddings are taken to be of one person: what an open-set decision would use."""
        ...

    def __call__(self, samples: FloatArray) -> FloatArray:
        """``[D]`` float32 of ``samples`` float32 ``[n]`` in -1..1 at 16 kHz, one second or more of speech."""
        ...


class SpeechFinder(Protocol):
    """Finds speech."""

    def __call__(self, audio: Audio) -> Sequence[Segment]:
        """The spans of speech in ``audio`` (16 kHz), seconds."""
        ...
