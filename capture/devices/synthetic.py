"""Computed sources, for tests, for benchmarks and for trying the recorder without a device.

At every full second the picture flashes white and the sound beeps, both for a tenth of a second, so that
synchronisation can be measured in the file.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from capture.clock import Clock
from capture.devices.settings import SYNTHETIC_BLOCK
from capture.media_info import Picture
from capture.sources import Image, PictureFormat, SoundFormat
from timeline import FloatArray

FLASH = 0.1
"""Length of a flash and a beep, s."""
BEEP_HZ = 1000.0

Draw = Callable[[int, Image], None]


class Pace:
    """Waits for a time on the clock unless the source is closed."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.closed = False
        self._signal = clock.signal()

    def until(self, t: float) -> bool:
        """Wait until ``t``; return False if the source was closed."""
        while not self.closed and (left := t - self.clock.now()) > 0:
            self._signal.wait_for(lambda: self.closed, left)
        return not self.closed

    def close(self) -> None:
        """End every wait, now and later."""
        self.closed = True
        self._signal.notify()


HELD = 4
"""Pictures that wait to be read; older ones are lost, as in a driver's buffers."""


class SyntheticPictures:
    """A moving gradient that flashes. Like a camera, it keeps only the newest pictures.

    Args:
        clock: the recorder's.
        picture: size and rate.
        seconds: length; endless by default.
        draw: draws onto picture number ``n``, in place.
        origin: the clock's time of second 0, to synchronise sources; the time of opening by default.
        band: rows from the top that flash; all by default.
    """

    name = "synthetic picture"

    def __init__(
        self,
        clock: Clock,
        picture: Picture | None = None,
        seconds: float = math.inf,
        draw: Draw | None = None,
        origin: float | None = None,
        band: int | None = None,
    ) -> None:
        self._band = band
        self.picture = picture or Picture(1280, 720, 30.0)
        self._seconds, self._draw, self._origin = seconds, draw, origin
        self._pace = Pace(clock)
        self._number = 0
        shape = self.picture
        ramp = np.add.outer(np.arange(shape.height) * 3, np.arange(shape.width + 256)).astype(np.uint16)
        self._wide: Image = np.repeat((ramp // 8 % 96 + 60).astype(np.uint8)[:, :, None], 3, axis=2)

    def open(self) -> PictureFormat:
        """Start at second 0."""
        if self._origin is None:
            self._origin = self._pace.clock.now()
        return PictureFormat(self.picture)

    def read(self) -> tuple[float, Image] | None:
        """Wait until the next picture is due and return it."""
        assert self._origin is not None
        newest = math.floor((self._pace.clock.now() - self._origin) * self.picture.fps)
        self._number = max(self._number, newest - HELD + 1)
        second = self._number / self.picture.fps
        t = self._origin + second
        if second >= self._seconds or not self._pace.until(t):
            return None
        shift = self._number % 256
        image = self._wide[:, shift : shift + self.picture.width].copy()
        if second % 1.0 < FLASH - 1e-9:
            image[: self._band] = 255
        if self._draw is not None:
            self._draw(self._number, image)
        self._number += 1
        return t, image

    def close(self) -> None:
        """Stop."""
        self._pace.close()


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """A device's own clock: how much too fast it runs (parts per million), and its largest random delay, s."""

    ppm: float = 0.0
    jitter: float = 0.0


_RIGHT = DeviceClock()


class SyntheticSound:
    """Quiet noise that beeps.

    Like a microphone's, its sound begins when it is first read; from then on nothing is lost until it is read.

    Args:
        clock: the recorder's.
        rate: samples per second, nominal.
        seconds: length; endless by default.
        origin: the clock's time of second 0; the time of opening by default.
        device: how the device's clock deviates from the recorder's.
        block: samples per block.
    """

    name = "synthetic sound"

    def __init__(
        self,
        clock: Clock,
        rate: int = 48000,
        seconds: float = math.inf,
        origin: float | None = None,
        device: DeviceClock = _RIGHT,
        block: int = SYNTHETIC_BLOCK,
    ) -> None:
        self._rate, self._seconds, self._origin = rate, seconds, origin
        self._speed = 1 + device.ppm * 1e-6
        self._jitter, self._block = device.jitter, block
        self._pace = Pace(clock)
        self._random = np.random.default_rng(7)
        self._at, self._read = 0, False

    def open(self) -> SoundFormat:
        """Start at second 0."""
        if self._origin is None:
            self._origin = self._pace.clock.now()
        return SoundFormat(self._rate)

    def read(self) -> tuple[float, FloatArray] | None:
        """Wait until the next block has been heard and return it. A fast clock samples the same world more often."""
        assert self._origin is not None
        device = self._rate * self._speed
        if not self._read:
            passed = math.floor((self._pace.clock.now() - self._origin) * device / self._block)
            self._at, self._read = max(0, passed) * self._block, True
        first = self._at
        t = self._origin + first / device
        if first / device >= self._seconds or not self._pace.until(self._origin + (first + self._block) / device):
            return None
        self._at += self._block
        second = np.arange(first, self._at) / device
        samples = self._random.normal(0.0, 0.002, self._block)
        samples += np.where(second % 1.0 < FLASH, 0.5 * np.sin(2 * np.pi * BEEP_HZ * second), 0.0)
        late = self._random.uniform(0.0, self._jitter) if self._jitter else 0.0
        return t + late, samples.astype(np.float32)

    def close(self) -> None:
        """Stop."""
        self._pace.close()
