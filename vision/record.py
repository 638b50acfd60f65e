"""What one pass leaves of each face: where it was sighted and what it looked like, before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from vision.detect import Floats


@dataclass(slots=True, eq=False)
class Record:
    """The sightings of one track, in order of time.

    ``after_cut``: the number of the track that stood in this place until the picture was cut, if this one began at a
    cut.
    ``cut``: the track ended because the picture was cut.
    """

    number: int
    times: list[float] = field(default_factory=list)
    boxes: list[npt.NDArray[np.float32]] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    crossing: list[bool] = field(default_factory=list)
    crop_times: list[float] = field(default_factory=list)
    embeddings: list[npt.NDArray[np.float16]] = field(default_factory=list)
    quality: list[float] = field(default_factory=list)
    tries: int = 0
    good: int = 0
    after_cut: int | None = None
    cut: bool = False
    speaking_times: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    speaking: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def see(self, t: float, box: npt.NDArray[np.float32], score: float, crossing: bool) -> None:
        """Sighted at ``t`` (s) in ``box`` (px)."""
        self.times.append(t)
        self.boxes.append(box)
        self.scores.append(score)
        self.crossing.append(crossing)

    def recognise(self, t: float, embedding: Floats, quality: float) -> None:
        """Its appearance at ``t`` (s). Half precision: an hour of a face is 2 MB."""
        self.crop_times.append(t)
        self.embeddings.append(embedding.astype(np.float16))
        self.quality.append(quality)

    def is_face(self, birth: float) -> bool:
        """Whether it is more than one weak detection."""
        return len(self.times) > 1 or max(self.scores) >= birth


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """An unbroken part of a record: one face for sure, or (``crossing``) two that share a place.

    ``times [N]``, ``boxes [N, 4]`` sightings; ``crop_times [S]``, ``embeddings [S, D]``, ``quality [S]`` crops.
    """

    record: Record
    times: npt.NDArray[np.float64]
    boxes: Floats
    crop_times: npt.NDArray[np.float64]
    embeddings: Floats
    quality: Floats
    crossing: bool


def stretches(record: Record, gap: float) -> list[Stretch]:
    """Split a record where faces cross or where it was not sighted for more than ``gap`` seconds."""
    times = np.asarray(record.times, np.float64)
    crossing = np.asarray(record.crossing, np.bool_)
    breaks = (np.diff(times) > gap) | (crossing[1:] != crossing[:-1])
    starts = np.concatenate([[0], np.flatnonzero(breaks) + 1, [len(times)]])
    boxes = np.stack(record.boxes)
    crop_times = np.asarray(record.crop_times, np.float64)
    embeddings = np.stack(record.embeddings).astype(np.float32) if record.embeddings else np.zeros((0, 1), np.float32)
    quality = np.asarray(record.quality, np.float32)
    out = []
    for a, b in pairwise(starts):
        inside = (crop_times >= times[a]) & (crop_times <= times[b - 1])
        out.append(
            Stretch(
                record,
                times[a:b],
                boxes[a:b],
                crop_times[inside],
                embeddings[inside],
                quality[inside],
                bool(crossing[a]),
            )
        )
    return out
