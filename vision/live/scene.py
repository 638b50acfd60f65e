"""What was seen around the pictures in the delay line, and what follows for each of them.

A picture is judged only with an analysis on either side of it. A face in it is shown only if both analyses found it, as
one person without interruption, if the crops recognised before and after it agree, and if that person agrees to be seen
at this moment. Everything else that counted as a face, before or after, is masked.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from timeline import FaceTrack
from vision.geometry import Floats
from vision.live.messages import FaceObservation, Failure, FrameResult
from vision.live.settings import FORGOTTEN_AT_ONCE, RESULTS_KEPT, LiveMaskingSettings
from vision.masking.plan import MaskPlan
from vision.settings import MaskSettings

EXACT = 1e-6
UNSEEN = "the face detector does not keep up"


@dataclass(frozen=True, slots=True, eq=False)
class LiveFace:
    """A face in one picture: the sighting before it, its box, and whether it is shown."""

    seen: FaceObservation
    box: Floats
    shown: bool


@dataclass(slots=True, eq=False)
class _Trail:
    """The sightings of one track that still matter, in order of time."""

    times: list[float] = field(default_factory=list)
    seen: list[FaceObservation] = field(default_factory=list)
    arrays: tuple[npt.NDArray[np.float64], Floats] | None = None

    def rows(self) -> tuple[npt.NDArray[np.float64], Floats]:
        """Times ``[N]`` and boxes ``[N, 4]``."""
        if self.arrays is None:
            self.arrays = (np.asarray(self.times, np.float64), np.stack([seen.box for seen in self.seen]))
        return self.arrays


class LiveScene:
    """Takes in analyses and decides what to mask. Keeps a few seconds."""

    def __init__(self, mask: MaskSettings, live: LiveMaskingSettings) -> None:
        self._mask = mask.model_copy(update={"after": max(mask.after, live.after)})
        self._live = live
        self._keep = self._mask.after + live.hold + 1.0
        self._looks: deque[float] = deque()
        self._failures: deque[Failure] = deque(maxlen=RESULTS_KEPT)
        self._trails: dict[int, _Trail] = {}

    @property
    def last(self) -> float:
        """Time of the last successful analysis, s."""
        return self._looks[-1] if self._looks else float("-inf")

    def add(self, look: FrameResult) -> None:
        """Take in an analysis; one older than the last is ignored."""
        if look.t <= self.last:
            return
        self._looks.append(look.t)
        for seen in look.faces:
            trail = self._trails.setdefault(seen.number, _Trail())
            trail.times.append(look.t)
            trail.seen.append(seen)
            trail.arrays = None

    def fail(self, failure: Failure) -> None:
        """Take in a failed analysis."""
        self._failures.append(failure)

    def forget(self, t: float) -> None:
        """Drop what only mattered for pictures before ``t``."""
        limit = t - self._keep
        while len(self._looks) > 1 and self._looks[1] < limit:
            self._looks.popleft()
        while self._failures and self._failures[0].t < limit:
            self._failures.popleft()
        for number in [n for n, trail in self._trails.items() if trail.times[-1] < limit]:
            del self._trails[number]
        for trail in self._trails.values():
            gone = bisect_left(trail.times, limit)
            if gone > FORGOTTEN_AT_ONCE:
                del trail.times[:gone], trail.seen[:gone]
                trail.arrays = None

    def blind(self, t: float) -> str | None:
        """Why the content of the picture at ``t`` is unknown; None if it is known."""
        before, after = self._around(t)
        for failure in reversed(self._failures):
            if before <= failure.t <= after or abs(failure.t - t) < EXACT:
                return failure.reason
        if after == float("inf") or after - before > self._live.gap + EXACT:
            return UNSEEN
        return None

    def _around(self, t: float) -> tuple[float, float]:
        """Times of the analyses before and after ``t``; equal if one is at ``t``, infinite if there is none."""
        looks = list(self._looks)
        right = bisect_left(looks, t - EXACT)
        after = looks[right] if right < len(looks) else float("inf")
        if abs(after - t) <= EXACT:
            return after, after
        return (looks[right - 1] if right else float("-inf")), after

    def faces(self, t: float, agreed: Callable[[str], bool]) -> list[LiveFace]:
        """The faces whose first and last sighting enclose ``t``. ``agreed``: whether a person may be seen now."""
        before, after = self._around(t)
        out = []
        for trail in self._trails.values():
            if not trail.times[0] - EXACT <= t <= trail.times[-1] + EXACT or not trail.seen[-1].face:
                continue
            times, boxes = trail.rows()
            box = np.asarray([np.interp(t, times, boxes[:, i]) for i in range(4)], np.float32)
            first = max(0, bisect_right(trail.times, t + EXACT) - 1)
            shown = self._certain(trail, before, after, t, agreed)
            out.append(LiveFace(trail.seen[first], box, shown))
        return out

    def boxes(self, t: float, size: tuple[int, int], faces: list[LiveFace]) -> Floats:
        """What to mask in the picture at ``t``: ``[K, 4]`` px. ``faces``: those at ``t``; ``size``: width, height."""
        shown = {face.seen.number for face in faces if face.shown}
        tracks = []
        for number, trail in self._trails.items():
            if trail.seen[-1].face:
                times, boxes = trail.rows()
                tracks.append(FaceTrack(str(number), times, boxes, shown=np.full(len(times), number in shown)))
        return MaskPlan(tracks, size, self._mask).boxes(t)

    def _certain(self, trail: _Trail, before: float, after: float, t: float, agreed: Callable[[str], bool]) -> bool:
        left, right = bisect_left(trail.times, before - EXACT), bisect_left(trail.times, after - EXACT)
        if right >= len(trail.times) or abs(trail.times[left] - before) > EXACT or trail.times[right] - after > EXACT:
            return False  # one of the analyses around it has not found the face
        one, two = trail.seen[left], trail.seen[right]
        if one.epoch != two.epoch or any(seen.crossing or seen.held for seen in (one, two)):
            return False
        own = [seen for seen in trail.seen if seen.epoch == one.epoch and seen.person is not None]
        if not own or own[-1].since > t + EXACT or not agreed(str(own[-1].person)):
            return False
        told = [(when, seen.told) for when, seen in zip(trail.times, trail.seen, strict=True) if seen.told is not None]
        earlier = [said for when, said in told if when <= t + EXACT]
        later = [said for when, said in told if when >= t - EXACT]
        if (earlier and not earlier[-1]) or (later and not later[0]):
            return False
        return any(said and abs(when - t) <= self._live.hold for when, said in told)
