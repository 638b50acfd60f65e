"""Face tracks as vision passes them on: arrays, one row per picture frame."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from timeline.document import Track

WHOLE_PICTURE = "the whole picture is masked"
"""End of the reason of a track that covers the whole picture because it is not known what else to mask."""


def _empty() -> npt.NDArray[np.float64]:
    return np.zeros(0, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class FaceTrack:
    """One face over time.

    Attributes:
        id: "t1", "t2", ...
        times: ``[N]`` s, strictly increasing, one for each picture frame from the first to the last sighting.
        boxes: ``[N, 4]`` px ``x, y, w, h``, the face from brow to chin (no margin).
        enrolled: the enrolled person's id in the gallery, or None if nobody was recognised.
        shown: ``[N]`` True where the face was recognised, more than once, as someone who agreed to be seen.
        similarity: cosine of the face to that person's template, 0 if nobody was recognised.
        embedding: ``[D]`` L2-normalised mean appearance, or None if no crop was good enough.
        speaking_times: ``[M]`` s.
        speaking: ``[M]`` probability that this face is the one speaking.
        reason: why the face is shown or masked, for the report.
        synchrony: ``[M]`` how well the lips and the sound go together at ``speaking_times``: 0 on average unless this
            face talks. Empty if it was not measured. Not for the document.
    """

    id: str
    times: npt.NDArray[np.float64]
    boxes: npt.NDArray[np.float32]
    enrolled: str | None = None
    shown: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    similarity: float = 0.0
    embedding: npt.NDArray[np.float32] | None = None
    speaking_times: npt.NDArray[np.float64] = field(default_factory=_empty)
    speaking: npt.NDArray[np.float64] = field(default_factory=_empty)
    reason: str = "not recognised"
    synchrony: npt.NDArray[np.float64] = field(default_factory=_empty)

    def __post_init__(self) -> None:
        if self.boxes.shape != (len(self.times), 4):
            raise ValueError(f"boxes {self.boxes.shape} do not fit {len(self.times)} times")
        if len(self.shown) not in (0, len(self.times)):
            raise ValueError(f"shown {self.shown.shape} does not fit {len(self.times)} times")
        if len(self.speaking) != len(self.speaking_times):
            raise ValueError("speaking and speaking_times differ in length")
        if len(self.synchrony) not in (0, len(self.speaking_times)):
            raise ValueError("synchrony and speaking_times differ in length")

    @classmethod
    def whole_picture(cls, id: str, times: npt.NDArray[np.float64], size: tuple[int, int], reason: str) -> FaceTrack:
        """A masked track over the whole picture.

        Args:
            id: of the track.
            times: ``[N]`` s, strictly increasing.
            size: width and height of the picture, px.
            reason: why the faces in it are not known.
        """
        boxes = np.tile(np.array([0, 0, *size], np.float32), (len(times), 1))
        return cls(id, times, boxes, shown=np.zeros(len(times), np.bool_), reason=f"{reason}: {WHOLE_PICTURE}")

    @property
    def covers_picture(self) -> bool:
        """Whether the track covers the whole picture, see :meth:`whole_picture`."""
        return self.reason.endswith(WHOLE_PICTURE)

    @property
    def why(self) -> str:
        """The reason without :data:`WHOLE_PICTURE`."""
        return self.reason.removesuffix(f": {WHOLE_PICTURE}")

    @property
    def start(self) -> float:
        """Time of the first sighting, seconds."""
        return float(self.times[0])

    @property
    def end(self) -> float:
        """Time of the last sighting, seconds."""
        return float(self.times[-1])

    @property
    def ever_shown(self) -> bool:
        """Whether the face is shown in any frame."""
        return bool(self.shown.any())

    def with_speaking(
        self,
        times: npt.NDArray[np.float64],
        probability: npt.NDArray[np.float64],
        synchrony: npt.NDArray[np.float64] | None = None,
    ) -> FaceTrack:
        """The same track with its speaking scores, and ``synchrony``, ``[M]`` at ``times`` ``[M]`` seconds."""
        found = _empty() if synchrony is None else synchrony
        return replace(self, speaking_times=times, speaking=probability, synchrony=found)

    def to_document(self, person: str | None) -> Track:
        """The track as it is written to ``timeline.json``, assigned to ``person`` (an id in the document)."""
        return Track(
            id=self.id,
            start=self.start,
            end=self.end,
            person=person,
            masked=not self.ever_shown,
            boxes=[
                (round(float(t), 3), *(round(float(v), 1) for v in box))
                for t, box in zip(self.times, self.boxes, strict=True)
            ],
            speaking=[
                (round(float(t), 3), round(float(p), 4))
                for t, p in zip(self.speaking_times, self.speaking, strict=True)
            ],
        )
