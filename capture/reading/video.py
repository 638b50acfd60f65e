"""The pictures of a recording, decoded in a child process."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from capture.decoder import protocol
from capture.media_info import MediaInfo
from capture.reading.child_process import Child, ChildDiedError
from capture.reading.probe import probe
from capture.reading.read_ahead import ReadAhead
from capture.reading.settings import MAX_PIXELS
from capture.settings import CaptureSettings
from timeline import InputError

Image = npt.NDArray[np.uint8]
Size = tuple[int, int]


class VideoFile:
    """Pictures of a file in order of time; each pass runs in its own child process, in constant memory.

    Every picture is upright, a uint8 array ``[H, W, 3]`` in BGR that belongs to the caller, with its time in seconds
    from the recording's start. Times are strictly increasing; a variable frame rate is kept. All passes over one file
    yield the same times, whatever the size. If pictures change size, each fills as much of the largest size as its
    aspect ratio allows, with black bars.

    Args:
        path: the recording.
        info: the result of :func:`capture.probe`, if already known.
        settings: decoder threads and time limits.

    Attributes:
        truncated: the file breaks off early; certain only after a pass to the end.
        damaged: packets that could not be decoded in the last pass to the end.

    Raises:
        InputError: the file cannot be read, or (on iteration) has no pictures.
    """

    def __init__(
        self, path: str | os.PathLike[str], info: MediaInfo | None = None, settings: CaptureSettings | None = None
    ) -> None:
        self.settings = settings or CaptureSettings()
        self.info = info or probe(path, self.settings)
        self.truncated = self.info.truncated
        self.damaged = 0

    @property
    def size(self) -> Size:
        """Width and height of the upright picture, px."""
        return self.info.width, self.info.height

    def __iter__(self) -> Iterator[tuple[float, Image]]:
        """Yield all pictures at full size: ``(t, bgr)``."""
        return self.frames()

    def frames(
        self, size: Size | None = None, start: float = 0.0, stop: float | None = None
    ) -> Iterator[tuple[float, Image]]:
        """Yield pictures with ``start <= t < stop`` as ``(t, bgr)``, scaled by the decoder to ``size`` (w, h) if given.

        Raises:
            InputError: there are no pictures, or the decoder crashes or hangs; says about where.
        """
        for t, image, _ in self._pass(size or self.size, None, start, stop):
            yield t, image

    def pairs(self, small: Size, start: float = 0.0, stop: float | None = None) -> Iterator[tuple[float, Image, Image]]:
        """Yield pictures as ``(t, full, small)``: at full size and, from the same decoding, at ``small`` (w, h).

        Raises:
            InputError: as :meth:`frames`.
        """
        for t, image, little in self._pass(self.size, small, start, stop):
            assert little is not None
            yield t, image, little

    def _pass(
        self, full: Size, small: Size | None, start: float, stop: float | None
    ) -> Iterator[tuple[float, Image, Image | None]]:
        info = self.info
        if not info.has_video:
            raise InputError(f"{info.path.name}: has no picture", "Give a recording with a picture.")
        request = {
            "do": "video",
            "path": str(info.path),
            "stream": info.video_stream,
            "origin": info.origin,
            "period": 1 / (info.fps or 25.0),
            "rotation": info.rotation,
            "mirrored": info.mirrored,
            "full": full,
            "small": small,
            "start": start,
            "stop": stop,
            "threads": self.settings.decode_threads,
            "max_pixels": MAX_PIXELS,
        }
        t = start
        try:
            picture = 3 * (full[0] * full[1] + (small[0] * small[1] if small else 0))
            with ReadAhead(Child(request, self.settings.stall_seconds), picture, protocol.END) as child:
                while (message := child.message()).kind == protocol.PICTURE:
                    t, image = message.t, message.payload.reshape(message.b, message.a, 3)
                    little = None
                    if small:
                        message = child.message()
                        little = message.payload.reshape(message.b, message.a, 3)
                    yield t, image, little
                if message.kind == protocol.END:
                    end = message.json()
                    self.damaged = int(end["damaged"])
                    self.truncated = self.truncated or bool(end["truncated"])
        except ChildDiedError as died:
            if info.truncated and t >= info.video_end - 1.0:
                return  # it failed at the torn end, which is known already
            raise damage(info, t, died.how) from None
        except InputError as error:
            raise InputError(f"{info.path.name}: {error}", error.remedy) from None


def damage(info: MediaInfo, t: float, how: str) -> InputError:
    """The error for a decoder that failed at ``t`` seconds."""
    return InputError(
        f"{info.path.name}: the file is damaged at about {t:.1f} s: {how}",
        "Copy the file again, or cut it before that time.",
    )
