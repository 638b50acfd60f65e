"""The student as a converter: 16 kHz inside, whatever multiple of it outside."""

from __future__ import annotations

import numpy as np

from timeline import FloatArray
from voice.live.student.cepstra import AHEAD, CEPSTRA, StreamingCepstra
from voice.live.student.network import STEP, Student, StudentVoice
from voice.resynthesis import FEATURES, FRAME, RATE, REACH, Fargan, VoiceRange

_TAPS = 16
"""Taps of the filters between rates, for each step of the ratio, on either side."""
_MEMORY = 100.0
"""Frames over which the speaker's own pitch is averaged."""
_VOICED = 0.0
"""Voicing above which a frame has a pitch."""


class StudentConverter:
    """Gives one voice to a stream (see :class:`voice.Converter`).

    Args:
        student: the network; it is this converter's alone.
        fargan: the vocoder, too.
        voice: the voice to give.
        rate: samples per second, a multiple of 16000.

    Raises:
        ValueError: the rate is another.
    """

    def __init__(self, student: Student, fargan: Fargan, voice: StudentVoice, rate: int) -> None:
        if rate % RATE or rate <= 0:
            raise ValueError(f"the student works at multiples of {RATE} Hz, not at {rate}")
        self._student, self._fargan, self._voice = student, fargan, voice
        self._ratio, self._rate = rate // RATE, rate
        cut = np.sinc((np.arange(-_TAPS * self._ratio, _TAPS * self._ratio + 1)) / self._ratio)
        self._filter = np.hanning(len(cut) + 2)[1:-1] * cut / self._ratio if self._ratio > 1 else np.ones(1)
        filters = (len(self._filter) - 1) * (1 if self._ratio > 1 else 0)
        # A step has to be whole before it is said, and FARGAN is one frame late.
        self._early = ((STEP + Student.delay) * FRAME + Fargan.delay) * self._ratio
        self.delay = self._early + AHEAD * FRAME * self._ratio + filters
        self._begin()

    @property
    def latency(self) -> float:
        """The delay in seconds."""
        return self.delay / self._rate

    def _begin(self) -> None:
        self._hear = StreamingCepstra()
        self._student.reset()
        self._fargan.reset()
        self._waiting: FloatArray = np.zeros((0, FEATURES), np.float32)
        self._own = VoiceRange(0.0, 0.0)
        self._in = np.zeros(len(self._filter) - 1)
        self._out = np.zeros(len(self._filter) - 1)
        self._skip = 0
        self._ready: FloatArray = np.zeros(self._early, np.float32)

    def __call__(self, block: FloatArray) -> FloatArray:
        """Take float32 ``[n]``, give float32 ``[n]``, :attr:`delay` samples late."""
        heard = self._hear(self._lowered(np.clip(np.nan_to_num(np.asarray(block, np.float64)), -1.0, 1.0)))
        made = self._raised(self._said(heard))
        ready = np.concatenate([self._ready, made])
        self._ready = ready[len(block) :]
        return np.asarray(ready[: len(block)], np.float32)

    def flush(self) -> FloatArray:
        """The last ``delay`` samples; after it the converter is as new."""
        last = self(np.zeros(self.delay, np.float32))
        self._begin()
        return last

    def _said(self, heard: FloatArray) -> FloatArray:
        cepstra = self._student(heard[:, :CEPSTRA], self._voice)
        self._waiting = np.concatenate([self._waiting, heard])
        given, self._waiting = self._waiting[: len(cepstra)].copy(), self._waiting[len(cepstra) :]
        given[:, :CEPSTRA] = cepstra
        for frame in given:
            frame[18] = self._moved(float(frame[18]), float(frame[19]))
        return self._fargan(given)

    def _moved(self, octaves: float, voicing: float) -> float:
        """The pitch feature of the voice for one of the speaker."""
        pitch = (octaves + 1.5) * np.log(2.0)
        own = self._own
        if own.deviation == 0.0:
            own = VoiceRange(pitch, 0.2)
        if voicing > _VOICED:
            away = pitch - own.median
            median = own.median + away / _MEMORY
            own = VoiceRange(median, max(0.05, own.deviation + (1.25 * abs(away) - own.deviation) / _MEMORY))
        self._own = own
        move = np.clip((pitch - own.median) / own.deviation, -REACH, REACH)
        target = self._voice.pitch.median + self._voice.pitch.deviation * move
        return float(np.log2(256.0 * np.exp(target) / RATE) - 1.5)

    def _lowered(self, sound: FloatArray) -> FloatArray:
        if self._ratio == 1 or not len(sound):
            return sound
        held = np.concatenate([self._in, sound])
        self._in = held[len(sound) :]
        low = np.convolve(held, self._filter, "valid")
        first = -self._skip % self._ratio
        self._skip = (self._skip + len(low)) % self._ratio
        return np.asarray(low[first :: self._ratio])

    def _raised(self, sound: FloatArray) -> FloatArray:
        if self._ratio == 1 or not len(sound):
            return sound
        wide = np.zeros(len(sound) * self._ratio)
        wide[:: self._ratio] = sound * self._ratio
        held = np.concatenate([self._out, wide])
        self._out = held[len(wide) :]
        return np.asarray(np.convolve(held, self._filter, "valid"), np.float32)
