"""Sound of which only a part changed: its AAC packets are coded anew, all others are copied from the recording before.

A packet codes two frames of 1024 samples and shares each with a neighbour: sample for sample the same is everything
more than one frame away from a packet that was replaced. What a packet's window looks like must fit its neighbours',
so a piece grows until both codings chose the same window at its borders.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from capture.settings import CaptureSettings
from capture.writing.atomic import PartialFile
from capture.writing.encoder import AAC_RATES, MUXER, Streams
from capture.writing.settings import AROUND_PACKETS
from capture.writing.splice_encoder import CodedPiece, UnspliceableError, parameters
from timeline import FloatArray

FRAME = 1024
"""Samples of a frame of AAC."""
_MARK = 8

Window = tuple[int, int]


class SoundMarks:
    """A mark of each frame of the sound that is coded: equal marks mean equal samples."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)
        self._marks = bytearray()

    def add(self, block: FloatArray) -> None:
        """Add samples ``[n]`` that follow the ones before."""
        self._rest = np.concatenate([self._rest, np.asarray(block, np.float32)])
        whole = len(self._rest) - len(self._rest) % FRAME
        for at in range(0, whole, FRAME):
            self._marks += _mark(self._rest[at : at + FRAME])
        self._rest = self._rest[whole:]

    def all(self) -> bytes:
        """The marks of all frames, the last of which may be short."""
        return bytes(self._marks) + (_mark(self._rest) if len(self._rest) else b"")


def _mark(frame: FloatArray) -> bytes:
    return hashlib.blake2b(np.ascontiguousarray(frame, np.float32).tobytes(), digest_size=_MARK).digest()


@dataclass(frozen=True, slots=True)
class SoundChanges:
    """The whole sound as it is to be, and how it was.

    Attributes:
        blocks: consecutive samples ``[n]``; all channels hold the same.
        marks: those of the recording before, see :class:`SoundMarks`.
        rate: samples per second.
        channels: 1 or 2.
        settings: how the recording was coded.
    """

    blocks: Iterable[FloatArray]
    marks: bytes
    rate: int
    channels: int
    settings: CaptureSettings


def splice_sound(earlier: Path, target: Path, changes: SoundChanges) -> bytes:
    """Write the sound of ``earlier`` to ``target`` (.m4a), with the packets that changed coded anew.

    Returns:
        the marks of the new sound.

    Raises:
        OutputError: a file cannot be read or written; nothing is left.
        UnspliceableError: the sound does not fit the recording before; nothing is left.
    """
    if changes.rate not in AAC_RATES:
        raise UnspliceableError("its sound is resampled")
    file, marks = PartialFile(target.absolute()), SoundMarks()
    with (
        file.guard(av.FFmpegError),
        av.open(f"file:{earlier}") as before,
        av.open(f"file:{file.url}", "w", "ipod", options=MUXER) as out,
    ):
        if not before.streams.audio:
            raise UnspliceableError("it has no sound")
        new = out.add_stream_from_template(before.streams.audio[0])
        for packet in _Splice(before, changes, marks).packets():
            packet.stream = new
            out.mux(packet)
    file.commit()
    return marks.all()


class _Splice:
    """One pass over the new sound and the old packets. Packet ``n`` codes the frames ``n - 1`` and ``n``."""

    def __init__(self, before: Any, changes: SoundChanges, marks: SoundMarks) -> None:
        self._stream = before.streams.audio[0]
        self._demux: Iterator[Any] = before.demux(self._stream)
        self._changes, self._marks = changes, marks
        self._old: deque[Any] = deque()
        self._next = 0
        """Number of the next packet that is given out: the first in ``_old``."""

    def packets(self) -> Iterator[Any]:
        piece: _Piece | None = None
        recent: deque[FloatArray] = deque(maxlen=AROUND_PACKETS)
        count, marks = 0, self._changes.marks
        for number, frame in enumerate(self._frames()):
            changed = marks[number * _MARK : (number + 1) * _MARK] != _mark(frame)
            if piece is None and changed:
                piece = _Piece(self._changes, number - len(recent), number)
                for each in recent:
                    piece.add(each)
            if piece is not None:
                piece.add(frame)
                piece.last = number if changed else piece.last
                if number - piece.last >= AROUND_PACKETS:
                    yield from self._replaced(piece, number)
                    piece = None
            else:
                yield from self._kept(number - AROUND_PACKETS)
            recent.append(frame)
            count = number + 1
        if count * _MARK != len(marks):
            raise UnspliceableError("its sound has another length")
        if piece is not None:
            yield from self._replaced(piece, count - 1, ended=True)
        yield from self._kept(count + 1)
        if self._old or next((p for p in self._demux if p.dts is not None), None) is not None:
            raise UnspliceableError("its sound has more packets")

    def _frames(self) -> Iterator[FloatArray]:
        rest = np.zeros(0, np.float32)
        for block in self._changes.blocks:
            self._marks.add(block)
            rest = np.concatenate([rest, block])
            whole = len(rest) - len(rest) % FRAME
            yield from (rest[at : at + FRAME] for at in range(0, whole, FRAME))
            rest = rest[whole:]
        if len(rest):
            yield rest

    def _at(self, number: int) -> Any:
        """The old packet ``number``, which was not given out yet."""
        while len(self._old) <= number - self._next:
            packet = next((p for p in self._demux if p.dts is not None), None)
            if packet is None:
                raise UnspliceableError("its sound has fewer packets")
            self._old.append(packet)
        return self._old[number - self._next]

    def _kept(self, stop: int) -> Iterator[Any]:
        while self._next < stop:
            self._at(self._next)
            self._next += 1
            yield self._old.popleft()

    def _replaced(self, piece: _Piece, newest: int, ended: bool = False) -> Iterator[Any]:
        sets, made = piece.packets()
        if sets != parameters(self._stream):
            raise UnspliceableError("its sound was coded in another way")

        def fits(number: int) -> bool:
            window = window_of(bytes(made[number - piece.start]))
            return window is not None and window == window_of(bytes(self._at(number)))

        # The first packet of a piece lacks the frame before it, the last one the frame after it.
        lowest = max(self._next, piece.start + 2)
        begin = next((n for n in range(piece.first, lowest - 1, -1) if fits(n - 1)), None)
        if begin is None and piece.start == 0:
            begin = 0
        end = next((n for n in range(piece.last + 1, newest + 1) if fits(n)), newest + 1 if ended else None)
        if begin is None or end is None or begin < self._next:
            raise UnspliceableError("no border fits")
        yield from self._kept(begin)
        for number in range(begin, end + 1):
            packet, old = made[number - piece.start], self._at(number)
            packet.pts, packet.dts, packet.duration = old.pts, old.dts, old.duration
            self._next += 1
            self._old.popleft()
            yield packet


class _Piece:
    """Frames that are coded anew: from ``start``; ``first`` is the first that changed, ``last`` the last."""

    def __init__(self, changes: SoundChanges, start: int, first: int) -> None:
        self.start, self.first, self.last = start, first, first
        self._channels = changes.channels
        self._coded = CodedPiece(Streams(None, changes.rate, changes.channels), changes.settings)

    def add(self, frame: FloatArray) -> None:
        self._coded.encoder.add_sound(np.repeat(frame[:, None], self._channels, axis=1), None)

    def packets(self) -> tuple[bytes, list[Any]]:
        return self._coded.packets()


def window_of(packet: bytes) -> Window | None:
    """Sequence and shape of the window of an AAC packet (ISO/IEC 14496-3, 4.4.2); None if it begins with none."""
    bits = int.from_bytes(packet[:4].ljust(4, b"\0"), "big")

    def at(position: int, width: int) -> int:
        return bits >> (32 - position - width) & ((1 << width) - 1)

    kind = at(0, 3)
    if kind == 0:  # one channel: its number (4 bits), the gain (8), a reserved bit
        start = 3 + 4 + 8 + 1
    elif kind == 1 and at(7, 1):  # two channels with a common window: number (4), common (1), a reserved bit
        start = 3 + 4 + 1 + 1
    else:
        return None
    return at(start, 2), at(start + 2, 1)
