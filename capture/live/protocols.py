"""What the recorder expects of whoever masks its pictures and changes its sound. It knows nothing about either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from capture.sources import Image
from timeline import FaceTrack, FloatArray


class PictureStage(Protocol):
    """Masks pictures behind a delay line.

    Runs in a thread of its own. If it raises, stalls, lags or gives anything odd, the recorder shows nothing of the
    picture until it works again: see :mod:`capture.live.frame_guard`.
    """

    latency: float
    """Seconds of the delay line: how old a picture is when it comes out."""

    def push(self, t: float, picture: Image) -> list[tuple[float, Image]]:
        """Take the picture at ``t`` s of the recording, which now belongs to the stage; give the masked ones that are
        old enough, in the order of time, with the times and shapes they came with."""
        ...

    def flush(self) -> list[tuple[float, Image]]:
        """All that is still held, masked."""
        ...

    def status(self) -> Mapping[str, float | int | str]:
        """Numbers and notices for whoever watches: ``shown``, ``masked`` (faces now), ``detect_fps``, ``notice``."""
        ...

    def close(self) -> None:
        """Let go of everything; a ``push`` that waits returns. May be called twice."""
        ...

    def tracks(self) -> list[FaceTrack]:
        """The faces that were found, times in seconds of the recording."""
        ...


class SoundStage(Protocol):
    """Changes the sound at a fixed delay, as :class:`voice.Converter` does."""

    @property
    def delay(self) -> int:
        """Samples by which the output is late."""
        ...

    def __call__(self, block: FloatArray) -> FloatArray:
        """Take float32 ``[n]``, give float32 ``[n]``, the first ``delay`` of a stream being zeros."""
        ...

    def flush(self) -> FloatArray:
        """The last ``delay`` samples."""
        ...


class SpoolWriter(Protocol):
    """Takes the unchanged sound for later; must not write it in clear."""

    def write(self, samples: FloatArray) -> None:
        """Add float32 ``[n]``."""
        ...

    def sync(self) -> None:
        """Have the system put on the disk what was written, where there is one. From any thread, at any time."""
        ...

    def close(self) -> None:
        """Write what is held and the end mark."""
        ...
