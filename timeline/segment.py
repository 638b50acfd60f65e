"""Time spans and their algebra.

A :class:`Segment` is a half-open span ``[start, end)`` in seconds from the start of the recording. Everything with a
time in Discreet consists of segments, so their laws are stated once, here. The design follows pyannote.core's
``Segment``/``Timeline``, reduced to what the rooms need.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A half-open span of time ``[start, end)`` in seconds.

    Raises:
        ValueError: ``end`` lies before ``start``, or either is not finite.
    """

    start: float
    end: float

    def __post_init__(self) -> None:
        if not (float("-inf") < self.start <= self.end < float("inf")):
            raise ValueError(f"not a time span: start {self.start}, end {self.end}")

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    def overlap(self, other: Segment) -> float:
        """Seconds that both spans cover; 0.0 if they do not overlap."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def grown(self, before: float, after: float | None = None) -> Segment:
        """The span widened by ``before`` and ``after`` seconds (``after`` defaults to ``before``), not below 0."""
        after = before if after is None else after
        return Segment(max(0.0, self.start - before), self.end + after)


def union(segments: Iterable[Segment], gap: float = 0.0) -> list[Segment]:
    """The spans covered by any of ``segments``, sorted and disjoint; gaps of up to ``gap`` seconds are closed."""
    merged: list[Segment] = []
    for segment in sorted(segments):
        if segment.duration == 0.0:
            continue
        if merged and segment.start <= merged[-1].end + gap:
            merged[-1] = Segment(merged[-1].start, max(merged[-1].end, segment.end))
        else:
            merged.append(segment)
    return merged


def intersect(left: Iterable[Segment], right: Iterable[Segment]) -> list[Segment]:
    """The spans covered by both sides, sorted and disjoint."""
    a, b = union(left), union(right)
    out: list[Segment] = []
    i = j = 0
    while i < len(a) and j < len(b):
        start, end = max(a[i].start, b[j].start), min(a[i].end, b[j].end)
        if start < end:
            out.append(Segment(start, end))
        if a[i].end < b[j].end:
            i += 1
        else:
            j += 1
    return out


def subtract(left: Iterable[Segment], right: Iterable[Segment]) -> list[Segment]:
    """The spans of ``left`` that ``right`` does not cover, sorted and disjoint."""
    holes = union(right)
    out: list[Segment] = []
    for segment in union(left):
        at = segment.start
        for hole in holes:
            if hole.end <= at:
                continue
            if hole.start >= segment.end:
                break
            if hole.start > at:
                out.append(Segment(at, hole.start))
            at = max(at, hole.end)
        if at < segment.end:
            out.append(Segment(at, segment.end))
    return out


def total(segments: Iterable[Segment]) -> float:
    """Seconds covered by any of ``segments``."""
    return sum(segment.duration for segment in union(segments))
