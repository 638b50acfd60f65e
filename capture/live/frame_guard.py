"""The outer guard: only pictures that the masking stage returned, in time and in order, get past it.

It knows the times of the pictures that went in, and nothing about their content. What the stage returns is passed on.
If the stage raises, or returns nothing for longer than its latency plus a limit, the pictures it owes are replaced by
a notice, until it has worked again for a while.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from capture.live.settings import GREY
from capture.sources import Image

TOO_SLOW = "the masking does not keep up"
_EPSILON = 1e-9


@dataclass(slots=True)
class MaskedReason:
    """The whole picture was covered from ``start`` to ``end`` (s of the recording), for ``reason``."""

    start: float
    end: float
    reason: str


def notice(width: int, height: int, lines: Sequence[str]) -> Image:
    """A grey picture ``[height, width, 3]`` with lines of ASCII text in the middle."""
    import cv2

    image: Image = np.full((height, width, 3), GREY, np.uint8)
    scale = max(0.3, width / 1280)
    for i, line in enumerate(lines):
        (wide, high), _ = cv2.getTextSize(line, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
        at = (max(0, (width - wide) // 2), height // 2 + round((i - (len(lines) - 1) / 2) * 2.2 * high))
        cv2.putText(
            image, line, at, cv2.FONT_HERSHEY_SIMPLEX, scale, (255, 255, 255), max(1, round(scale)), cv2.LINE_AA
        )
    return image


class FrameGuard:
    """Stands between the masking stage and the encoder. Thread-safe.

    Args:
        width, height: of the pictures, px.
        latency: the stage's, s.
        limit: s that the stage may be late beyond its latency.
        recovery: s without a fault before its pictures are shown again.
        sink: takes what is to be written, in order: the time, the picture, and whether it may be dropped. It is called
            under the guard's lock and must not wait.
    """

    def __init__(
        self,
        width: int,
        height: int,
        latency: float,
        limit: float,
        recovery: float,
        sink: Callable[[float, Image, bool], None],
    ) -> None:
        self._shape = (height, width, 3)
        self._latency, self._limit = latency, limit
        self._recovery = recovery
        self._sink = sink
        self._lock = threading.Lock()
        self._pending: deque[float] = deque()  # times of pictures that the stage still owes
        self._entered: deque[float] = deque()  # times of pictures younger than the limit
        self._due = -np.inf  # the stage should have returned everything up to this second
        self._open = True
        self._dropped: set[float] = set()
        self._last = -np.inf
        self._fault_until = -np.inf
        self._fault = ""
        self._covering: MaskedReason | None = None
        self._notices: dict[str, Image] = {}
        self.covered: list[MaskedReason] = []
        self.shown = self.hidden = self.dropped = 0

    @property
    def covering(self) -> str:
        """Why the whole picture is covered now; empty if it is not."""
        now = self._covering
        return now.reason if now is not None else ""

    def entered(self, t: float) -> None:
        """A picture was taken at second ``t``."""
        with self._lock:
            self._pending.append(t)
            self._entered.append(t)

    def drop(self, t: float) -> None:
        """The picture of second ``t`` was dropped before it reached the stage, for lack of time."""
        with self._lock:
            self._dropped.add(t)

    def failed(self, t: float, reason: str) -> None:
        """The stage raised an exception, or returned something invalid, at second ``t``."""
        with self._lock:
            self._fault_until, self._fault = t + self._recovery, reason

    def accept(self, now: float, given: Sequence[tuple[float, Image]]) -> None:
        """Take what the stage returned at second ``now``."""
        with self._lock:
            for t, image in given if self._open else ():
                if t <= self._last + _EPSILON:
                    continue  # too late: covered already
                if not self._owed(t):
                    self._fault_until, self._fault = now + self._recovery, "a picture that was never given to it"
                elif image.shape != self._shape or image.dtype != np.uint8:
                    self._fault_until, self._fault = now + self._recovery, "a picture of another shape"
                    self._cover(t, self._fault)
                elif now < self._fault_until:
                    self._cover(t, self._fault)
                else:
                    self._covering = None
                    self.shown += 1
                    self._give(t, image, True)

    def _owed(self, t: float) -> bool:
        """True if ``t`` is owed. Pictures owed from before ``t`` count as dropped."""
        if t not in self._pending:
            return False
        while self._pending[0] < t:
            self._dropped.discard(self._pending.popleft())
            self.dropped += 1
        self._pending.popleft()
        return True

    def tick(self, now: float) -> None:
        """Cover the pictures that, at second ``now``, the stage has owed for too long.

        A stage can return a picture only once it has been given one that is younger by its latency, so a camera that
        falters is not the stage's fault.
        """
        with self._lock:
            while self._entered and self._entered[0] < now - self._limit:
                self._due = self._entered.popleft() - self._latency
            while self._open and self._pending and self._pending[0] < self._due - _EPSILON:
                t = self._pending.popleft()
                self._dropped.discard(t)
                self._cover(t, self._fault if now < self._fault_until else TOO_SLOW)

    def end(self) -> None:
        """Cover everything still owed, and pass nothing on from now on."""
        with self._lock:
            self._open = False
            while self._pending:
                t = self._pending.popleft()
                if t in self._dropped:
                    self.dropped += 1
                else:
                    self._cover(t, self._fault or "the recording ended")

    def _cover(self, t: float, reason: str) -> None:
        self.hidden += 1
        now = self._covering
        if now is None or now.reason != reason:
            now = self._covering = MaskedReason(t, t, reason)
            self.covered.append(now)
        now.end = t
        if reason not in self._notices:
            self._notices[reason] = notice(self._shape[1], self._shape[0], ("The picture is masked:", reason))
        self._give(t, self._notices[reason], False)  # costs next to nothing: it is always the same array

    def _give(self, t: float, image: Image, droppable: bool) -> None:
        self._last = t
        self._sink(t, image, droppable)
