"""What the recorder expects of the stages that mask pictures and change voices. It knows nothing else about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from capture.sources import Image
from timeline import FaceTrack, FloatArray


class PictureStage(Protocol):
    """Masks pictures behind a delay line.

    It runs in a thread of its own. If it raises, hangs, lags or returns anything invalid, the recorder covers the whole
    picture until it works again: see :mod:`capture.live.frame_guard`.
    """

    latency: float
    """Seconds of the delay line: the age of a picture when it is returned."""

    def push(self, t: float, picture: Image) -> list[tuple[float, Image]]:
        """Take over the picture of second ``t`` of the recording; return the masked pictures that are old enough.

        They are returned in order of time, with the times and shapes they came with.
        """
        ...

    def flush(self) -> list[tuple[float, Image]]:
        """All pictures still held, masked."""
        ...

    def status(self) -> Mapping[str, float | int | str]:
        """Numbers and notices for the display: ``shown``, ``masked`` (faces now), ``detect_fps``, ``notice``; and
        ``lag``, seconds that the newest analysed picture is old.
        """
        ...

    def close(self) -> None:
        """Release everything; a ``push`` that waits returns. May be called twice."""
        ...

    def tracks(self) -> list[FaceTrack]:
        """The faces that were found, times in seconds of the recording."""
        ...


class SoundStage(Protocol):
    """Changes the sound with a fixed delay, as :class:`voice.Converter` does."""

    @property
    def delay(self) -> int:
        """Samples by which the output is delayed."""
        ...

    def __call__(self, block: FloatArray) -> FloatArray:
        """Take float32 ``[n]``, return float32 ``[n]``; the first ``delay`` samples of a stream are zeros."""
        ...

    def flush(self) -> FloatArray:
        """The last ``delay`` samples."""
        ...


class SidecarWriter(Protocol):
    """Stores the unchanged sound for later; must never write it unencrypted."""

    def write(self, samples: FloatArray) -> None:
        """Add float32 ``[n]``."""
        ...

    def sync(self) -> None:
        """Flush to the disk what was written, if there is one. Any thread may call it at any time."""
        ...

    def close(self) -> None:
        """Write what is held and the end mark."""
        ...
