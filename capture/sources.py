"""Where pictures and sound come from: one protocol for devices, files and synthetic sources.

Each source is read by a thread of its own. What it gives carries the time, on the recorder's clock, at which it was
taken; a source that ends gives None, one that is lost raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from capture.info import Picture
from timeline import FloatArray

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """What a camera agreed to. ``note`` says, in a line, where that is less than was asked for."""

    picture: Picture
    note: str = ""


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """What a microphone agreed to; several channels are mixed to one at the source."""

    rate: int
    note: str = ""


class PictureSource(Protocol):
    """Gives pictures."""

    name: str

    def open(self) -> PictureFormat:
        """Begin. Raises DeviceError or InputError where there is nothing to begin with."""
        ...

    def read(self) -> tuple[float, Image] | None:
        """Wait for the next picture: its time and uint8 ``[H, W, 3]`` BGR, handed over. None: the end.

        Raises:
            DeviceError: the device was lost.
        """
        ...

    def close(self) -> None:
        """Stop, from any thread: a ``read`` that waits gives None. May be called twice."""
        ...


class SoundSource(Protocol):
    """Gives sound."""

    name: str

    def open(self) -> SoundFormat:
        """Begin. Raises DeviceError or InputError where there is nothing to begin with."""
        ...

    def read(self) -> tuple[float, FloatArray] | None:
        """Wait for the next block: the time of its first sample and float32 ``[n]`` in -1..1. None: the end.

        Times are the device's word and may jitter; samples are never left out without a jump in time.

        Raises:
            DeviceError: the device was lost.
        """
        ...

    def close(self) -> None:
        """Stop, from any thread: a ``read`` that waits gives None. May be called twice."""
        ...
