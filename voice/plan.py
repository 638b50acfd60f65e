"""Who is heard in which voice and when: the spans of a meeting resolved to one voice at each instant.

It fails closed: outside every span, and wherever anybody speaks who has not agreed, the sound is converted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from timeline import Segment, union
from voice.pseudo_voice import PseudoVoice
from voice.resynthesis import RoomTone

OtherVoice = PseudoVoice | RoomTone
"""What is heard of somebody who has not agreed: their sound converted, or only the room tone instead."""


@dataclass(frozen=True, slots=True)
class VoiceSpan:
    """Somebody speaks from ``start`` to ``end`` (s) in the voice ``voice``; None: they agreed and keep their own."""

    start: float
    end: float
    voice: OtherVoice | None

    def __post_init__(self) -> None:
        if not float("-inf") < self.start <= self.end < float("inf"):
            raise ValueError(f"not a time span: start {self.start}, end {self.end}")


@dataclass(frozen=True, slots=True)
class Piece:
    """From sample ``start`` to ``end`` everything gets ``voice``; None: the original sound stays."""

    start: int
    end: int
    voice: OtherVoice | None


class VoicePlan:
    """The voices of a whole meeting.

    Args:
        spans: who speaks when; they may overlap and come in any order.
        default: the voice of everything outside the spans.

    Where spans overlap, the original sound stays only if everybody who speaks has agreed. Otherwise all of it gets the
    voice of the one who began first among those who have not, so that a back-channel does not switch the voice.
    """

    def __init__(self, spans: Iterable[VoiceSpan], default: OtherVoice) -> None:
        self.spans = sorted(spans, key=lambda s: (s.start, s.end))
        self.default = default

    def pieces(self, rate: int, guard: float = 0.0, handover: float = 0.0) -> list[Piece]:
        """The plan in samples: sorted, disjoint pieces, different from their neighbours; gaps have the default voice.

        Args:
            rate: samples per second.
            guard: seconds by which converted spans grow and kept ones shrink, at both ends.
            handover: seconds around converted spans in which nobody keeps their own voice, because turns are not known
                to the syllable. They get the voice of that span, unless somebody else who has not agreed speaks there.
        """
        # Kept spans are rounded inwards and converted ones outwards: doubt about a sample is doubt about consent.
        kept = union(Segment(span.start, span.end) for span in self.spans if span.voice is None)
        marks: list[tuple[int, int, int]] = []
        for span in kept:
            self._mark(marks, math.ceil((span.start + guard) * rate), math.floor((span.end - guard) * rate), -1)
        for i, other in enumerate(self.spans):
            if other.voice is not None:
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
        # Spans that contain the moment come before spans that are only near; near alone, without a kept span, is
        # nobody.
        who = min(converted, default=-1)
        if who >= len(self.spans) and -1 not in active:
            return
        voice = self.spans[who % len(self.spans)].voice if converted else None
        if voice == self.default:
            return
        if out and out[-1].end == start and out[-1].voice == voice:
            out[-1] = Piece(out[-1].start, end, voice)
        else:
            out.append(Piece(start, end, voice))
