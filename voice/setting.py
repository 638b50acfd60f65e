"""Which voice a person is given: decided by a keyed hash, so the same in every meeting and known to nobody else.

The hash chooses a cell of a grid (so that two people rarely sound alike and nobody lands near the own voice)
and a place inside the cell (so that the same cell is not the same voice). Without the key, neither the
setting of a person nor the person of a setting can be told.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

ANCHORS = (350.0, 750.0, 1400.0, 2300.0, 3400.0, 5000.0)
"""Hz at which the frequency warp is told; between them it is smooth in log frequency, beyond them constant."""

_PITCH = tuple(2 ** (s / 12) for s in (-6.5, -5.5, -4.5, 5.5, 6.5, 7.5))
"""Centres of the pitch cells; each is half a semitone wide either way."""
_FORMANT = (0.28, 0.35)
"""Mean size of the formant shift in nepers, for each cell; its sign follows the pitch."""
_SWING = (-0.08, 0.0, 0.08)
"""How much more the upper formants move than the lower ones, in nepers, for each cell."""
_TILT = (-1.5, 1.5)
"""Spectral tilt in dB per octave, for each cell."""


@dataclass(frozen=True, slots=True)
class VoiceSetting:
    """Everything that makes one converted voice.

    Attributes:
        pitch: ratio of the pitch that comes out to the one that goes in.
        warp: shift of the formants at :data:`ANCHORS`, nepers: +0.1 moves what lies there up by 10.5 %.
        contrast: height of the formants' hills and valleys in proportion to the own.
        tilt: dB per octave added to the spectrum, around 1 kHz.
        sway: depth of the slow wandering of pitch and formants, nepers.
        sway_hz: its three rates, Hz.
        sway_phase: their phases for pitch and for formants, radians (six).
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
        """Where in the own voice the formants come from that shall stand at ``frequency`` ``[K]``, Hz, at a time."""
        shift = np.interp(np.log(np.maximum(frequency, 1.0)), np.log(ANCHORS), self.warp)
        return np.asarray(frequency * np.exp(-shift - self._wander(seconds, self.sway_phase[3:])))

    def _wander(self, seconds: float, phase: tuple[float, ...]) -> float:
        return (
            self.sway
            / 3
            * float(sum(np.sin(2 * np.pi * f * seconds + p) for f, p in zip(self.sway_hz, phase, strict=True)))
        )

    def distance(self, other: VoiceSetting) -> float:
        """How different two voices are: pitch, formants (nepers) and tilt (dB/octave, 2 dB as one tenth) together."""
        pitch = np.log(self.pitch / other.pitch)
        warp = np.subtract(self.warp, other.warp)
        tilt = (self.tilt - other.tilt) / 20
        return float(np.sqrt(pitch**2 + np.mean(warp**2) + tilt**2))


IDENTITY = VoiceSetting(1.0, (0.0,) * len(ANCHORS), 0.0, 1.0, 0.0, (0.1, 0.2, 0.3), (0.0,) * 6)
"""The setting that changes nothing. For measuring distances; never used to convert."""


def voice_for(secret: bytes, person: str) -> VoiceSetting:
    """The voice of ``person``, an id, under the key ``secret`` (32 random bytes of the registry).

    HKDF (RFC 5869) with HMAC-SHA256; every id, also an empty or unknown one, gets a voice far from the own.

    Raises:
        ValueError: if the secret is shorter than 16 bytes.
    """
    if len(secret) < 16:
        raise ValueError("the voice secret must have at least 16 bytes")
    draw = _Draw(secret, person)
    side = draw.choose((-1.0, 1.0))
    pitches = [p for p in _PITCH if (p > 1) == (side > 0)]
    pitch = draw.choose(pitches) * float(np.exp2(draw.between(-0.5, 0.5) / 12))
    mean = side * (draw.choose(_FORMANT) + draw.between(-0.02, 0.02))
    swing = draw.choose(_SWING) + draw.between(-0.02, 0.02)
    slope = np.linspace(-0.5, 0.5, len(ANCHORS))
    bend = np.array([draw.between(-0.04, 0.04) for _ in ANCHORS])
    return VoiceSetting(
        pitch=pitch,
        warp=tuple(float(w) for w in mean + swing * slope + bend - bend.mean()),
        tilt=draw.choose(_TILT) + draw.between(-0.6, 0.6),
        contrast=draw.between(0.65, 0.8),
        sway=0.04,
        sway_hz=(draw.between(0.08, 0.15), draw.between(0.2, 0.35), draw.between(0.45, 0.7)),
        sway_phase=tuple(draw.between(0.0, 2 * np.pi) for _ in range(6)),
    )


class _Draw:
    """Numbers in 0..1 from a keyed hash, one after the other."""

    def __init__(self, secret: bytes, person: str) -> None:
        self._key = hmac.digest(secret, b"discreet voice 1\0" + person.encode("utf-8", "surrogatepass"), hashlib.sha256)
        self._count = 0

    def between(self, low: float, high: float) -> float:
        """A number in ``low``..``high``."""
        self._count += 1
        word = hmac.digest(self._key, self._count.to_bytes(4, "big"), hashlib.sha256)[:7]
        return low + (high - low) * int.from_bytes(word, "big") / 2**56

    def choose(self, options: tuple[float, ...] | list[float]) -> float:
        """One of ``options``, each as likely."""
        return options[min(len(options) - 1, int(self.between(0.0, len(options))))]
