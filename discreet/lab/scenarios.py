"""Where people speak: the conditions under which systems are compared."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from timeline import FloatArray
from voice.neural.corpus import babble, faster, microphone, noise, room, street, telephone

Change = Callable[[FloatArray, int], FloatArray]
"""Sound ``[n]`` at 16 kHz and a seed to sound; as long, but for ``fast``."""


def _as_it_is(sound: FloatArray, seed: int) -> FloatArray:
    return sound


def _through(sound: FloatArray, seed: int, number: int) -> FloatArray:
    """Always the same microphone."""
    return microphone(sound, number)


SCENARIOS: dict[str, Change] = {
    "clean": _as_it_is,
    "cafe": partial(babble, snr=8.0),
    "street": partial(street, snr=5.0),
    "office": partial(noise, snr=15.0, slope=1.5),
    "reverberation": partial(room, seconds=0.6),
    "telephone": telephone,
    "fast": faster,
    "microphone 1": partial(_through, number=1),
    "microphone 2": partial(_through, number=2),
    "microphone 3": partial(_through, number=3),
    "microphone 4": partial(_through, number=4),
}
"""Whispered, emotional, French and Spanish speech are compared where recordings of them are given, not simulated."""
