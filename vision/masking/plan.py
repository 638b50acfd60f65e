"""What must be masked at an instant: whole heads, before and after sightings as well, with a margin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from timeline import FaceTrack
from vision.geometry import Floats, cut_back, grown, hull, intersections, iou_matrix
from vision.masking.settings import COVERED_AROUND, IN_PLACE, SPEED_OVER, TIGHT
from vision.settings import MaskSettings

LAST = 1e-3
BUCKET = 2.0


def head(boxes: Floats, settings: MaskSettings, growth: float = 0.0) -> Floats:
    """The whole heads ``[K, 4]`` of the faces ``boxes`` ``[K, 4]``, enlarged on every side by ``growth`` face sizes."""
    boxes = np.asarray(boxes, np.float32).reshape(-1, 4)
    x, y, w, h = boxes.T
    size = np.sqrt(np.maximum(w * h, 0.0))
    wide = np.maximum(w, 0.7 * h)  # a face in profile has a narrow box, but its head is as wide as ever
    middle = x + w / 2
    left, right = (
        middle - wide * (0.5 + settings.side) - growth * size,
        middle + wide * (0.5 + settings.side) + growth * size,
    )
    top, bottom = y - settings.above * h - growth * size, y + (1.0 + settings.below) * h + growth * size
    return np.stack([left, top, right - left, bottom - top], axis=1).astype(np.float32)


class MaskPlan:
    """The masks of a recording, from its face tracks."""

    def __init__(self, tracks: Sequence[FaceTrack], size: tuple[int, int], settings: MaskSettings) -> None:
        """``size``: width and height of the pictures, px."""
        self._tracks = [track for track in tracks if len(track.times)]
        self._size = size
        self._settings = settings
        self._masked = [
            ~track.shown if len(track.shown) else np.ones(len(track.times), np.bool_) for track in self._tracks
        ]
        self._near: dict[int, list[int]] = {}  # tracks by time, so that a frame costs the same in a long meeting
        for index, track in enumerate(self._tracks):
            first = int((track.start - settings.before - 1.0) // BUCKET)
            for bucket in range(first, int((track.end + settings.after + 1.0) // BUCKET) + 1):
                self._near.setdefault(bucket, []).append(index)

    def boxes(self, t: float) -> Floats:
        """What must be masked at ``t`` (s): ``[K, 4]`` px x, y, w, h, within the picture; ``t`` in any order."""
        return self.regions(t)[0]

    def regions(self, t: float) -> tuple[Floats, Floats]:
        """:meth:`boxes`, and for each ``[K]`` the probability 0..1 that the person in it speaks.

        A stranger's face is masked even if it overlaps a shown one; only the margin around it gives way to a shown
        face.
        """
        hidden: list[tuple[Floats, Floats]] = []
        whose: list[int] = []
        guessed: list[tuple[int, Floats, float]] = []
        visible: list[Floats] = []
        for index in self._near.get(int(t // BUCKET), ()):
            track, masked = self._tracks[index], self._masked[index]
            if not track.start - LAST <= t <= track.end + LAST:
                guessed.extend((index, *guess) for guess in self._beyond(track, masked, t))
                near = np.arange(*np.searchsorted(track.times, [t - COVERED_AROUND, t + COVERED_AROUND]))
            else:
                near = np.arange(*self._around(track, t))
                if not masked[self._nearest(track, t)]:
                    visible.append(track.boxes[self._nearest(track, t)])
            rows = near[masked[near]]
            if len(rows):
                faces = track.boxes[rows]
                hidden.append((hull(head(faces, self._settings)), hull(grown(faces, TIGHT))))
                whose.append(index)
        shown = np.asarray(visible, np.float32).reshape(-1, 4)
        for index, both, growth in guessed:
            hidden.extend(self._guess(both, growth, shown))
            whose.extend([index] * (len(hidden) - len(whose)))
        regions = [cut_back(outer, inner, shown) for outer, inner in hidden]
        speaking = np.asarray([self._speaking(index, t) for index in whose], np.float32)
        return self._clipped(np.asarray(regions, np.float32).reshape(-1, 4), speaking)

    def _speaking(self, index: int, t: float) -> float:
        track = self._tracks[index]
        if not len(track.speaking_times):
            return 0.0
        return float(np.interp(t, track.speaking_times, track.speaking, left=0.0, right=0.0))

    def _guess(self, both: Floats, growth: float, shown: Floats) -> list[tuple[Floats, Floats]]:
        """The regions where an unseen face may be, each with its part that gives way to nobody.

        ``both``: where it was seen, and where it was heading. A face that is shown in that place is another one; the
        regions on either side of it are masked.
        """
        if len(shown):
            free = iou_matrix(both, shown).max(axis=1) < IN_PLACE
            if not free.all() or intersections(hull(both)[None], shown).any():
                faces = both[free]
                points = np.concatenate([faces[:, :2] + faces[:, 2:] / 2, np.zeros_like(faces[:, 2:])], axis=1)
                return list(zip(head(faces, self._settings, growth), points, strict=True))
        return [(hull(head(both, self._settings, growth)), hull(both))]

    @staticmethod
    def _around(track: FaceTrack, t: float) -> tuple[int, int]:
        """First row near ``t`` and the row after the last: at least the rows just before and after ``t``."""
        at = int(np.searchsorted(track.times, t))
        low, high = np.searchsorted(track.times, [t - COVERED_AROUND, t + COVERED_AROUND])
        return max(0, min(int(low), at - 1)), min(len(track.times), max(int(high), at + 1))

    @staticmethod
    def _nearest(track: FaceTrack, t: float) -> int:
        at = int(np.clip(np.searchsorted(track.times, t), 0, len(track.times) - 1))
        return at - 1 if at and abs(track.times[at - 1] - t) < abs(track.times[at] - t) else at

    def _beyond(self, track: FaceTrack, masked: npt.NDArray[np.bool_], t: float) -> list[tuple[Floats, float]]:
        """Where a masked face is expected before its first or after its last sighting.

        Returns the box where it was seen and the box it came from or was heading to, ``[2, 4]``, and how much it has
        grown.
        """
        if t < track.start and masked[0] and track.start - t <= self._settings.before:
            away, end, sign = track.start - t, 0, -1.0
        elif t > track.end and masked[-1] and t - track.end <= self._settings.after:
            away, end, sign = t - track.end, len(track.times) - 1, 1.0
        else:
            return []
        box = track.boxes[end]
        size = float(np.sqrt(max(box[2] * box[3], 1.0)))
        inner = int(np.argmin(np.abs(track.times - (track.times[end] - sign * 0.3))))
        span = abs(float(track.times[end] - track.times[inner]))
        moved = np.zeros(2)
        if span > SPEED_OVER:
            middle = track.boxes[[inner, end], :2] + track.boxes[[inner, end], 2:] / 2
            speed = (middle[1] - middle[0]) / span
            moved = np.clip(speed * away, -1.5 * size, 1.5 * size)
        heading = box.copy()
        heading[:2] += moved.astype(np.float32)
        return [(np.stack([box, heading]), self._settings.growth * away)]

    def _clipped(self, regions: Floats, speaking: Floats) -> tuple[Floats, Floats]:
        width, height = self._size
        low = np.clip(regions[:, :2], 0, [width, height])
        high = np.clip(regions[:, :2] + regions[:, 2:], 0, [width, height])
        kept = (high > low).all(axis=1)
        return np.asarray(np.concatenate([low, high - low], axis=1)[kept], np.float32), speaking[kept]
