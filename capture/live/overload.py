"""Telling whether the machine keeps up with the recording, while something can still be done about it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from capture.live.settings import OVERLOADED, SHARE, WINDOW


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a recording has come.

    Attributes:
        elapsed: s of the recording that have passed.
        pictures, dropped: pictures so far, and how many of them were left out.
        written: s up to which pictures were written; None if there are none, or if the camera delivers none.
        heard: s up to which sound was taken; None if there is none, or if the microphone delivers none.
    """

    elapsed: float
    pictures: int = 0
    dropped: int = 0
    written: float | None = None
    heard: float | None = None


class OverloadWatch:
    """Checks again and again how far the recording has come. Use it from one thread.

    Args:
        latency: s that pictures are delayed by design.

    Attributes:
        late: what is late now, as a line for people; empty if nothing is.
        since: second of the recording at which it was first late; None if it never was.
        latest_sound: the greatest delay of the sound, s.
    """

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._seen: deque[Progress] = deque()
        self._said, self._until = "", 0.0
        self.late = ""
        self.since: float | None = None
        self.latest_sound = 0.0

    def look(self, now: Progress) -> str:
        """What is late, as a line for people; empty if the machine keeps up."""
        self._seen.append(now)
        while len(self._seen) > 1 and self._seen[1].elapsed <= now.elapsed - WINDOW:
            self._seen.popleft()
        late = self.late = self._late(now)
        if late:
            self._said, self._until = f"the machine does not keep up: {late}", now.elapsed + WINDOW
            self.since = now.elapsed if self.since is None else self.since
        elif now.elapsed > self._until:
            self._said = ""
        return self._said

    def _late(self, now: Progress) -> str:
        if now.heard is not None:
            behind = now.elapsed - now.heard
            self.latest_sound = max(self.latest_sound, behind)
            if behind > OVERLOADED:
                return f"the sound is taken {behind:.0f} s late"
        first = self._seen[0]
        pictures, dropped = now.pictures - first.pictures, now.dropped - first.dropped
        if dropped > SHARE * pictures and now.elapsed - first.elapsed > 0.5 * WINDOW:
            return f"{dropped} of {pictures} pictures were dropped in the last {WINDOW:g} s"
        if now.written is not None and now.elapsed - now.written > self._latency + OVERLOADED:
            return f"pictures are written {now.elapsed - now.written:.0f} s late"
        return ""

    def summary(self, dropped: int, pictures: int, spaced: int = 0) -> str:
        """A line for the report; empty if the machine always kept up.

        Args:
            dropped: pictures that were dropped.
            pictures: all pictures.
            spaced: those of the dropped that were left out evenly, to lighten the load.
        """
        if self.since is None:
            return f"masking did not keep up: {spaced} of {pictures} pictures were left out evenly" if spaced else ""
        evenly = f" ({spaced} of them evenly, to lighten the load)" if spaced else ""
        return (
            f"the machine did not keep up, first at {self.since:.0f} s: {dropped} of {pictures} pictures were dropped"
            f"{evenly}, the sound was taken up to {self.latest_sound:.1f} s late and is whole"
        )
