"""A camera, through FFmpeg's devices: V4L2 on Linux, AVFoundation on macOS, DirectShow on Windows."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import Any

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from capture.clock import Clock
from capture.devices.settings import OPEN_SECONDS, READ_SECONDS, STAMP_SLACK
from capture.media_info import Picture
from capture.sources import Image, PictureFormat
from timeline import DeviceError

_REMEDY = "see `discreet devices`; another program may be using the camera"
_ASKED = ("mjpeg", "")
"""Formats to ask for in turn: few USB cameras deliver 720p30 uncompressed. The empty one lets the driver choose."""


def backend() -> str:
    """FFmpeg's name for this system's camera input."""
    return {"darwin": "avfoundation", "win32": "dshow"}.get(sys.platform, "v4l2")


class Camera:
    """A camera: any FFmpeg input that delivers pictures at its own pace.

    Args:
        clock: the recorder's.
        url: the device as its backend calls it: ``/dev/video0``, ``0``, ``video=Name``.
        wanted: size and rate to ask for. If the camera delivers something else, that is used and noted.
        name: for messages.
        format: FFmpeg's input format; this system's camera input by default.
    """

    def __init__(
        self, clock: Clock, url: str, wanted: Picture | None = None, name: str = "", format: str | None = None
    ) -> None:
        self.name = name or url
        self._clock, self._url, self._format = clock, url, format or backend()
        self._wanted = wanted or Picture(1280, 720, 30.0)
        self._frames: Iterator[VideoFrame] | None = None
        self._container: Any = None
        self._closed = False
        self._reading = threading.Lock()
        self._to_bgr = VideoReformatter()
        self._shape = (0, 0)

    def open(self) -> PictureFormat:
        """Open the camera: ask for the wanted format first, then for less and less.

        Raises:
            DeviceError: there is no such camera, it may not be used, or it is in use.
        """
        problem: Exception | None = None
        for options in self._tries():
            try:
                self._container = av.open(
                    self._url, format=self._format, options=options, timeout=(OPEN_SECONDS, READ_SECONDS)
                )
                stream = self._container.streams.video[0]
                stream.thread_type = "NONE"  # frame threads hold pictures back
                self._frames = self._container.decode(stream)
                break
            except (av.FFmpegError, OSError, ValueError, IndexError) as error:
                problem = error
        else:
            raise DeviceError(f"the camera {self.name} cannot be opened: {_why(problem)}", _REMEDY)
        context = stream.codec_context
        rate = stream.average_rate or stream.guessed_rate
        got = Picture(context.width, context.height, float(rate) if rate else self._wanted.fps)
        self._shape = got.width, got.height
        return PictureFormat(got, self._note(got))

    def _tries(self) -> Iterator[dict[str, str]]:
        want = self._wanted
        size, rate = {"video_size": f"{want.width}x{want.height}"}, {"framerate": f"{want.fps:g}"}
        if self._format == "v4l2":
            for kind in _ASKED:
                yield size | rate | ({"input_format": kind} if kind else {})
        if self._format in ("v4l2", "avfoundation", "dshow"):
            yield size | rate
            yield size
            yield rate
        yield {}

    def _note(self, got: Picture) -> str:
        want = self._wanted
        if (got.width, got.height) == (want.width, want.height) and got.fps >= want.fps - 0.5:
            return ""
        return (
            f"the camera gives {got.width}x{got.height} at {got.fps:g} frames a second, not "
            f"{want.width}x{want.height} at {want.fps:g}"
        )

    def read(self) -> tuple[float, Image] | None:
        """The next picture and its time; None once the camera is closed.

        Raises:
            DeviceError: the camera was lost.
        """
        assert self._frames is not None
        with self._reading:
            if self._closed:
                return None
            try:
                frame = next(self._frames, None)
            except (av.FFmpegError, OSError) as error:
                if self._closed:
                    return None
                raise DeviceError(f"the camera {self.name} was lost: {_why(error)}", _REMEDY) from error
            if frame is None:
                if self._closed:
                    return None
                raise DeviceError(f"the camera {self.name} was lost: it sends no more pictures", _REMEDY)
            t = self._time(frame)
            width, height = self._shape  # a driver that changes the size is scaled back to the agreed one
            bgr = self._to_bgr.reformat(frame, width, height, "bgr24", threads=1)
            return t, np.asarray(bgr.to_ndarray(), np.uint8)

    def _time(self, frame: VideoFrame) -> float:
        """The driver's time stamp if it is on the recorder's clock, else the current time."""
        now = self._clock.now()
        if frame.pts is not None and frame.time_base is not None:
            stamp = float(frame.pts * frame.time_base)
            if 0.0 <= now - stamp < STAMP_SLACK:
                return stamp
        return now

    def close(self) -> None:
        """Stop; the device is released as soon as no read is in progress."""
        self._closed = True
        if self._reading.acquire(timeout=READ_SECONDS):
            try:
                if self._container is not None:
                    with contextlib.suppress(av.FFmpegError, OSError):
                        self._container.close()
                    self._container = None
            finally:
                self._reading.release()


def _why(error: BaseException | None) -> str:
    return str(getattr(error, "strerror", None) or error or "no reason was given")
