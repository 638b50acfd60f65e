"""Pictures of which only some changed: their packets are coded anew, all others are copied from the recording before.

H.264 is coded here in closed groups: no picture refers to one on the other side of a key frame. So a group can be
replaced from any place that no later packet of it reaches back over, up to the next key frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from capture.media_info import Picture
from capture.settings import CaptureSettings
from capture.sources import Image
from capture.writing.encoder import Streams
from capture.writing.settings import LONGEST_GROUP, MOST_SHARE
from capture.writing.splice_encoder import CodedPiece, UnspliceableError, parameters

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Frames = Callable[[int, int], Iterator[tuple[float, Image]]]


@dataclass(frozen=True, slots=True)
class PictureChanges:
    """Which pictures of a recording changed.

    Attributes:
        changed: for each picture ``[F]`` in order of time whether it changed.
        frames: the new pictures from one number to another (without it), each with its time in s.
        picture: their shape.
        settings: how the recording was coded.
    """

    changed: Flags
    frames: Frames
    picture: Picture
    settings: CaptureSettings


@dataclass(frozen=True, slots=True)
class _Layout:
    """Of each packet ``[F]`` in order of coding: when it is shown and decoded (ticks), whether it is a key frame."""

    pts: Integers
    dts: Integers
    key: Flags

    @classmethod
    def of(cls, path: Path) -> _Layout:
        with av.open(f"file:{path}") as file:
            rows = [(p.pts, p.dts, p.is_keyframe) for p in file.demux(file.streams.video[0]) if p.dts is not None]
        if not rows or any(pts is None for pts, _, _ in rows):
            raise UnspliceableError("its packets have no times")
        pts, dts, key = zip(*rows, strict=True)
        return cls(np.array(pts, np.int64), np.array(dts, np.int64), np.array(key, np.bool_))


def pieces(pts: Integers, key: Flags, changed: Flags) -> list[tuple[int, int]]:
    """Which packets are coded anew.

    Args:
        pts: when each packet ``[F]`` in order of coding is shown.
        key: whether it is a key frame.
        changed: for each picture ``[F]`` in order of time whether it changed.

    Returns:
        First packet of each piece and the one after its last. All other packets are decoded as before without them.

    Raises:
        UnspliceableError: the groups are not closed, or their number is another one.
    """
    if len(changed) != len(pts) or not len(pts) or not key[0]:
        raise UnspliceableError("it has another number of pictures")
    order = np.empty(len(pts), np.int64)
    order[np.argsort(pts, kind="stable")] = np.arange(len(pts))
    # A packet is a border if all packets before it are shown before all others.
    before = np.maximum.accumulate(np.concatenate([[-1], order[:-1]]))
    border = before < np.minimum.accumulate(order[::-1])[::-1]
    if not border[key].all() or (order[key] != np.flatnonzero(key)).any():  # pictures before a key frame refer back
        raise UnspliceableError("its groups of pictures are not closed")
    keys = [*np.flatnonzero(key).tolist(), len(pts)]
    out: list[tuple[int, int]] = []
    for number, (start, stop) in enumerate(pairwise(keys)):
        mine = changed[order[start:stop]]
        if not mine.any():
            continue
        first = start + int(np.flatnonzero(changed[start:stop])[0])  # of a closed group: its pictures are start..stop
        begin = int(np.flatnonzero(border[start : first + 1])[-1]) + start
        # Two key frames in a row would need different numbers (idr_pic_id), so no piece leaves a single picture.
        if begin - start < 2 or stop - begin < 2:
            begin = start
        if stop - start < 2 or (begin == start and number and start - keys[number - 1] < 2):
            raise UnspliceableError("a group has a single picture")
        if out and out[-1][1] == begin and begin - out[-1][0] < LONGEST_GROUP:
            out[-1] = (out[-1][0], stop)
        else:
            out.append((begin, stop))
    return out


def spliced_pictures(earlier: Any, path: Path, new: Any, changes: PictureChanges) -> Iterator[Any]:
    """Every video packet of the new recording, in order of coding.

    Args:
        earlier: the recording before, open.
        path: of it.
        new: the stream that they are written to.
        changes: which pictures changed.

    Raises:
        UnspliceableError: they do not fit the recording before.
    """
    layout, stream = _Layout.of(path), earlier.streams.video[0]
    wanted = pieces(layout.pts, layout.key, changes.changed)
    if sum(stop - start for start, stop in wanted) > MOST_SHARE * len(layout.pts):
        raise UnspliceableError("most of its pictures changed")
    sets, waiting = parameters(stream), iter(wanted)
    start, stop = next(waiting, (len(layout.pts), 0))
    number = 0
    for packet in earlier.demux(stream):
        if packet.dts is None:
            continue  # the end mark of a stream
        if number == start:
            for made in _coded(layout, start, stop, changes, sets):
                made.stream = new
                yield made
        if not start <= number < stop:
            packet.stream = new
            yield packet
        number += 1
        if number == stop:
            start, stop = next(waiting, (len(layout.pts), 0))


def _coded(layout: _Layout, start: int, stop: int, changes: PictureChanges, sets: bytes) -> Sequence[Any]:
    piece = CodedPiece(Streams(changes.picture, None), changes.settings)
    for t, picture in changes.frames(start, stop):
        piece.encoder.add_picture(t, picture)
    found, packets = piece.packets()
    if found != sets:
        raise UnspliceableError("it was coded in another way")
    times = sorted(packet.pts for packet in packets)
    if times != sorted(layout.pts[start:stop].tolist()) or not packets[0].is_keyframe:
        raise UnspliceableError("its pictures have other times")
    for packet, dts in zip(packets, layout.dts[start:stop].tolist(), strict=True):
        if dts > packet.pts:
            raise UnspliceableError("its pictures are ordered in another way")
        packet.dts = dts
    return packets
