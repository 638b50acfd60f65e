"""Speaking in another voice: from a microphone to a device that a call takes for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from capture import Clock, SoundSink, SoundSource
from timeline import FloatArray
from voice.live import LiveVoice, VoiceStatus

Make = Callable[[int], LiveVoice]
"""A live voice for a sample rate."""
LONGEST_BLOCK = 0.02
"""Seconds that are converted at once: devices may give more, and would wait for all of it."""


@dataclass(frozen=True, slots=True)
class SpeakingStatus:
    """How it goes.

    Attributes:
        seconds: how much was said.
        voice: how the conversion goes.
        delay: seconds between what is said and what is given to the device, its own buffers and the microphone's aside:
            of the last block.
        note: what the microphone said of its format.
    """

    seconds: float = 0.0
    voice: VoiceStatus = field(default_factory=VoiceStatus)
    delay: float = 0.0
    note: str = ""


class Speaking:
    """Takes sound from a microphone and gives it, converted, to a device, until one of them ends.

    Args:
        microphone: where the own voice comes from.
        device: where the other voice goes; nothing else is ever given to it.
        make: the live voice for the microphone's rate.
        clock: the microphone's.
    """

    def __init__(self, microphone: SoundSource, device: SoundSink, make: Make, clock: Clock) -> None:
        self._microphone, self._device, self._make, self._clock = microphone, device, make, clock
        self.status = SpeakingStatus()

    def __call__(self, watch: Callable[[SpeakingStatus], None] = lambda status: None) -> SpeakingStatus:
        """Run until the microphone ends or :meth:`stop`.

        Raises:
            DeviceError: a device cannot be opened, or was lost. Both are closed.
        """
        try:
            got = self._microphone.open()
            voice = self._make(got.rate)
            self._device.open(got.rate)
            self.status = replace(self.status, note=got.note)
            while (item := self._microphone.read()) is not None:
                self._take(item[0], item[1], voice, got.rate)
                watch(self.status)
        finally:
            self._microphone.close()
            self._device.close()
        return self.status

    def stop(self) -> None:
        """End, from any thread."""
        self._microphone.close()

    def _take(self, start: float, block: FloatArray, voice: LiveVoice, rate: int) -> None:
        size = max(1, round(LONGEST_BLOCK * rate))
        for first in range(0, len(block), size):
            part = block[first : first + size]
            # The whole block came at once, so its last sample is as old as the block is late.
            late = max(0.0, self._clock.now() - start - len(block) / rate)
            made = voice(np.asarray(part, np.float32), late)
            self._device.write(made)
            delay = self._clock.now() - (start + first / rate) + voice.delay / rate
            seconds = self.status.seconds + len(part) / rate
            self.status = replace(self.status, seconds=seconds, voice=voice.status, delay=round(delay, 4))
