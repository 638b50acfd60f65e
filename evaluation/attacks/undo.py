"""Turning a converted voice back, by somebody who was told every setting: the worst case for any converter.

The built-in converter can be inverted: its pitch ratio, its map of the formants, its tilt and its contrast all have
inverses. What is left of the speaker's own voice then is what the converter does not destroy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timeline import FloatArray
from voice import PseudoVoice, WarpConverter
from voice.attacks import mcadams, power_for
from voice.quality import pitch_contour

Samples = npt.NDArray[np.float64]
_LOWEST, _HIGHEST, _POINTS = 20.0, 30000.0, 4000


@dataclass(frozen=True, slots=True)
class Undone:
    """The inverse of ``voice``, as a voice: pitch and formants move back, tilt and contrast are taken away.

    Attributes:
        voice: what was given.
        delay: seconds by which what is turned back is late against the conversion.
    """

    voice: PseudoVoice
    delay: float = 0.0

    @property
    def highest(self) -> float:
        """The largest pitch ratio at any time."""
        return 1.0 / self.voice.lowest

    @property
    def lowest(self) -> float:
        """The smallest pitch ratio at any time."""
        return 1.0 / self.voice.highest

    @property
    def tilt(self) -> float:
        """dB per octave."""
        return -self.voice.tilt

    @property
    def contrast(self) -> float:
        """Height of hills and valleys over that of the converted voice."""
        return 1.0 / self.voice.contrast

    def ratio(self, seconds: float) -> float:
        """The pitch ratio at a time."""
        return 1.0 / self.voice.ratio(seconds - self.delay)

    def source(self, frequency: Samples, seconds: float) -> Samples:
        """Where in the converted voice stands what was at ``frequency`` ``[K]`` of the own one, Hz."""
        grid = np.geomspace(_LOWEST, _HIGHEST, _POINTS)
        own = self.voice.source(grid, seconds - self.delay)
        at = np.interp(np.log(np.maximum(frequency, 1.0)), np.log(own), np.log(grid))
        return np.asarray(np.where(frequency >= 1.0, np.exp(at), frequency))


def undo_warp(sound: FloatArray, voice: PseudoVoice, rate: int = 16000) -> FloatArray:
    """``sound`` ``[n]``, converted to ``voice`` by ``warp``, turned back as far as can be."""
    converter = WarpConverter(Undone(voice), rate)  # type: ignore[arg-type]
    return np.concatenate([converter(sound), converter.flush()])[converter.delay :]


def undo_mcadams(sound: FloatArray, voice: PseudoVoice) -> FloatArray:
    """``sound`` ``[n]`` at 16 kHz with its poles moved back: the inverse power."""
    return mcadams(sound, 1.0 / power_for(voice))


def undo_pitch(sound: FloatArray, ratio: float, rate: int = 16000) -> FloatArray:
    """``sound`` ``[n]`` with pitch and formants moved back by ``ratio``: an editor's knob, the other way."""
    knob = PseudoVoice(1.0 / ratio, (-float(np.log(ratio)),) * 6, 0.0, 1.0, 0.0, (0.1, 0.2, 0.3), (0.0,) * 6)
    converter = WarpConverter(knob, rate)
    return np.concatenate([converter(sound), converter.flush()])[converter.delay :]


def undo_range(sound: FloatArray, original: FloatArray) -> FloatArray:
    """``sound`` ``[n]`` with its median pitch moved to that of ``original`` ``[m]``, both at 16 kHz.

    What is left to try where nothing of the waveform remains: the attacker is told where the own pitch lay.
    """
    median = [
        float(np.nanmedian(each)) if np.isfinite(each).any() else 1.0 for each in map(pitch_contour, (sound, original))
    ]
    return undo_pitch(sound, float(np.clip(median[0] / median[1], 0.5, 2.0)))
