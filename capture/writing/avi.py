"""AVI files at a constant 25 frames a second, as older programs of the field expect them: MPEG-4 picture, PCM sound."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from capture.media_info import MediaInfo
from capture.settings import CaptureSettings
from capture.writing.atomic import PartialFile
from timeline import OutputError, write_error

AVI_RATE = 25
"""Frames a second."""
_QUALITY = "2"
"""MPEG-4's quantiser: 1 is best, 31 worst."""


class AviWriter:
    """Writes an AVI under a hidden name and gives it its own only when it is complete, as :class:`SafeWriter` does.

    A context manager. Frame ``n`` shows the last picture whose time is nearest to or before ``n / 25`` s: pictures are
    left out or repeated, never blended.

    Args:
        path: ``.avi``; an existing file is replaced at the end.
        info: shape of the picture.
        audio_rate: samples per second of the blocks, None for no sound.
        channels: 1 or 2.
        settings: the comment tag.

    Raises:
        OutputError: the folder is missing, not writable, or full; it is the input.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        info: MediaInfo,
        audio_rate: int | None = None,
        channels: int = 1,
        settings: CaptureSettings | None = None,
    ) -> None:
        self.path = Path(path).absolute()
        if self.path.exists() and self.path.samefile(info.path):
            raise OutputError(f"{path}: is the input, which is never changed", "Choose another name or folder.")
        self._frames = 0
        self._samples = 0
        self._rate, self._channels = audio_rate, channels
        self._held: VideoFrame | None = None
        self._file = PartialFile(self.path)
        with self._file.guard(av.FFmpegError):
            self._open(info, (settings or CaptureSettings()).comment)

    def _open(self, info: MediaInfo, comment: str) -> None:
        self._out: Any = av.open(f"file:{self._file.url}", "w", format="avi")
        if comment:
            self._out.metadata["comment"] = comment
        video: Any = self._out.add_stream("mpeg4", rate=AVI_RATE, options={"qmin": _QUALITY, "qmax": _QUALITY})
        video.codec_context.codec_tag = "XVID"
        video.width, video.height = info.width + info.width % 2, info.height + info.height % 2
        video.pix_fmt = "yuv420p"
        video.codec_context.time_base = Fraction(1, AVI_RATE)
        self._video = video
        self._audio: Any = None
        if self._rate is not None:
            layout = "mono" if self._channels == 1 else "stereo"
            self._audio = self._out.add_stream("pcm_s16le", rate=self._rate, layout=layout)
            self._layout = layout

    @property
    def frames(self) -> int:
        """Frames written up to now; complete after :meth:`close`."""
        return self._frames

    def write_frame(self, t: float, bgr: npt.NDArray[np.uint8]) -> None:
        """Add the picture ``[H, W, 3]`` BGR at ``t`` seconds. Raises OutputError if it cannot be written."""
        at = max(0, round(t * AVI_RATE))
        if self._held is not None:
            self._repeat(at)
            if at < self._frames:
                return  # the place is taken by the picture before
        height, width = bgr.shape[0] % 2, bgr.shape[1] % 2
        even = np.pad(bgr, ((0, height), (0, width), (0, 0)), mode="edge") if height or width else bgr
        self._held = VideoFrame.from_ndarray(np.ascontiguousarray(even), format="bgr24").reformat(format="yuv420p")
        self._repeat(at + 1)

    def _repeat(self, until: int) -> None:
        """Write the picture held at every place before ``until`` that has none."""
        while self._frames < until and self._held is not None:
            self._held.pts, self._held.time_base = self._frames, Fraction(1, AVI_RATE)
            self._mux(self._video, self._held)
            self._frames += 1

    def write_audio(self, samples: npt.NDArray[np.float32]) -> None:
        """Add sound ``[n, channels]`` in -1..1, directly after the block before. Raises OutputError."""
        if self._audio is None or not len(samples):
            return
        clean = np.clip(np.nan_to_num(samples.reshape(len(samples), -1)), -1.0, 1.0)
        packed = np.round(clean * 32767.0).astype(np.int16).reshape(1, -1)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(packed), "s16", self._layout)
        frame.sample_rate = self._rate or 0
        frame.pts, frame.time_base = self._samples, Fraction(1, frame.sample_rate)
        self._samples += len(samples)
        self._mux(self._audio, frame)

    def _mux(self, stream: Any, frame: Any) -> None:
        try:
            self._out.mux(stream.encode(frame))
        except (av.FFmpegError, OSError) as error:
            raise write_error(self.path, error) from None

    def close(self) -> None:
        """Write what is held, and the index, and give the file its name. Raises OutputError; nothing is left then."""
        with self._file.guard(av.FFmpegError):
            self._mux(self._video, None)
            if self._audio is not None:
                self._mux(self._audio, None)
            self._out.close()
        self._file.commit()

    def abort(self) -> None:
        """Remove the file."""
        try:
            self._out.close()
        except (av.FFmpegError, OSError, ValueError):
            pass
        finally:
            self._file.discard()

    def __enter__(self) -> AviWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()
