"""The outer guard: no picture gets past it that the masking stage did not give, in time and in order.

It knows the times of the pictures that went in, and nothing of their content. What the stage gives is let through.
Where it raises, or gives nothing for longer than its latency and a limit, pictures that hold nothing but a notice
take the place of those it owes, until it has worked again for a while.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from capture.sources import Image

GREY = 96
_EPSILON = 1e-9


@dataclass(slots=True)
class MaskedReason:
    """From ``start`` to ``end`` (s of the recording) the whole picture was covered, for ``reason``."""

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
    """Between the masking stage and the encoder. For any thread.

    Args:
        width, height: of the pictures.
        latency: the stage's, s.
        limit: s by which it may be later than that.
        recovery: s without a fault after which what it gives is shown again.
        sink: takes what is to be written, in order, and whether it may be dropped: called under the gate's lock, must
            not wait.
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
        self._pending: deque[float] = deque()  # owed
        self._entered: deque[float] = deque()  # younger than the limit
        self._due = -np.inf  # the stage ought to have given all up to this second
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
        """Why the whole picture is covered now; empty where it is not."""
        now = self._covering
        return now.reason if now is not None else ""

    def entered(self, t: float) -> None:
        """A picture was taken at second ``t``."""
        with self._lock:
            self._pending.append(t)
            self._entered.append(t)

    def drop(self, t: float) -> None:
        """The picture of second ``t`` never reached the stage, for want of time."""
        with self._lock:
            self._dropped.add(t)

    def failed(self, t: float, reason: str) -> None:
        """The stage raised, or gave something odd, at second ``t``."""
        with self._lock:
            self._fault_until, self._fault = t + self._recovery, reason

    def accept(self, now: float, given: Sequence[tuple[float, Image]]) -> None:
        """What the stage gave at second ``now``."""
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
        """Whether ``t`` is owed; what was owed before it was dropped on the way."""
        if t not in self._pending:
            return False
        while self._pending[0] < t:
            self._dropped.discard(self._pending.popleft())
            self.dropped += 1
        self._pending.popleft()
        return True

    def tick(self, now: float) -> None:
        """Look, at second ``now``, whether the stage owes pictures for too long, and cover these.

        A stage can give a picture only when it is pushed one that is younger by its latency, so a camera that falters
        is no fault of the stage's.
        """
        with self._lock:
            while self._entered and self._entered[0] < now - self._limit:
                self._due = self._entered.popleft() - self._latency
            while self._open and self._pending and self._pending[0] < self._due - _EPSILON:
                t = self._pending.popleft()
                self._dropped.discard(t)
                self._cover(t, self._fault if now < self._fault_until else "the masking does not keep up")

    def end(self) -> None:
        """Nothing more will come: what is still owed is covered, and nothing is let through any more."""
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
        self._give(t, self._notices[reason], False)  # costs next to nothing, and is one and the same array

    def _give(self, t: float, image: Image, droppable: bool) -> None:
        self._last = t
        self._sink(t, image, droppable)
