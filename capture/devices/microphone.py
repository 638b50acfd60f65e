"""A microphone, through PortAudio (sounddevice, the optional extra ``record``)."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from capture.clock import Clock
from capture.devices.settings import HELD_SECONDS, LATENCY, MICROPHONE_RATES, SILENT_SECONDS
from capture.sources import SoundFormat
from timeline import DeviceError, FloatArray, tolerated

_REMEDY = "see `discreet devices`"


def library() -> Any:
    """The module sounddevice. Raises DeviceError, with what to install, if it or PortAudio is missing."""
    try:
        import sounddevice
    except ModuleNotFoundError:
        raise DeviceError(
            "microphones need the package sounddevice", "install it: pip install 'discreet[record]', or ./setup.sh"
        ) from None
    except OSError:
        raise DeviceError(
            "microphones need the library PortAudio", "on Debian: apt-get install libportaudio2"
        ) from None
    return sounddevice


class Microphone:
    """An input device of PortAudio.

    Args:
        clock: the recorder's.
        device: its number, its name or a part of it, or None for the system's default.
        rate: samples per second to ask for; if the device cannot, other rates are tried.
        latency: seconds of buffer to ask the system for.
    """

    def __init__(
        self, clock: Clock, device: int | str | None = None, rate: int = 48000, latency: float = LATENCY
    ) -> None:
        self.name = "default microphone" if device is None else str(device)
        self._clock, self._device, self._wanted, self._latency = clock, device, rate, latency
        self._rate = rate
        self._signal = clock.signal()
        self._blocks: deque[tuple[float, FloatArray]] = deque()
        self._given = self._taken = 0  # samples; each is written by one thread only
        self._read = False
        self._stream: Any = None
        self._closed = False
        self._trouble = ""

    def open(self) -> SoundFormat:
        """Open the microphone.

        Raises:
            DeviceError: there is no such microphone, or it may not be used.
        """
        sd = library()
        problem: Exception | None = None
        for rate in dict.fromkeys((self._wanted, *MICROPHONE_RATES)):
            try:
                info = sd.query_devices(self._device, "input")
                channels = max(1, min(2, int(info["max_input_channels"])))
                self._stream = sd.InputStream(
                    device=self._device,
                    samplerate=rate,
                    channels=channels,
                    dtype="float32",
                    latency=self._latency,
                    callback=self._take,
                    finished_callback=self._finished,
                )
                self._rate = rate
                self._stream.start()
                break
            except (sd.PortAudioError, ValueError) as error:
                problem = error
                self._drop_stream()
        else:
            raise DeviceError(f"the microphone {self.name} cannot be opened: {problem}", _REMEDY)
        self.name = str(info["name"])
        note = "" if rate == self._wanted else f"the microphone gives {rate} Hz, not {self._wanted}"
        return SoundFormat(rate, note)

    def _take(self, samples: Any, frames: int, times: Any, status: Any) -> None:
        """PortAudio's callback: must be quick, must not raise."""
        # The age that PortAudio reports is not used: through ALSA's plugins it is off by up to a second, and wanders.
        start = self._clock.now() - frames / self._rate
        mixed = samples.mean(axis=1, dtype=np.float32) if samples.shape[1] > 1 else samples[:, 0].copy()
        full = self._given - self._taken > HELD_SECONDS * self._rate
        if full and not self._read:
            self._blocks.popleft()
            self._blocks.append((start, mixed))
        elif full:
            self._trouble = f"sound was not taken for {HELD_SECONDS:.0f} s"
        else:
            self._given += frames
            self._blocks.append((start, mixed))
        self._signal.notify()

    def _finished(self) -> None:
        if not self._closed:
            self._trouble = self._trouble or "it stopped"
        self._signal.notify()

    def read(self) -> tuple[float, FloatArray] | None:
        """The next block and the time of its first sample; None once the microphone is closed.

        Raises:
            DeviceError: the microphone was lost.
        """
        self._read = True
        self._signal.wait_for(lambda: bool(self._blocks or self._closed or self._trouble), SILENT_SECONDS)
        if self._blocks:
            t, block = self._blocks.popleft()
            self._taken += len(block)
            return t, block
        if self._closed:
            return None
        raise DeviceError(f"the microphone {self.name} was lost: {self._trouble or 'it sends no sound'}", _REMEDY)

    def close(self) -> None:
        """Stop."""
        self._closed = True
        self._drop_stream()
        self._signal.notify()

    def _drop_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            with tolerated("a microphone could not be closed"):  # a device that is gone may refuse
                stream.abort()
                stream.close()
