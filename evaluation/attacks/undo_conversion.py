"""Converts a voice back, with knowledge of every setting: the worst case for any converter.

The built-in converter can be inverted: its pitch ratio, its map of the formants, its tilt and its contrast all have
inverses. What then remains of the speaker's own voice is what the converter does not destroy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timeline import FloatArray
from voice import ANCHORS, PseudoVoice, WarpConverter
from voice.attacks import mcadams, power_for
from voice.quality import pitch_contour

Samples = npt.NDArray[np.float64]
_LOWEST, _HIGHEST = 1.0, 1e6  # Hz, far outside the anchors


@dataclass(frozen=True, slots=True)
class Undone:
    """The inverse of ``voice``, as a voice: moves pitch and formants back, and removes tilt and contrast.

    Attributes:
        voice: the voice to invert.
        delay: seconds by which the sound to convert back is later than the conversion.
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
        """Height of peaks and valleys relative to the converted voice."""
        return 1.0 / self.voice.contrast

    def ratio(self, seconds: float) -> float:
        """The pitch ratio at a time."""
        return 1.0 / self.voice.ratio(seconds - self.delay)

    def source(self, frequency: Samples, seconds: float) -> Samples:
        """The frequencies in the converted voice, Hz, of what was at ``frequency`` ``[K]`` in the original.

        Exact: the map is a line between each two anchors, on logarithmic axes.
        """
        knots = np.array([_LOWEST, *ANCHORS, _HIGHEST])
        own = self.voice.source(knots, seconds - self.delay)
        at = np.interp(np.log(np.maximum(frequency, 1.0)), np.log(own), np.log(knots))
        return np.asarray(np.where(frequency >= 1.0, np.exp(at), frequency))


def undo_warp(sound: FloatArray, voice: PseudoVoice, rate: int = 16000) -> FloatArray:
    """``sound`` ``[n]``, converted to ``voice`` by ``warp``, converted back as far as possible."""
    converter = WarpConverter(Undone(voice), rate)  # type: ignore[arg-type]
    return np.concatenate([converter(sound), converter.flush()])[converter.delay :]


def undo_mcadams(sound: FloatArray, voice: PseudoVoice) -> FloatArray:
    """``sound`` ``[n]`` at 16 kHz with its poles moved back, by the inverse power."""
    return mcadams(sound, 1.0 / power_for(voice))


def undo_pitch(sound: FloatArray, ratio: float, rate: int = 16000) -> FloatArray:
    """``sound`` ``[n]`` with pitch and formants divided by ``ratio``, as with an editor's pitch control."""
    knob = PseudoVoice(1.0 / ratio, (-float(np.log(ratio)),) * 6, 0.0, 1.0, 0.0, (0.1, 0.2, 0.3), (0.0,) * 6)
    converter = WarpConverter(knob, rate)
    return np.concatenate([converter(sound), converter.flush()])[converter.delay :]


def undo_range(sound: FloatArray, original: FloatArray) -> FloatArray:
    """``sound`` ``[n]`` with its median pitch moved to that of ``original`` ``[m]``, both at 16 kHz.

    The only attempt if nothing of the waveform remains: the attacker is told the original's pitch.
    """
    median = [
        float(np.nanmedian(each)) if np.isfinite(each).any() else 1.0 for each in map(pitch_contour, (sound, original))
    ]
    return undo_pitch(sound, float(np.clip(median[0] / median[1], 0.5, 2.0)))
