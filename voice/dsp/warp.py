"""The built-in converter ``warp``: a pitch shifter, then an envelope warper, with one fixed delay."""

from __future__ import annotations

import numpy as np

from timeline import FloatArray
from voice.dsp.envelope import EnvelopeWarper
from voice.dsp.pitch_shift import PitchShifter
from voice.dsp.settings import CEILING, EMPTY_FROM, KNEE, LOWERED, RATES, TILT_CENTRE, TILTED
from voice.pseudo_voice import PseudoVoice


class WarpConverter:
    """A streaming converter for one speaker's voice (see :class:`voice.Converter`).

    Args:
        voice: the target voice.
        rate: samples per second, 8000 to 192000.

    Raises:
        ValueError: the rate is out of range.
    """

    def __init__(self, voice: PseudoVoice, rate: int) -> None:
        low, high = RATES
        if not low <= rate <= high:
            raise ValueError(f"sample rate {rate} Hz is out of range {low}..{high}")
        self._rate = rate
        frequency = EnvelopeWarper.bins(rate)
        octaves = np.log2(np.clip(frequency, *TILTED) / TILT_CENTRE)
        self._pitch = PitchShifter(rate, voice.ratio, voice.highest)
        # The shifter moves the envelope along with the pitch, so the warper looks for it there.
        self._warp = EnvelopeWarper(
            rate,
            lambda f, t: voice.source(f, t) * voice.ratio(t),
            octaves * voice.tilt * np.log(10.0) / 20.0,
            voice.contrast,
            EMPTY_FROM * voice.lowest * rate / 2 if voice.lowest < LOWERED else float("inf"),
        )
        self._delay = self._pitch.delay + self._warp.delay
        self._ready = self._preroll()

    @property
    def delay(self) -> int:
        """The latency in samples."""
        return self._delay

    @property
    def latency(self) -> float:
        """The latency in seconds."""
        return self._delay / self._rate

    def _preroll(self) -> FloatArray:
        return np.zeros(self._delay - self._warp.lead, np.float32)

    def __call__(self, block: FloatArray) -> FloatArray:
        """Convert float32 ``[n]`` to float32 ``[n]``, ``delay`` samples late."""
        clean = np.clip(np.nan_to_num(block.astype(np.float64), nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)
        done = _soft(self._warp(self._pitch(clean)))
        ready = np.concatenate([self._ready, done.astype(np.float32)])
        self._ready = ready[len(block) :]
        return ready[: len(block)]

    def flush(self) -> FloatArray:
        """The last ``delay`` samples. Afterwards the converter is reset."""
        last = self(np.zeros(self._delay, np.float32))
        self._pitch.reset()
        self._warp.reset()
        self._ready = self._preroll()
        return last


def _soft(x: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Bend samples beyond the knee towards the ceiling: smooth, memoryless, always below the ceiling."""
    over = np.maximum(np.abs(x) - KNEE, 0.0)
    return np.asarray(
        np.where(over > 0.0, np.sign(x) * (KNEE + (CEILING - KNEE) * np.tanh(over / (CEILING - KNEE))), x)
    )
