"""The protocol of all sources of pictures and sound: devices, files and synthetic sources.

A thread of its own reads each source. Pictures and blocks carry the time at which they were taken, on the recorder's
clock. A source that ends returns None; one that is lost raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from capture.media_info import Picture
from timeline import FloatArray

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """What a camera agreed to. ``note`` says, in one line, how that is less than was asked for."""

    picture: Picture
    note: str = ""


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """What a microphone agreed to. The source mixes several channels to one."""

    rate: int
    note: str = ""


class PictureSource(Protocol):
    """Delivers pictures."""

    name: str

    def open(self) -> PictureFormat:
        """Open the source. Raises DeviceError or InputError if that is not possible."""
        ...

    def read(self) -> tuple[float, Image] | None:
        """Wait for the next picture; return its time and uint8 ``[H, W, 3]`` BGR, which belongs to the caller.

        Returns None at the end.

        Raises:
            DeviceError: the device was lost.
        """
        ...

    def close(self) -> None:
        """Stop, from any thread: a ``read`` that waits returns None. May be called twice."""
        ...


class SoundSource(Protocol):
    """Delivers sound."""

    name: str

    def open(self) -> SoundFormat:
        """Open the source. Raises DeviceError or InputError if that is not possible."""
        ...

    def read(self) -> tuple[float, FloatArray] | None:
        """Wait for the next block; return the time of its first sample and float32 ``[n]`` in -1..1. None at the end.

        Times come from the device and may jitter. If samples are left out, the time jumps.

        Raises:
            DeviceError: the device was lost.
        """
        ...

    def close(self) -> None:
        """Stop, from any thread: a ``read`` that waits returns None. May be called twice."""
        ...


class SoundSink(Protocol):
    """Takes sound, and plays it."""

    name: str

    def open(self, rate: int) -> None:
        """Begin, at ``rate`` samples a second. Raises DeviceError where that cannot be."""
        ...

    def write(self, block: FloatArray) -> None:
        """Take float32 ``[n]`` in -1..1; never waits.

        Raises:
            DeviceError: the device was lost.
        """
        ...

    def close(self) -> None:
        """Stop, from any thread. May be called twice."""
        ...
