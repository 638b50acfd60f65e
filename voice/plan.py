"""Who is heard how, when: the spans of a meeting resolved into one voice for each instant.

Fail closed: outside every span, and wherever anybody speaks who has not agreed, the sound is converted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from timeline import Segment, union
from voice.setting import VoiceSetting


@dataclass(frozen=True, slots=True)
class VoiceSpan:
    """Someone speaks from ``start`` to ``end`` (s) and gets the voice ``setting``; None: agreed, keeps the own."""

    start: float
    end: float
    setting: VoiceSetting | None

    def __post_init__(self) -> None:
        if not float("-inf") < self.start <= self.end < float("inf"):
            raise ValueError(f"not a time span: start {self.start}, end {self.end}")


@dataclass(frozen=True, slots=True)
class Piece:
    """From sample ``start`` to ``end`` one rule holds: ``setting``, or None: the own voice."""

    start: int
    end: int
    setting: VoiceSetting | None


class VoicePlan:
    """The voices of a whole meeting.

    Args:
        spans: who speaks when; they may overlap, and come in any order.
        default: the voice of everything outside the spans.

    Where spans overlap, the own voice is kept only if everybody who speaks has agreed; else all of it gets the voice
    of the one, among those who have not, who began first (so a back-channel does not switch the voice).
    """

    def __init__(self, spans: Iterable[VoiceSpan], default: VoiceSetting) -> None:
        self.spans = sorted(spans, key=lambda s: (s.start, s.end))
        self.default = default

    def pieces(self, rate: int, guard: float = 0.0, handover: float = 0.0) -> list[Piece]:
        """The plan in samples: pieces that are sorted and disjoint, neighbours differ; holes have the default voice.

        Args:
            rate: samples per second.
            guard: seconds by which spans that are converted grow and kept ones shrink, on both sides.
            handover: seconds around spans that are converted in which nobody keeps the own voice: where one speaker
                takes over from another, nobody knows to a syllable when. It gets the voice of that span unless
                somebody else there has not agreed either.
        """
        # Kept spans are rounded inwards and converted ones outwards: doubt about a sample is doubt about consent.
        kept = union(Segment(span.start, span.end) for span in self.spans if span.setting is None)
        marks: list[tuple[int, int, int]] = []
        for span in kept:
            self._mark(marks, math.ceil((span.start + guard) * rate), math.floor((span.end - guard) * rate), -1)
        for i, other in enumerate(self.spans):
            if other.setting is not None:
                self._mark(marks, math.floor((other.start - guard) * rate), math.ceil((other.end + guard) * rate), i)
                around = max(guard, handover)
                start, end = math.floor((other.start - around) * rate), math.ceil((other.end + around) * rate)
                self._mark(marks, start, end, i + len(self.spans))
        marks.sort()
        active: set[int] = set()
        out: list[Piece] = []
        last = 0
        for at, begins, i in marks:
            if active and at > last:
                self._append(out, last, at, active)
            last = at
            if begins:
                active.add(i)
            else:
                active.discard(i)
        return out

    @staticmethod
    def _mark(marks: list[tuple[int, int, int]], start: int, end: int, which: int) -> None:
        start = max(start, 0)
        if start < end:
            marks += [(start, 1, which), (end, 0, which)]

    def _append(self, out: list[Piece], start: int, end: int, active: set[int]) -> None:
        converted = [i for i in active if i >= 0]
        # Whoever's span it is comes before those who are only near, and alone near, without anybody, is nobody.
        who = min(converted, default=-1)
        if who >= len(self.spans) and -1 not in active:
            return
        setting = self.spans[who % len(self.spans)].setting if converted else None
        if setting == self.default:
            return
        if out and out[-1].end == start and out[-1].setting == setting:
            out[-1] = Piece(out[-1].start, end, setting)
        else:
            out.append(Piece(start, end, setting))
