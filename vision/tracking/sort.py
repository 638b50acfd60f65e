"""SORT (Bewley et al., 2016): a Kalman filter over box centre, area and ratio, and Hungarian matching by overlap.

As in ByteTrack, strong detections choose their track first, and weak ones then continue the remaining tracks. Boxes are
filtered in units of 1/1280 of the picture's width, so that the paper's noise figures, made for such pictures, hold at
any resolution; time is continuous.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vision.detection.base import Detections
from vision.geometry import Floats, iou_matrix, shared
from vision.settings import SHADOW_COVER, SHADOW_LEAD, SHADOW_SHARE, DetectSettings, TrackSettings
from vision.tracking.settings import TICK


def _state(box: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    x, y, w, h = (float(v) for v in box)
    return np.array([[x + w / 2], [y + h / 2], [w * h], [w / max(h, 1e-6)]])


def _box(state: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    x, y, area, ratio = (float(v) for v in state[:4, 0])
    w = np.sqrt(max(area, 1.0) * max(ratio, 0.05))
    h = max(area, 1.0) / max(w, 1e-6)
    return np.array([x - w / 2, y - h / 2, w, h], np.float32)


def _step(dt: float) -> npt.NDArray[np.float64]:
    f = np.eye(7)
    f[0, 4] = f[1, 5] = f[2, 6] = dt / TICK
    return f


class Motion:
    """Where one face is, and where it is heading. Boxes in the filter's units."""

    def __init__(self, box: npt.NDArray[Any], t: float) -> None:
        from filterpy.kalman import KalmanFilter  # slow to import: commands that track no face do without

        kf = KalmanFilter(dim_x=7, dim_z=4)
        kf.H = np.eye(4, 7)
        kf.R[2:, 2:] *= 10.0
        kf.P[4:, 4:] *= 1000.0
        kf.P *= 10.0
        kf.Q[-1, -1] *= 0.01
        kf.Q[4:, 4:] *= 0.01
        kf.x[:4] = _state(box)
        self._kf, self._t = kf, t

    def at(self, t: float) -> npt.NDArray[np.float32]:
        """The box expected at ``t`` (s); the state does not change."""
        state = _step(t - self._t) @ self._kf.x
        if state[2, 0] <= 1.0:  # the area would shrink below zero: keep the last one
            state[2, 0] = self._kf.x[2, 0]
        return _box(state)

    def see(self, box: npt.NDArray[Any], t: float) -> None:
        """Take in a sighting at ``t`` (s)."""
        dt = max(t - self._t, 0.0)
        if self._kf.x[2, 0] + self._kf.x[6, 0] * dt / TICK <= 1.0:
            self._kf.x[6, 0] = 0.0
        self._kf.predict(F=_step(dt))
        self._kf.update(_state(box))
        self._t = t


def shadowed(found: Detections, lead: float = SHADOW_LEAD) -> npt.NDArray[np.bool_]:
    """``[N, N]``: whether the second of two detections is much better and partly covers the first, its shadow.

    Beside a face, a detector sometimes finds half of it, an ear or a chin. ``lead``: by how much the second score must
    be higher.
    """
    better = found.scores[None, :] >= found.scores[:, None] + lead
    return np.asarray(better & (shared(found.boxes, found.boxes) >= SHADOW_COVER))


def is_shadow(shadows: int, sightings: int) -> bool:
    """Whether a track counts as a shadow: ``shadows`` of its ``sightings`` were seen as a better face's shadow."""
    return shadows >= SHADOW_SHARE * sightings


@dataclass(slots=True, eq=False)
class ActiveTrack:
    """A track in progress.

    Its ``number`` (from 1), when it was first and last seen (s), how often, how often of these as a better one's
    shadow, and its best score.
    """

    number: int
    motion: Motion
    first: float
    seen: float
    hits: int = 1
    best: float = 0.0
    shadows: int = 0

    @property
    def shadow(self) -> bool:
        """Whether it was often seen as the shadow of a better face."""
        return is_shadow(self.shadows, self.hits)


@dataclass(frozen=True, slots=True)
class Match:
    """A live track, seen in this picture as detection ``index``; ``crossing``: another face covers part of it."""

    track: ActiveTrack
    index: int
    new: bool
    crossing: bool


class Sort:
    """The tracker. Feed it the detections of each searched picture in order of time."""

    def __init__(self, size: tuple[int, int], detect: DetectSettings, settings: TrackSettings) -> None:
        """``size``: width and height of the pictures, px."""
        self._scale = 1280.0 / max(size[0], 1)
        self._detect, self._settings = detect, settings
        self._live: list[ActiveTrack] = []
        self._count = 0

    @property
    def live(self) -> list[ActiveTrack]:
        """Tracks that are visible or still looked for."""
        return list(self._live)

    def predict(self, t: float) -> Floats:
        """Boxes ``[K, 4]`` px where :attr:`live` is expected at ``t`` (s)."""
        boxes = [track.motion.at(t) / self._scale for track in self._live]
        return np.asarray(boxes, np.float32).reshape(-1, 4)

    def end(self, numbers: Collection[int]) -> None:
        """End tracks, for instance after a cut: whatever is there now counts as a new face."""
        self._live = [track for track in self._live if track.number not in numbers]

    def update(self, found: Detections, t: float) -> list[Match]:
        """Match ``found`` with the tracks, begin new tracks, and end those that were lost for too long."""
        boxes = found.boxes * np.float32(self._scale)
        strong = found.scores >= self._detect.tentative
        pairs: dict[int, int] = {}
        for chosen in (strong, ~strong):
            free = [k for k in range(len(self._live)) if k not in pairs]
            self._assign(boxes, np.flatnonzero(chosen), free, t, pairs)
        seen: list[tuple[ActiveTrack, int, bool]] = []
        for k, index in pairs.items():
            track = self._live[k]
            track.motion.see(boxes[index], t)
            track.seen, track.hits = t, track.hits + 1
            track.best = max(track.best, float(found.scores[index]))
            seen.append((track, index, False))
        for index in np.flatnonzero(strong).tolist():
            if index not in pairs.values():
                self._count += 1
                track = ActiveTrack(self._count, Motion(boxes[index], t), t, t, best=float(found.scores[index]))
                self._live.append(track)
                seen.append((track, int(index), True))
        better = shadowed(found)
        for track, index, _ in seen:
            track.shadows += bool(better[index].any())
        self._live = [
            track for track in self._live if t - track.seen <= (self._settings.lost if track.hits > 1 else 0.5)
        ]
        order = [index for _, index, _ in seen]
        crossing = self._crossing(boxes[order], better[np.ix_(order, order)], [track for track, _, _ in seen], t)
        return [Match(track, index, new, bool(c)) for (track, index, new), c in zip(seen, crossing, strict=True)]

    def _assign(
        self, boxes: Floats, candidates: npt.NDArray[np.intp], free: list[int], t: float, pairs: dict[int, int]
    ) -> None:
        if not len(candidates) or not free:
            return
        from scipy.optimize import linear_sum_assignment  # slow to import

        expected = np.asarray([self._live[k].motion.at(t) for k in free], np.float32)
        overlap = iou_matrix(expected, boxes[candidates])
        for row, column in zip(*linear_sum_assignment(-overlap), strict=True):
            if overlap[row, column] >= self._settings.iou:
                pairs[free[row]] = int(candidates[column])

    def _crossing(
        self, boxes: Floats, better: npt.NDArray[np.bool_], tracks: list[ActiveTrack], t: float
    ) -> npt.NDArray[np.bool_]:
        """Which of the seen faces overlap another certain face, seen or lost.

        A face and its shadow count as one.
        """
        certain = np.array([track.best >= self._detect.birth for track in tracks], np.bool_)
        lost = [
            k.motion.at(t)
            for k in self._live
            if k not in tracks and k.hits > 1 and k.best >= self._detect.birth and not k.shadow
        ]
        every = np.concatenate([boxes, np.asarray(lost, np.float32).reshape(-1, 4)])
        share = shared(boxes, every)
        share[:, : len(boxes)][:, ~certain] = 0.0
        share[:, : len(boxes)][better.T] = 0.0
        share[np.arange(len(boxes)), np.arange(len(boxes))] = 0.0
        return np.asarray((share >= self._settings.crossing).any(axis=1), np.bool_)
