"""Sources made by arithmetic: for tests, for benchmarks and for trying the recorder where there is no device.

Once a second the picture flashes white for a tenth of a second and the sound beeps, both beginning at the full
second, so that whether they are in step can be measured in the file.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from capture.clock import Clock
from capture.info import Picture
from capture.sources import Image, PictureFormat, SoundFormat
from timeline import FloatArray

FLASH = 0.1
"""Seconds a flash and a beep last."""
BEEP_HZ = 1000.0

Draw = Callable[[int, Image], None]


class Pace:
    """Waits for a time on the clock unless the source is closed."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.closed = False
        self._signal = clock.signal()

    def until(self, t: float) -> bool:
        """Wait until ``t``; False if the source was closed."""
        while not self.closed and (left := t - self.clock.now()) > 0:
            self._signal.wait_for(lambda: self.closed, left)
        return not self.closed

    def close(self) -> None:
        """End every wait, now and later."""
        self.closed = True
        self._signal.notify()


HELD = 4
"""Pictures that a camera keeps for whoever reads it; older ones are lost, as in a driver's buffers."""


class SyntheticPictures:
    """A moving gradient that flashes. Like a camera, it keeps the newest pictures only.

    Args:
        clock: the recorder's.
        picture: shape and rate.
        seconds: length; endless by default.
        draw: draws something more on picture number ``n``, in place.
        origin: the clock's time of second 0, for sources that shall be in step; default: when it is opened.
        band: how many rows from the top flash; default: all.
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
        """Begin at second 0."""
        if self._origin is None:
            self._origin = self._pace.clock.now()
        return PictureFormat(self.picture)

    def read(self) -> tuple[float, Image] | None:
        """The next picture, when it is due."""
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
    """A device's own clock: by how much it is fast (parts per million), and how late its times are at random, s."""

    ppm: float = 0.0
    jitter: float = 0.0


_RIGHT = DeviceClock()


class SyntheticSound:
    """Quiet noise that beeps; arguments as :class:`SyntheticPictures`.

    Like a microphone's, its sound begins when it is first read; from then on it keeps everything until it is read.

    Args:
        clock: the recorder's.
        rate: samples per second, nominal.
        seconds: length; endless by default.
        origin: the clock's time of second 0.
        device: how its own clock departs from the recorder's.
        block: samples given at once.
    """

    name = "synthetic sound"

    def __init__(
        self,
        clock: Clock,
        rate: int = 48000,
        seconds: float = math.inf,
        origin: float | None = None,
        device: DeviceClock = _RIGHT,
        block: int = 960,
    ) -> None:
        self._rate, self._seconds, self._origin = rate, seconds, origin
        self._speed = 1 + device.ppm * 1e-6
        self._jitter, self._block = device.jitter, block
        self._pace = Pace(clock)
        self._random = np.random.default_rng(7)
        self._at, self._read = 0, False

    def open(self) -> SoundFormat:
        """Begin at second 0."""
        if self._origin is None:
            self._origin = self._pace.clock.now()
        return SoundFormat(self._rate)

    def read(self) -> tuple[float, FloatArray] | None:
        """The next block, once all of it is there. A fast clock takes more samples of the same world."""
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
