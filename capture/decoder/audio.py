"""Decoding sound in the child: float32 on one continuous grid of samples from the recording's start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from capture.decoder import protocol
from capture.decoder.open_file import open_input
from capture.decoder.pipe import Pipe
from capture.decoder.video import decoded
from capture.timestamps import SampleGrid


class Resampler:
    """Converts any sound to packed float32 at one rate and layout; the format may change within the stream.

    One channel is FFmpeg's downmix. With more than one, the channels of the first frame are kept as they are.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self.rate, self.channels = rate, channels
        self.layout = "mono" if channels == 1 else ""
        self._format: tuple[object, ...] = ()
        self._swr: Any = None

    def __call__(self, frame: AudioFrame) -> bytes:
        """Convert a frame; return the samples that are ready, as bytes."""
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        out = b""
        if shape != self._format:
            out = self.flush()
            own = frame.layout.name
            self.layout = self.layout or (own if len(frame.layout.channels) == self.channels else f"{self.channels}c")
            # without the limit, swr adds two float channels at 0.71 each and loud sound leaves -1..1
            self._swr = AudioResampler("flt", self.layout, self.rate, options={"rematrix_maxval": "1.0"})
            self._format = shape
        frame.pts = None
        return out + self._take(frame)

    def flush(self) -> bytes:
        """The samples that the filter still holds, as bytes."""
        return self._take(None) if self._swr is not None else b""

    def _take(self, frame: AudioFrame | None) -> bytes:
        parts = []
        for piece in self._swr.resample(frame):
            if piece is not None and piece.samples:
                bytes_each = 4 * len(piece.layout.channels)
                parts.append(bytes(memoryview(piece.planes[0])[: piece.samples * bytes_each]))
        return b"".join(parts)


def silence_like(frame: AudioFrame, samples: int) -> AudioFrame:
    """A frame of ``samples`` samples of silence in the format of ``frame``."""
    quiet = AudioFrame(format=frame.format.name, layout=frame.layout.name, samples=samples)
    quiet.sample_rate = frame.sample_rate
    zero = 0x80 if frame.format.name.startswith("u8") else 0
    for plane in quiet.planes:
        plane.update(bytes([zero]) * plane.buffer_size)
    return quiet


def without_front(frame: AudioFrame, samples: int) -> AudioFrame:
    """The frame without its first ``samples`` samples."""
    kept = AudioFrame(format=frame.format.name, layout=frame.layout.name, samples=frame.samples - samples)
    kept.sample_rate = frame.sample_rate
    width = frame.format.bytes * (1 if frame.format.is_planar else len(frame.layout.channels))
    for old, new in zip(frame.planes, kept.planes, strict=True):
        body = bytes(memoryview(old)[samples * width : frame.samples * width])
        new.update(body.ljust(new.buffer_size, b"\0"))
    return kept


@dataclass(frozen=True, slots=True)
class SoundRequest:
    """A request for all sound of a stream from ``origin`` (s) on, at ``rate`` Hz, in blocks of about ``chunk`` s."""

    path: str
    stream: int
    origin: float
    rate: int
    channels: int
    chunk: float


def serve(pipe: Pipe, request: SoundRequest) -> None:
    """Decode the requested sound and send it."""
    rate, channels, origin = request.rate, request.channels, request.origin
    container = open_input(request.path)
    audio: Any = container.streams[request.stream]
    grid: SampleGrid | None = None
    resample = Resampler(rate, channels)
    tally: dict[str, Any] = {"frames": 0, "damaged": 0, "truncated": False, "reason": "", "end": 0.0}
    waiting = bytearray()
    want = 4 * channels * max(1, round(request.chunk * rate))
    sent = 0

    def give(data: bytes, last: bool = False) -> None:
        nonlocal waiting, sent
        waiting += data
        while len(waiting) >= want or (last and waiting):
            piece, waiting = waiting[:want], waiting[want:]
            samples = len(piece) // (4 * channels)
            pipe.send(protocol.SOUND, sent / rate, samples, channels, piece)
            sent += samples
            tally["end"] = sent / rate

    for frame in decoded(container, audio, pipe, tally):
        if not frame.samples:
            continue
        if grid is None:
            grid = SampleGrid(frame.sample_rate)
        elif grid.rate != frame.sample_rate:
            grid.at = round(grid.at * frame.sample_rate / grid.rate)
            grid.rate = frame.sample_rate
        start = None if frame.pts is None else float(frame.pts * frame.time_base) - origin
        silence, skip = grid.place(start, frame.samples)
        while silence > 0:
            step = min(silence, frame.sample_rate)
            give(resample(silence_like(frame, step)))
            silence -= step
        if skip < frame.samples:
            give(resample(without_front(frame, skip) if skip else frame))
        tally["frames"] += 1
    try:
        give(resample.flush(), last=True)
    except av.FFmpegError:
        tally["damaged"] += 1
    pipe.send_json(protocol.END, tally)
