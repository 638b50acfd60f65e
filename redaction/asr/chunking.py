"""Splitting a recording into chunks of at most 30 s for a recogniser, in constant memory.

Speech is packed together and long silences are left out, because recognisers invent words in silence; each chunk
remembers where its samples came from. Speech that goes on for longer is cut at its quietest place, with some overlap
on both sides, so that no word is heard only by half.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from redaction.asr.settings import CHUNK_OVERLAP, CUT_SEARCH, LONGEST_CHUNK, SPEECH_PAD
from timeline import Audio, FloatArray, Segment, union

_FOREVER = 1e9


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Sound that is recognised in one piece.

    Attributes:
        samples: float32 ``[n]``.
        rate: samples per second.
        pieces: ``(index, origin, length)`` in samples: where each stretch begins in the chunk and in the recording.
        keep: seconds of the recording; a word whose middle lies outside belongs to a neighbouring chunk.
        cut: True if the previous chunk shares sound with this one.
    """

    samples: FloatArray = field(repr=False)
    rate: int
    pieces: tuple[tuple[int, int, int], ...]
    keep: Segment
    cut: bool = False

    def absolute(self, start: float, end: float) -> tuple[float, float]:
        """Convert times in the chunk (s) to times in the recording, within the stretch that holds their middle."""
        middle = (start + end) / 2 * self.rate
        index, origin, length = self.pieces[0]
        for piece in self.pieces:
            if piece[0] <= middle:
                index, origin, length = piece
        low, high = origin / self.rate, (origin + length) / self.rate
        shift = (origin - index) / self.rate
        return min(max(start + shift, low), high), min(max(end + shift, low), high)


class _Packer:
    """Collects stretches until a chunk is full."""

    def __init__(self, rate: int, longest: float) -> None:
        self.rate, self.size, self.overlap = rate, round(longest * rate), round(CHUNK_OVERLAP * rate)
        self.parts: list[tuple[int, FloatArray]] = []
        self.count = 0
        self.since = 0.0  # from here on, words belong to the chunk being filled
        self.cut = False

    def add(self, origin: int, samples: FloatArray) -> None:
        if self.parts and self.parts[-1][0] + len(self.parts[-1][1]) == origin:
            last = self.parts.pop()
            origin, samples = last[0], np.concatenate([last[1], samples])
            self.count -= len(last[1])
        self.parts.append((origin, samples))
        self.count += len(samples)

    def flush(self, until: float) -> Chunk | None:
        if not self.parts:
            return None
        pieces, at = [], 0
        for origin, samples in self.parts:
            pieces.append((at, origin, len(samples)))
            at += len(samples)
        chunk = Chunk(
            np.concatenate([s for _, s in self.parts]), self.rate, tuple(pieces), Segment(self.since, until), self.cut
        )
        self.parts, self.count, self.since, self.cut = [], 0, until, False
        return chunk

    def split(self) -> Chunk | None:
        """Cut a chunk that became too long, at the quietest place of its last part; return its first half."""
        origin, samples = self.parts.pop()
        self.count -= len(samples)
        room = self.size - self.count
        head = samples[:room]
        low = min(len(head) - 1, max(self.overlap, round(room * (1 - CUT_SEARCH))))
        high = max(low + 1, len(head) - self.overlap)
        at = low + _quietest(head[low:high], self.rate)
        first = samples[: min(len(samples), at + self.overlap)]
        self.parts.append((origin, first))
        border = (origin + at) / self.rate
        chunk = self.flush(border)
        begin = max(0, at - self.overlap)
        self.parts, self.count, self.cut = [(origin + begin, samples[begin:])], len(samples) - begin, True
        return chunk


def chunks(audio: Audio, speech: Sequence[Segment] | None = None, longest: float = LONGEST_CHUNK) -> Iterator[Chunk]:
    """Yield the speech of ``audio`` in chunks of at most ``longest`` seconds, in order, in one pass.

    Args:
        audio: the recording.
        speech: where somebody speaks (s); None: everywhere.
        longest: seconds, at least 5.
    """
    rate = audio.sample_rate
    everywhere = [Segment(0.0, _FOREVER)]  # not the declared duration: the sound may go on after it
    stretches = union(s.grown(SPEECH_PAD) for s in (speech if speech is not None else everywhere))
    bounds = [(round(s.start * rate), round(s.end * rate)) for s in stretches]
    packer = _Packer(rate, longest)
    at = which = 0
    for block in audio.blocks():
        end = at + len(block)
        while which < len(bounds) and bounds[which][0] < end:
            start, stop = bounds[which]
            first, last = max(start, at), min(stop, end)
            fresh = first == start
            fits = packer.count + min(stop - start, packer.size) <= packer.size
            if fresh and packer.count and not fits:
                # If the next stretch does not fit as a whole, the silence before it is the best place to cut.
                previous = packer.parts[-1][0] + len(packer.parts[-1][1])
                if (chunk := packer.flush((previous + start) / 2 / rate)) is not None:
                    yield chunk
            packer.add(first, block[first - at : last - at])
            while packer.count > packer.size:
                if (chunk := packer.split()) is not None:
                    yield chunk
            if stop > end:
                break
            which += 1
        at = end
    if (chunk := packer.flush(_FOREVER)) is not None:
        yield chunk


def _quietest(samples: FloatArray, rate: int) -> int:
    """Index of the middle of the quietest 0.1 s; the middle of the samples if they are shorter."""
    width = round(0.1 * rate)
    if len(samples) <= width:
        return len(samples) // 2
    power = np.cumsum(np.concatenate([[0.0], samples.astype(np.float64) ** 2]))
    return int(np.argmin(power[width:] - power[:-width])) + width // 2
