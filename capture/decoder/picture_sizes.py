"""The sizes of a recording's pictures, found without decoding it: they may change at any key frame.

Browsers' recorders change the size when a camera is turned or a window grows. For codecs whose headers hold the size,
every key frame's header is compared, and a key frame is decoded only if its header is new. Size changes in other
codecs are not seen here; such pictures are scaled to the size of the first one when they are decoded.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import av

from capture.decoder.settings import MOST_KEY_FRAMES

_PREFIX = {"vp9": 12, "av1": 24}
"""Bytes at the start of a key frame that hold its size."""
_PARAMETERS = {"h264": ((0x1F, 0, 7),), "hevc": ((0x3F, 1, 33),)}
"""For codecs of NAL units: mask, shift and type of the unit that holds the size."""

Size = tuple[int, int]


class PictureSizes:
    """Collects the sizes of one stream's pictures, packet by packet.

    Attributes:
        found: ``(width, height)`` as stored, in order of appearance.
        shapes: width of a pixel over its height, the same way.
    """

    def __init__(self, stream: Any) -> None:
        self._codec = stream.codec_context.codec.canonical_name
        self._extradata = stream.codec_context.extradata
        self._seen: set[bytes] = set()
        self.found: dict[Size, None] = {}
        self.shapes: dict[float, None] = {}

    def see(self, packet: Any) -> None:
        """Take in one packet."""
        if not packet.is_keyframe or not packet.size:
            return
        mark = self._mark(bytes(packet))
        if not mark or mark in self._seen or len(self._seen) >= MOST_KEY_FRAMES:
            return
        self._seen.add(mark)
        self.found |= dict.fromkeys(self._decoded(packet))

    def _mark(self, data: bytes) -> bytes:
        """The bytes of a key frame that determine its size; empty for other codecs."""
        if self._codec == "vp8":
            return data[3:10]
        if self._codec == "mjpeg":
            return _jpeg_size(data)
        if self._codec in _PREFIX:
            return data[: _PREFIX[self._codec]]
        if self._codec in _PARAMETERS:
            mask, shift, wanted = _PARAMETERS[self._codec][0]
            return b"".join(nal for nal in self._nals(data) if nal and (nal[0] >> shift) & mask == wanted)
        if self._codec in ("mpeg1video", "mpeg2video") and (at := data.find(b"\0\0\1\xb3")) >= 0:
            return data[at : at + 8]
        return b""

    def _nals(self, data: bytes) -> Iterator[bytes]:
        extra = self._extradata or b""
        if not extra.startswith(b"\1"):
            yield from data.split(b"\0\0\1")
            return
        width = 1 + (extra[4 if self._codec == "h264" else 21] & 3) if len(extra) > 21 or self._codec == "h264" else 4
        at = 0
        while at + width <= len(data):
            length = int.from_bytes(data[at : at + width], "big")
            yield data[at + width : at + width + length]
            at += width + length

    def _decoded(self, packet: Any) -> Iterator[Size]:
        context: Any = av.CodecContext.create(self._codec, "r")
        if self._extradata:
            context.extradata = self._extradata
        try:
            frames = [*context.decode(packet), *context.decode(None)]
        except av.FFmpegError:
            return
        for frame in frames[:1]:
            self.shapes[float(context.sample_aspect_ratio or 0) or 1.0] = None
            yield frame.width, frame.height


def _jpeg_size(data: bytes) -> bytes:
    """The bytes of height and width in a JPEG's frame header."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return data[at + 5 : at + 9]
        at += 2 + length
    return b""


def canvas(first: Size, sizes: list[Size]) -> Size:
    """The size with the most pixels; the first one on a tie."""
    return max([first, *sizes], key=lambda size: size[0] * size[1])


def size_notes(found: list[Size], into: Size, upright: bool) -> list[str]:
    """What to say where pictures change size; ``upright``: whether the sizes are those that are shown."""
    others = sorted({*found} - {into})
    names = [f"{w}x{h}" if upright else f"{h}x{w}" for w, h in (*others, into)]
    return [f"its pictures change size: those of {', '.join(names[:-1])} are fitted into {names[-1]}"] if others else []
