"""Decoding pictures in the child: upright BGR with repaired times."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from av.stream import Discard
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter

from capture.decoder import protocol
from capture.decoder.open_file import open_input
from capture.decoder.pipe import SMALLER, TOO_MUCH, Pipe, RefusedError
from capture.decoder.pixel_shape import PixelShape
from capture.timestamps import FrameClock

_UNSPECIFIED = 2  # AVCOL_SPC_UNSPECIFIED
HD_LINES = 720
"""Lines from which a picture without a colour matrix counts as BT.709; below, as BT.601. Players do the same."""


TURNS = {
    (0, False): "",
    (0, True): "hflip",
    (90, False): "transpose=clock",
    (90, True): "transpose=cclock_flip",
    (180, False): "hflip,vflip",
    (180, True): "vflip",
    (270, False): "transpose=cclock",
    (270, True): "transpose=clock_flip",
}
"""FFmpeg's filters for ``(degrees clockwise, mirrored first)``."""


def orientation(frame: VideoFrame) -> tuple[int, bool]:
    """``(degrees clockwise to stand upright, mirrored)`` from the display matrix.

    The matrix maps a stored point to ``(a x + c y, b x + d y)``; other angles are rounded to the nearest right angle.
    Call it for one frame of a pass only: reading side data ties a frame into a reference cycle, and pictures would pile
    up until the next garbage collection.
    """
    sides: Any = frame.side_data
    matrix = next((bytes(side) for side in sides if side.type.name == "DISPLAYMATRIX"), b"")
    if len(matrix) < 36:
        return 0, False
    a, b, _, c, d = struct.unpack("<5i", matrix[:20])
    if abs(a) + abs(d) >= abs(b) + abs(c):
        plain = {
            (True, True): (0, False),
            (False, False): (180, False),
            (False, True): (0, True),
            (True, False): (180, True),
        }
        return plain[a >= 0, d >= 0]
    turned = {
        (False, True): (90, False),
        (True, False): (270, False),
        (True, True): (90, True),
        (False, False): (270, True),
    }
    return turned[c >= 0, b >= 0]


Size = tuple[int, int]


class Rotation:
    """Turns frames upright in their own pixel format, which takes half the memory of BGR or less."""

    def __init__(self, rotation: int, mirrored: bool) -> None:
        self._chain = TURNS[rotation, mirrored]
        self._key: tuple[object, ...] = ()
        self._graph: Any = None

    def __call__(self, frame: VideoFrame) -> VideoFrame:
        """The upright frame; the same object if it already is upright."""
        if not self._chain:
            return frame
        key = (frame.width, frame.height, frame.format.name)
        if key != self._key:
            graph = av.filter.Graph()
            node = graph.add_buffer(
                width=frame.width,
                height=frame.height,
                format=frame.format,
                time_base=frame.time_base or Fraction(1, 1000),
            )
            for part in self._chain.split(","):
                name, _, argument = part.partition("=")
                following = graph.add(name, argument or None)
                node.link_to(following)
                node = following
            node.link_to(graph.add("buffersink"))
            graph.configure()
            self._key, self._graph = key, graph
        self._graph.push(frame)
        turned: VideoFrame = self._graph.pull()
        return turned


def _rows(frame: VideoFrame) -> Any:
    """The picture's bytes without padding between rows; copied only if there is padding."""
    plane = frame.planes[0]
    if plane.line_size == frame.width * 3:
        return memoryview(plane)[: frame.width * frame.height * 3]
    return frame.to_ndarray().reshape(-1)


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Raise RefusedError if a picture is too large."""
    if width * height > max_pixels:
        raise RefusedError(f"has pictures of {width}x{height}, more than can be handled", SMALLER)


def fitting(width: int, height: int, into: Size) -> tuple[int, int, int, int]:
    """Where a picture of ``width`` x ``height`` goes in one of size ``into``: x, y, width and height, px.

    It is centred and as large as its aspect ratio allows. It fills the whole picture if only rounding makes a
    difference.
    """
    scale = min(into[0] / width, into[1] / height)
    wide, high = (
        most if abs(most - side * scale) < 2 else max(1, round(side * scale))
        for side, most in zip((width, height), into, strict=True)
    )
    return (into[0] - wide) // 2, (into[1] - high) // 2, wide, high


def scaler(width: int, height: int) -> Callable[[VideoFrame, float], Any]:
    """A function that returns a frame's bytes as BGR of this size; other aspect ratios get black bars.

    It takes a frame and how much wider its pixels are than those that the size counts.
    """
    reformatter = VideoReformatter()

    def scale(frame: VideoFrame, stretch: float) -> Any:
        matrix: int | None = None
        if frame.colorspace == _UNSPECIFIED and min(frame.width, frame.height) >= HD_LINES:
            matrix = Colorspace.ITU709
        left, top, wide, high = fitting(max(1, round(frame.width * stretch)), frame.height, (width, height))
        how = Interpolation.AREA if wide < frame.width else Interpolation.BILINEAR
        bgr = reformatter.reformat(frame, wide, high, "bgr24", src_colorspace=matrix, interpolation=how, threads=1)
        if (wide, high) == (width, height):
            return _rows(bgr)
        import numpy as np

        out = np.zeros((height, width, 3), np.uint8)
        out[top : top + high, left : left + wide] = bgr.to_ndarray()
        return out.reshape(-1)

    return scale


def decoded(container: Any, stream: Any, pipe: Pipe, tally: dict[str, Any]) -> Iterator[Any]:
    """Yield all frames of ``stream`` that can be decoded; count damage in ``tally`` and skip it."""
    for other in container.streams:
        if other.index != stream.index:
            other.discard = Discard.all  # where the format allows, these are not even read from the disk
    try:
        for packet in container.demux(stream):
            pipe.beat()
            try:
                yield from packet.decode()
            except av.error.EOFError:
                return
            except MemoryError:  # FFmpeg's, too
                raise RefusedError(TOO_MUCH, SMALLER) from None
            except av.FFmpegError:
                tally["damaged"] += 1
    except av.FFmpegError as error:
        tally["truncated"] = True
        tally["reason"] = str(error)
        try:
            yield from stream.decode(None)
        except av.FFmpegError:
            tally["damaged"] += 1


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """A request for every picture of a stream from ``start`` to ``stop`` (s), at each size ``[w, h]`` that is not None.

    Attributes:
        origin: time stamp of the recording's start, s.
        period: seconds between pictures.
        rotation, mirrored: how to turn the pictures upright, see :data:`TURNS`.
        threads: threads that the codec may use.
        max_pixels: pixels above which a picture is refused.
    """

    path: str
    stream: int
    origin: float
    period: float
    rotation: int
    mirrored: bool
    full: Size | None
    small: Size | None
    start: float
    stop: float | None
    threads: int
    max_pixels: int


def serve(pipe: Pipe, request: PictureRequest) -> None:
    """Decode the requested pictures and send them. Raises RefusedError if one has more than ``max_pixels`` pixels."""
    origin, start, stop = request.origin, request.start, request.stop
    full, small = request.full, request.small
    container = open_input(request.path)
    video: Any = container.streams[request.stream]
    video.codec_context.thread_count = request.threads
    if request.threads > 1:
        video.codec_context.thread_type = "FRAME"
    if start > 0:
        container.seek(int((origin + start) / video.time_base), stream=video)
    turn, clock = Rotation(request.rotation, request.mirrored), FrameClock(request.period)
    shape, upright = PixelShape(video), request.rotation % 180 == 0
    to_full, to_small = (scaler(*size) if size else None for size in (full, small))
    tally: dict[str, Any] = {"frames": 0, "damaged": 0, "truncated": False, "reason": "", "end": 0.0}
    first = True
    for frame in decoded(container, video, pipe, tally):
        t = frame.pts
        if t is not None:
            t = float(t * frame.time_base) - origin
        elif first and start > 0:
            t = start
        first = False
        check_size(frame.width, frame.height, request.max_pixels)
        t = clock(t)
        tally["damaged"] += frame.is_corrupt
        if t < start - 1e-6:
            continue
        if stop is not None and t >= stop:
            break
        stretch = shape() if upright else 1 / shape()
        frame = turn(frame)
        if full and to_full:
            pipe.send(protocol.PICTURE, t, *full, to_full(frame, stretch))
        if small and to_small:
            pipe.send(protocol.SMALL, t, *small, to_small(frame, stretch))
        tally["frames"] += 1
        tally["end"] = t
    pipe.send_json(protocol.END, tally)
