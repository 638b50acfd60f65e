"""Test media made on the spot: clips with readable frame numbers, flashes and beeps, odd shapes and damage.

Nothing here is random unless it says so, and nothing is kept. Other rooms' tests may use it through the ``maker``
fixture pattern in conftest.py.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import Colorspace

BITS = 12
Paint = Callable[..., np.ndarray]
"""``(index, t, width, height) -> bgr``."""


def stamped(index: int, t: float, width: int, height: int) -> np.ndarray:
    """A grey picture with its number in a row of black and white cells at the top."""
    image = np.full((height, width, 3), 110, np.uint8)
    image[height // 2 :] = (60, 110, 160)
    cell = width // BITS
    for bit in range(BITS):
        image[: height // 4, bit * cell : (bit + 1) * cell] = 255 if index >> bit & 1 else 0
    return image


def read_stamp(bgr: np.ndarray) -> int:
    """The number that :func:`stamped` painted."""
    height, width = bgr.shape[:2]
    cell = width // BITS
    return sum(
        (bgr[height // 16 : height // 6, bit * cell + cell // 4 : (bit + 1) * cell - cell // 4].mean() > 128) << bit
        for bit in range(BITS)
    )


def quadrants(index: int, t: float, width: int, height: int) -> np.ndarray:
    """Red, green over blue, white: tells every turn and mirror image apart."""
    image = np.zeros((height, width, 3), np.uint8)
    h, w = height // 2, width // 2
    image[:h, :w], image[:h, w:], image[h:, :w], image[h:, w:] = (0, 0, 220), (0, 220, 0), (220, 0, 0), (230, 230, 230)
    return image


def flashing(at: Sequence[float], length: float = 0.08) -> Paint:
    """Dark pictures, white for ``length`` seconds from each time in ``at``."""

    def paint(index: int, t: float, width: int, height: int) -> np.ndarray:
        lit = any(a - 1e-6 <= t < a + length - 1e-6 for a in at)
        return np.full((height, width, 3), 235 if lit else 20, np.uint8)

    return paint


def beeping(
    at: Sequence[float], seconds: float, rate: int = 48000, channels: int = 1, length: float = 0.08
) -> np.ndarray:
    """Silence with a 1 kHz tone of ``length`` seconds from each time in ``at``; float32 ``[n, channels]``."""
    t = np.arange(round(seconds * rate)) / rate
    on = np.zeros(len(t), bool)
    for a in at:
        on |= (t >= a) & (t < a + length)
    tone = np.where(on, 0.5 * np.cos(2 * np.pi * 1000 * t), 0.0).astype(np.float32)
    return np.repeat(tone[:, None], channels, axis=1)


def tone(seconds: float, rate: int = 48000, channels: int = 1, hertz: float = 440.0) -> np.ndarray:
    """A steady tone, float32 ``[n, channels]``."""
    t = np.arange(round(seconds * rate)) / rate
    return np.repeat((0.3 * np.sin(2 * np.pi * hertz * t)).astype(np.float32)[:, None], channels, axis=1)


def clip(
    path: Path,
    *,
    size: tuple[int, int] = (320, 240),
    seconds: float = 2.0,
    fps: float = 25.0,
    times: Sequence[float] | None = None,
    paint: Paint | None = stamped,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    sound: np.ndarray | None = None,
    sound_at: Sequence[tuple[float, int]] | None = None,
    rate: int = 48000,
    audio_codec: str = "aac",
    video_start: float = 0.0,
    audio_start: float = 0.0,
    turn: tuple[float, bool, bool] | None = None,
    sar: Fraction | None = None,
    gop: int = 12,
    options: dict[str, str] | None = None,
    video_options: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
    kind: str | None = None,
) -> Path:
    """Write a clip. ``paint`` None leaves the picture out, ``sound`` None the sound.

    ``times`` gives every picture's time; ``sound_at`` cuts the sound into blocks ``(start, samples)`` that may leave
    gaps or overlap; ``turn`` is ``(degrees counter-clockwise, hflip, vflip)`` of the display matrix.
    """
    out: Any = av.open(str(path), "w", format=kind, options=options or {})
    out.metadata.update(metadata or {})
    video = audio = None
    if paint is not None:
        video = out.add_stream(
            codec, rate=Fraction(fps).limit_denominator(1001), options=video_options or {"preset": "ultrafast"}
        )
        context = video.codec_context
        context.width, context.height, context.pix_fmt = *size, pix_fmt
        context.time_base = Fraction(1, 90000) if codec.startswith("lib") else 1 / video.average_rate
        context.gop_size = gop
        if sar:
            context.sample_aspect_ratio = sar
        if turn:
            video.set_display_rotation(*turn)
    if sound is not None:
        audio = out.add_stream(audio_codec, rate=rate, layout="mono" if sound.shape[1] == 1 else "stereo")

    # untagged HD is read as BT.709
    matrix = Colorspace.ITU709 if min(size) >= 720 else Colorspace.ITU601
    jobs: list[tuple[float, int, Any]] = []
    if video is not None:
        moments = times if times is not None else [i / fps for i in range(round(seconds * fps))]
        jobs += [(t + video_start, 0, (i, t)) for i, t in enumerate(moments)]
    if sound is not None:
        if sound_at is None:
            sound_at = [(at / rate, min(1024, len(sound) - at)) for at in range(0, len(sound), 1024)]
        at = 0
        for start, samples in sound_at:
            jobs.append((start + audio_start, 1, sound[at : at + samples]))
            at += samples
    for t, which, what in sorted(jobs, key=lambda job: job[:2]):
        if which == 0:
            assert video is not None
            assert paint is not None
            frame = av.VideoFrame.from_ndarray(paint(*what, *size), "bgr24").reformat(
                format=pix_fmt, dst_colorspace=matrix
            )
            frame.time_base = video.codec_context.time_base
            frame.pts = round(t / frame.time_base)
            out.mux(video.encode(frame))
        else:
            assert audio is not None
            packed = audio.format.name.rstrip("p")
            limit, dtype = {"flt": (1.0, np.float32), "s16": (2**15 - 1, np.int16), "s32": (2**31 - 256, np.int32)}[
                packed
            ]
            scaled = (what.astype(np.float64) * limit).astype(dtype)
            planar = audio.format.name.endswith("p")
            data = np.ascontiguousarray(scaled.T) if planar else np.ascontiguousarray(scaled).reshape(1, -1)
            block = av.AudioFrame.from_ndarray(data, audio.format.name, audio.layout.name)
            block.sample_rate, block.time_base, block.pts = rate, Fraction(1, rate), round(t * rate)
            out.mux(audio.encode(block))
    for stream in (video, audio):
        if stream is not None:
            out.mux(stream.encode(None))
    out.close()
    return path


def changing(
    path: Path, parts: Sequence[tuple[tuple[int, int], int]], codec: str = "libvpx", paint: Paint = stamped
) -> Path:
    """A clip at 25 fps whose pictures change size, as browsers write it: ``parts`` of ``((w, h), pictures)``."""
    out: Any = av.open(str(path), "w", format="mpegts" if path.suffix == ".ts" else None)
    stream: Any = None
    number, layout = 0, "yuvj420p" if codec == "mjpeg" else "yuv420p"
    for size, count in parts:
        context: Any = av.CodecContext.create(codec, "w")
        context.width, context.height, context.pix_fmt = *size, layout
        context.time_base, context.framerate = Fraction(1, 25), Fraction(25)
        context.options = {"tune": "zerolatency", "preset": "ultrafast"} if codec == "libx264" else {}
        context.bit_rate = 1_000_000
        if stream is None:
            stream = out.add_stream(codec, rate=25)
            stream.width, stream.height, stream.pix_fmt = *size, layout
            stream.time_base = Fraction(1, 25)
        frames: list[Any] = []
        for _ in range(count):
            frame = av.VideoFrame.from_ndarray(paint(number, number / 25, *size), "bgr24").reformat(format=layout)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            frames.append(frame)
            number += 1
        for frame in [*frames, None]:
            for packet in context.encode(frame):
                packet.stream, packet.time_base = stream, Fraction(1, 25)
                out.mux(packet)
    out.close()
    return path


def cut(path: Path, share: float, to: Path | None = None) -> Path:
    """The first ``share`` of a file's bytes."""
    to = to or path.with_name(f"cut-{path.name}")
    data = path.read_bytes()
    to.write_bytes(data[: int(len(data) * share)])
    return to


def png(width: int = 8, height: int = 8) -> bytes:
    """A grey PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def with_cover(mp3: Path) -> Path:
    """Put an ID3 tag with a cover picture before an MP3."""
    body = b"\0image/png\0\x03\0" + png()
    frame = b"APIC" + struct.pack(">I", len(body)) + b"\0\0" + body
    size = bytes((len(frame) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    mp3.write_bytes(b"ID3\x03\0\0" + size + frame + mp3.read_bytes())
    return mp3


def onsets(samples: np.ndarray, rate: int, gap: float = 0.3) -> list[float]:
    """Times at which sound begins after at least ``gap`` seconds of quiet."""
    loud = np.flatnonzero(np.abs(samples) > 0.15) / rate
    return [float(t) for i, t in enumerate(loud) if i == 0 or t - loud[i - 1] > gap]


def flashes(frames: Iterable[tuple[float, np.ndarray]]) -> list[float]:
    """Times of pictures that turn bright."""
    out, was = [], False
    for t, bgr in frames:
        lit = bool(bgr.mean() > 128)
        if lit and not was:
            out.append(t)
        was = lit
    return out
