"""H.264 and AAC into one MP4: encoding of single pictures and blocks, without threads or file names.

Pictures keep their times on a base of 1/90000 s. The sound is one continuous grid of samples from 0. AAC's priming
samples and the reordering of B-frames are written into the MP4's edit lists, so that both begin at 0 in decoders.
In the 4:2:0 format that every player supports, x264 takes even sizes only: a picture of odd size gets one more column
or row, a copy of the last. (4:4:4 would keep odd sizes, but most browsers and phones could not play it; the MP4 box
that would crop the column again is ignored by most players.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, VideoReformatter

from capture.media_info import Picture
from capture.settings import CaptureSettings
from capture.timestamps import FrameClock, SampleGrid
from capture.writing.settings import (
    AVX512F,
    HD_LINES,
    KEY_SECONDS,
    QUICK,
    QUICK_PRESET,
    SILENCE_SAMPLES,
    X264_INSTRUCTIONS,
)

TICKS = 90000
AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)
_BT709, _BT601, _LIMITED = 1, 6, 1  # AVCOL_SPC_BT709, AVCOL_SPC_SMPTE170M, AVCOL_RANGE_MPEG
MUXER = {
    "movflags": "+faststart",  # the index first, so that the file plays while it is still being copied
    "movie_timescale": str(
        TICKS
    ),  # edit lists count in it; in its default, milliseconds, a late start would be rounded
}


@dataclass(frozen=True, slots=True)
class Streams:
    """What a file holds.

    ``picture`` is the size and rate of the pictures (None: sound alone), ``audio_rate`` the samples per second (None:
    no sound), ``channels`` 1 or 2.
    """

    picture: Picture | None
    audio_rate: int | None
    channels: int = 1


@dataclass(frozen=True, slots=True)
class EncoderOptions:
    """FFmpeg's name of the muxer ("mp4", or "ipod" for .m4a), its options, and extra options of the video encoder."""

    kind: str = "mp4"
    muxer: Mapping[str, str] = field(default_factory=lambda: MUXER)
    x264: Mapping[str, str] = field(default_factory=dict)


_PLAIN = EncoderOptions()


def key_frames(picture: Picture | None) -> dict[str, str]:
    """Options of the video encoder that give a recording a key frame every :data:`KEY_SECONDS`."""
    fps = picture.fps if picture is not None and picture.fps > 0 else 25.0
    return {"g": str(max(1, round(KEY_SECONDS * fps)))}


def _x264_options(settings: CaptureSettings) -> dict[str, str]:
    """Options of the video encoder for a preset and quality.

    The machine's AVX-512 is left out. With it, x264's macroblock tree reads memory that nobody wrote, and the same
    pictures give another file now and then (x264 165; pictures 320 and 848 px wide, but not 640 or 1280).
    """
    import cv2  # loaded late: it is heavy

    quick = settings.preset == "quick"
    params = dict(QUICK) if quick else {}
    if cv2.checkHardwareSupport(AVX512F):
        params["asm"] = X264_INSTRUCTIONS
    options = {"preset": QUICK_PRESET if quick else settings.preset, "crf": str(settings.crf)}
    return options | ({"x264-params": ":".join(f"{key}={value}" for key, value in params.items())} if params else {})


class Encoder:
    """Writes one file. Not thread-safe.

    Args:
        path: file to write, replaced if it exists.
        streams: what is written.
        settings: preset, rates.
        options: of FFmpeg's muxer and of the video encoder.
        target: an object with ``write`` to write to instead of ``path``.
    """

    def __init__(
        self,
        path: Path,
        streams: Streams,
        settings: CaptureSettings,
        options: EncoderOptions = _PLAIN,
        target: Any = None,
    ) -> None:
        picture, audio_rate = streams.picture, streams.audio_rate
        self.picture, self.channels = picture, streams.channels
        self._x264 = dict(options.x264)
        where = f"file:{path}" if target is None else target
        self._out: Any = av.open(where, "w", format=options.kind, options=dict(options.muxer))
        if settings.comment:
            self._out.metadata["comment"] = settings.comment
        self._video: Any = None
        self._audio: Any = None
        self._waiting: VideoFrame | None = None
        if picture is not None:
            self._begin_video(picture, settings)
        if audio_rate is not None:
            self._begin_audio(audio_rate, settings)

    def _begin_video(self, picture: Picture, settings: CaptureSettings) -> None:
        width, height = picture.width + picture.width % 2, picture.height + picture.height % 2
        self.size = width, height
        rate = Fraction(picture.fps).limit_denominator(1001) if picture.fps > 0 else Fraction(25)
        video = self._out.add_stream(
            "libx264",
            rate=rate,
            options=_x264_options(settings) | self._x264,
        )
        context = video.codec_context
        context.width, context.height, context.pix_fmt = width, height, "yuv420p"
        context.time_base = Fraction(1, TICKS)
        context.thread_count = settings.encode_threads
        hd = min(picture.width, picture.height) >= HD_LINES
        self._matrix = Colorspace.ITU709 if hd else Colorspace.ITU601
        context.colorspace = context.color_primaries = context.color_trc = _BT709 if hd else _BT601
        context.color_range = _LIMITED
        if abs(picture.sar - 1.0) > 1e-3:
            context.sample_aspect_ratio = Fraction(picture.sar).limit_denominator(255)
        self._video = video
        self._period = max(1, round(TICKS / rate))
        self._clock = FrameClock(float(1 / rate), step=1 / TICKS)
        self._last = -1
        self._to_yuv = VideoReformatter()

    def _begin_audio(self, rate: int, settings: CaptureSettings) -> None:
        coded = rate if rate in AAC_RATES else 48000
        layout = "mono" if self.channels == 1 else "stereo"
        # Without noise substitution: it makes what a packet sounds like depend on all packets before it.
        audio = self._out.add_stream("aac", rate=coded, layout=layout, options={"aac_pns": "0"})
        audio.codec_context.bit_rate = settings.audio_kbps * 1000 * self.channels
        self._audio, self._layout, self._rate = audio, layout, rate
        self._grid = SampleGrid(rate)
        self._resample = AudioResampler("fltp", layout, coded) if coded != rate else None
        self._coded = 0

    def add_picture(self, t: float, bgr: npt.NDArray[np.uint8]) -> None:
        """Add a picture ``[H, W, 3]`` BGR at ``t`` seconds; times that do not increase are repaired."""
        height, width = bgr.shape[:2]
        pad = (self.size[1] - height, self.size[0] - width)
        if any(pad):
            bgr = np.pad(bgr, ((0, pad[0]), (0, pad[1]), (0, 0)), mode="edge")
        frame = VideoFrame.from_numpy_buffer(np.ascontiguousarray(bgr), "bgr24")
        yuv = self._to_yuv.reformat(
            frame, format="yuv420p", dst_colorspace=self._matrix, dst_color_range="MPEG", threads=1
        )
        # rounding to ticks must not bring two pictures together
        self._last = max(self._last + 1, round(self._clock(t) * TICKS))
        yuv.pts, yuv.time_base = self._last, Fraction(1, TICKS)
        if self._waiting is not None:
            self._send(self._waiting, self._last - (self._waiting.pts or 0))
        self._waiting = yuv

    def _send(self, frame: VideoFrame, ticks: int) -> None:
        frame.duration = ticks
        self._out.mux(self._video.encode(frame))

    def add_sound(self, samples: npt.NDArray[np.float32], t: float | None) -> None:
        """Add a block ``[n]`` or ``[n, channels]`` that follows the one before, or begins at ``t`` seconds."""
        block = samples.reshape(len(samples), -1)
        if block.shape[1] != self.channels:
            raise ValueError(f"{block.shape[1]} channels given, {self.channels} announced")
        silence, skip = self._grid.place(t, len(block))
        while silence > 0:
            step = min(silence, SILENCE_SAMPLES)
            self._sound(np.zeros((step, self.channels), np.float32))
            silence -= step
        if skip < len(block):
            self._sound(block[skip:])

    def _sound(self, block: npt.NDArray[np.float32]) -> None:
        block = np.clip(np.nan_to_num(block, nan=0.0), -1.0, 1.0)  # the AAC encoder refuses values that are not finite
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(block.T), "fltp", self._layout)
        frame.sample_rate = self._rate
        self._code(self._resample.resample(frame) if self._resample else [frame])

    def _code(self, frames: list[AudioFrame]) -> None:
        for frame in frames:
            frame.pts, frame.time_base = self._coded, Fraction(1, frame.sample_rate)
            self._coded += frame.samples
            self._out.mux(self._audio.encode(frame))

    def finish(self) -> None:
        """Write what is still held, and the index."""
        if self._video is not None:
            if self._waiting is not None:
                self._send(self._waiting, self._period)
            self._out.mux(self._video.encode(None))
        if self._audio is not None:
            if self._resample is not None:
                self._code(self._resample.resample(None))
            self._out.mux(self._audio.encode(None))
        self._out.close()

    def abandon(self) -> None:
        """Close the file, whatever state it is in."""
        self._out.close()
