"""A loudspeaker, or a virtual one that calls take for a microphone, through PortAudio."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from capture.devices.microphone import library
from capture.devices.settings import LOUDSPEAKER_LATENCY, WAITING_SECONDS
from timeline import DeviceError, FloatArray, tolerated

_REMEDY = "see `discreet devices`"


class Loudspeaker:
    """An output device of PortAudio's.

    Where nothing waits to be played, it plays silence.

    Args:
        device: its number, its name or a part of it, or None for the system's default.

    Attributes:
        name: of the device, once it is open.
        missed: seconds of silence played because nothing was there, since the first sound.
        left_out: seconds that waited too long.
    """

    def __init__(self, device: int | str | None = None) -> None:
        self.name = "default loudspeaker" if device is None else str(device)
        self.missed = self.left_out = 0.0
        self._device, self._rate = device, 0
        self._lock = threading.Lock()
        self._waiting: FloatArray = np.zeros(0, np.float32)
        self._stream: Any = None
        self._begun = self._ended = self._closed = False

    def open(self, rate: int) -> None:
        """Begin, at ``rate`` samples a second.

        Raises:
            DeviceError: there is no such device, it may not be used, or not at that rate.
        """
        sd, self._rate = library(), rate
        try:
            info = sd.query_devices(self._device, "output")
            self._stream = sd.OutputStream(
                device=self._device,
                samplerate=rate,
                channels=max(1, min(2, int(info["max_output_channels"]))),
                dtype="float32",
                latency=LOUDSPEAKER_LATENCY,
                callback=self._give,
                finished_callback=self._finished,
            )
            self._stream.start()
        except (sd.PortAudioError, ValueError) as error:
            self.close()
            raise DeviceError(f"the loudspeaker {self.name} cannot be opened: {error}", _REMEDY) from error
        self.name = str(info["name"])

    def write(self, block: FloatArray) -> None:
        """Take float32 ``[n]`` to be played next; never waits.

        Raises:
            DeviceError: the device was lost.
        """
        if self._ended and not self._closed:
            raise DeviceError(f"the loudspeaker {self.name} was lost", _REMEDY)
        with self._lock:
            waiting = np.concatenate([self._waiting, block])
            over = max(0, len(waiting) - round(WAITING_SECONDS * self._rate) - len(block))
            self._waiting = waiting[over:]
            self.left_out += over / max(self._rate, 1)
            self._begun = True

    def _give(self, samples: Any, frames: int, times: Any, status: Any) -> None:
        """PortAudio's callback: must be quick, must not raise."""
        with self._lock:
            ready, self._waiting = self._waiting[:frames], self._waiting[frames:]
            if self._begun:
                self.missed += (frames - len(ready)) / self._rate
        samples[: len(ready)] = ready[:, None]
        samples[len(ready) :] = 0.0

    def _finished(self) -> None:
        self._ended = True

    def close(self) -> None:
        """Stop."""
        self._closed = True
        stream, self._stream = self._stream, None
        if stream is not None:
            with tolerated("a loudspeaker could not be closed"):  # one that is gone may refuse
                stream.abort()
                stream.close()
