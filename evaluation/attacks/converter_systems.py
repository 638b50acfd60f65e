"""The attacked systems: speech converters by name, each with its inverse for an attacker who knows the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evaluation.attacks.undo_conversion import undo_mcadams, undo_pitch, undo_range, undo_warp
from timeline import FloatArray
from voice import PseudoVoice, WarpConverter, voice_for
from voice.attacks import mcadams, power_for

Convert = Callable[[FloatArray, bytes, str], FloatArray]
"""``(samples [n] at 16 kHz, key, speaker)`` to samples ``[n]`` in the voice that the key gives the speaker."""
Undo = Callable[[FloatArray, FloatArray, bytes, str], FloatArray]
"""``(converted, original, key, speaker)`` to the converted samples, converted back."""


@dataclass(frozen=True, slots=True)
class System:
    """A converter; ``undo`` is told the key, and the original's pitch."""

    name: str
    convert: Convert
    undo: Undo


def warped(sound: FloatArray, voice: PseudoVoice, rate: int = 16000) -> FloatArray:
    """``sound`` ``[n]`` in ``voice`` by the built-in converter, without its delay."""
    import numpy as np

    converter = WarpConverter(voice, rate)
    return np.concatenate([converter(sound), converter.flush()])[converter.delay :]


SYSTEMS: dict[str, System] = {
    system.name: system
    for system in (
        System("original", lambda x, key, who: x, lambda x, own, key, who: x),
        System(
            "mcadams",
            lambda x, key, who: mcadams(x, power_for(voice_for(key, who))),
            lambda x, own, key, who: undo_mcadams(x, voice_for(key, who)),
        ),
        System(
            "pitch-knob",
            lambda x, key, who: undo_pitch(x, 1.0 / voice_for(key, who).pitch),
            lambda x, own, key, who: undo_pitch(x, voice_for(key, who).pitch),
        ),
        System(
            "warp",
            lambda x, key, who: warped(x, voice_for(key, who)),
            lambda x, own, key, who: undo_warp(x, voice_for(key, who)),
        ),
    )
}
"""Systems by name. If nothing of the waveform remains, an attacker can only try
:func:`evaluation.attacks.undo_conversion.undo_range`.
"""

__all__ = ["SYSTEMS", "Convert", "System", "Undo", "undo_range", "warped"]
