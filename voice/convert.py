"""The built-in converter: pitch shifter, then envelope warper, behind one fixed delay."""

from __future__ import annotations

from importlib.metadata import entry_points

import numpy as np

from timeline import FloatArray, ModelError
from voice.envelope import EnvelopeWarper
from voice.pitch import PitchShifter
from voice.protocol import Converter
from voice.setting import VoiceSetting

KNEE, CEILING = 0.8, 0.99
"""Samples beyond the knee are bent softly towards the ceiling."""


class WarpConverter:
    """A streaming converter for one speaker's setting (see :class:`voice.Converter`).

    Args:
        setting: the voice to give.
        rate: samples per second, 8000 to 192000.

    Raises:
        ValueError: if the rate is out of range.
    """

    def __init__(self, setting: VoiceSetting, rate: int) -> None:
        if not 8000 <= rate <= 192000:
            raise ValueError(f"sample rate {rate} Hz is out of range 8000..192000")
        self._rate = rate
        frequency = EnvelopeWarper.bins(rate)
        octaves = np.log2(np.clip(frequency, 100.0, 8000.0) / 1000.0)
        self._pitch = PitchShifter(rate, setting.ratio, setting.highest)
        # The shifter has moved the envelope by the pitch ratio; the warper's source is counted from there.
        self._warp = EnvelopeWarper(
            rate,
            lambda f, t: setting.source(f, t) * setting.ratio(t),
            octaves * setting.tilt * np.log(10.0) / 20.0,
            setting.contrast,
            0.94 * setting.lowest * rate / 2 if setting.lowest < 0.97 else float("inf"),
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
        """Take float32 ``[n]``, give float32 ``[n]``, ``delay`` samples late."""
        clean = np.clip(np.nan_to_num(block.astype(np.float64), nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)
        done = _soft(self._warp(self._pitch(clean)))
        ready = np.concatenate([self._ready, done.astype(np.float32)])
        self._ready = ready[len(block) :]
        return ready[: len(block)]

    def flush(self) -> FloatArray:
        """The last ``delay`` samples; after it the converter is as new."""
        last = self(np.zeros(self._delay, np.float32))
        self._pitch.reset()
        self._warp.reset()
        self._ready = self._preroll()
        return last


def make_converter(setting: VoiceSetting, rate: int, name: str = "warp") -> Converter:
    """The converter called ``name``: the built-in ``warp``, or one from the entry points ``discreet.voice``.

    Raises:
        ModelError: if there is none of that name.
    """
    if name == "warp":
        return WarpConverter(setting, rate)
    for point in entry_points(group="discreet.voice", name=name):
        made = point.load()(setting, rate)
        if isinstance(made, Converter):
            return made
    raise ModelError(f"there is no voice converter called {name!r}", 'use "warp", or install the plugin that adds it')


def _soft(x: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Bend what is louder than the knee; smooth at the knee, below the ceiling everywhere, no memory."""
    over = np.maximum(np.abs(x) - KNEE, 0.0)
    return np.asarray(
        np.where(over > 0.0, np.sign(x) * (KNEE + (CEILING - KNEE) * np.tanh(over / (CEILING - KNEE))), x)
    )
