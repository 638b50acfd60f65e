"""Changing the sample rate of sound in memory, as a stream."""

from __future__ import annotations

from typing import Any

import numpy as np

from timeline import FloatArray


class StreamResampler:
    """Resamples mono blocks without shifting them: sample 0 stays at time 0.

    Args:
        rate: samples per second of the input.
        to: samples per second of the output; if it is the same rate, samples pass unchanged.
    """

    def __init__(self, rate: int, to: int) -> None:
        self._rate, self._to = rate, to
        self._taken = self._given = 0
        self._swr: Any = None
        if rate != to:
            from av.audio.resampler import AudioResampler

            self._swr = AudioResampler("fltp", "mono", to)

    def __call__(self, block: FloatArray) -> FloatArray:
        """Take ``[n]``; return the samples that are ready, any number."""
        if self._swr is None or not len(block):
            return block
        from av.audio.frame import AudioFrame

        self._taken += len(block)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(block[None], np.float32), "fltp", "mono")
        frame.sample_rate, frame.pts = self._rate, None
        return self._ready(self._swr.resample(frame))

    def flush(self) -> FloatArray:
        """The rest: with it, exactly ``round(taken * to / rate)`` samples have come out."""
        if self._swr is None:
            return np.zeros(0, np.float32)
        last = self._ready(self._swr.resample(None)) if self._taken else np.zeros(0, np.float32)
        return np.pad(last, (0, self._wanted - self._given))

    @property
    def _wanted(self) -> int:
        return round(self._taken * self._to / self._rate)

    def _ready(self, frames: list[Any]) -> FloatArray:
        out = np.concatenate([np.zeros(0, np.float32), *(np.asarray(f.to_ndarray()[0], np.float32) for f in frames)])
        out = out[: max(0, self._wanted - self._given)]
        self._given += len(out)
        return out
