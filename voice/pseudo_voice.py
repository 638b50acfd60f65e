"""Chooses a person's voice with a keyed hash, so that it is the same in every meeting and known to nobody else.

The hash chooses a cell of a grid, so that two people rarely sound alike and nobody gets a voice near their own, and a
place inside the cell, so that voices of one cell still differ. Without the key nobody can tell the voice of a person
or the person of a voice.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voice.settings import (
    ANCHORS,
    BEND,
    CONTRAST,
    FORMANT_CELLS,
    FORMANT_SPREAD,
    PITCH_CELLS,
    PITCH_SPREAD,
    SECRET_BYTES,
    SWAY,
    SWAY_HZ,
    SWING_CELLS,
    TILT_CELLS,
    TILT_SPREAD,
)

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PseudoVoice:
    """The parameters of one converted voice.

    Attributes:
        pitch: ratio of output pitch to input pitch.
        warp: shift of the formants at :data:`ANCHORS`, nepers: +0.1 moves them up by 10.5 %.
        contrast: height of the formants' peaks and valleys relative to the input's.
        tilt: dB per octave added to the spectrum, around 1 kHz.
        sway: depth of the slow wandering of pitch and formants, nepers.
        sway_hz: its three rates, Hz.
        sway_phase: its phases for pitch and for formants, radians (six).
    """

    pitch: float
    warp: tuple[float, ...]
    tilt: float
    contrast: float
    sway: float
    sway_hz: tuple[float, float, float]
    sway_phase: tuple[float, ...]

    def ratio(self, seconds: float) -> float:
        """The pitch ratio at a time."""
        return self.pitch * float(np.exp(self._wander(seconds, self.sway_phase[:3])))

    @property
    def highest(self) -> float:
        """The largest pitch ratio at any time."""
        return self.pitch * float(np.exp(self.sway))

    @property
    def lowest(self) -> float:
        """The smallest pitch ratio at any time."""
        return self.pitch * float(np.exp(-self.sway))

    def source(self, frequency: Samples, seconds: float) -> Samples:
        """The input frequencies ``[K]`` whose formants move to ``frequency`` ``[K]`` at a time, Hz."""
        shift = np.interp(np.log(np.maximum(frequency, 1.0)), np.log(ANCHORS), self.warp)
        return np.asarray(frequency * np.exp(-shift - self._wander(seconds, self.sway_phase[3:])))

    def _wander(self, seconds: float, phase: tuple[float, ...]) -> float:
        return (
            self.sway
            / 3
            * float(sum(np.sin(2 * np.pi * f * seconds + p) for f, p in zip(self.sway_hz, phase, strict=True)))
        )


def voice_for(secret: bytes, person: str) -> PseudoVoice:
    """The voice of ``person``, an id, under the key ``secret`` (32 random bytes of the registry).

    Uses HKDF (RFC 5869) with HMAC-SHA256. Every id, even an empty or unknown one, gets a voice far from the original.

    Raises:
        ValueError: the secret is shorter than 16 bytes.
    """
    draw = Draw(secret, person)
    side = draw.choose((-1.0, 1.0))
    pitches = [p for p in PITCH_CELLS if (p > 1) == (side > 0)]
    pitch = draw.choose(pitches) * float(np.exp2(draw.around(PITCH_SPREAD) / 12))
    mean = side * (draw.choose(FORMANT_CELLS) + draw.around(FORMANT_SPREAD))
    swing = draw.choose(SWING_CELLS) + draw.around(FORMANT_SPREAD)
    slope = np.linspace(-0.5, 0.5, len(ANCHORS))
    bend = np.array([draw.around(BEND) for _ in ANCHORS])
    low, middle, high = SWAY_HZ
    return PseudoVoice(
        pitch=pitch,
        warp=tuple(float(w) for w in mean + swing * slope + bend - bend.mean()),
        tilt=draw.choose(TILT_CELLS) + draw.around(TILT_SPREAD),
        contrast=draw.between(*CONTRAST),
        sway=SWAY,
        sway_hz=(draw.between(*low), draw.between(*middle), draw.between(*high)),
        sway_phase=tuple(draw.between(0.0, 2 * np.pi) for _ in range(6)),
    )


class Draw:
    """Pseudo-random numbers from a keyed hash of ``person``, one after the other.

    Raises:
        ValueError: the secret is shorter than 16 bytes.
    """

    def __init__(self, secret: bytes, person: str) -> None:
        if len(secret) < SECRET_BYTES:
            raise ValueError(f"the voice secret must have at least {SECRET_BYTES} bytes")
        self._key = hmac.digest(secret, b"discreet voice 1\0" + person.encode("utf-8", "surrogatepass"), hashlib.sha256)
        self._count = 0

    def between(self, low: float, high: float) -> float:
        """The next number, in ``low``..``high``."""
        self._count += 1
        word = hmac.digest(self._key, self._count.to_bytes(4, "big"), hashlib.sha256)[:7]
        return low + (high - low) * int.from_bytes(word, "big") / 2**56

    def around(self, spread: float) -> float:
        """The next number, in ``-spread``..``spread``."""
        return self.between(-spread, spread)

    def choose(self, options: tuple[float, ...] | list[float]) -> float:
        """One of ``options``, all equally likely."""
        return options[min(len(options) - 1, int(self.between(0.0, len(options))))]
