"""What may happen to a voice before it is heard: another throat, another microphone, a room, noise, another level.

All of it is done to cepstra, a hundred times cheaper than to sound, so that nothing is ever heard twice alike.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from timeline import FloatArray
from voice.live.student.cepstra import CEPSTRA
from voice.neural.features import BAND_HERTZ, cosines

_LEVEL = 4.0
"""Subtracted from the first coefficient of the features."""
_LONGER = 0.84, 1.19
"""By which formants may move."""
_EQUALISED = 0.35
"""Deviation of what a microphone does to a band, log10 of power: 3.5 dB."""
_SNR = 8.0, 45.0
_LOUDER = -1.2, 0.6
_JITTER = 0.12
"""Of a band's energy from frame to frame, log10."""
_ECHO = 0.6
_FLOOR = -2.0
_ANCHORS = 5
"""Points of smooth random spectra."""


def distorted(cepstra: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Cepstra ``[B, T, 18]``, each piece as somebody else might say it elsewhere; one in eight stays as it is."""
    dct = cosines()
    batch, frames, _ = cepstra.shape
    raised = cepstra.astype(np.float64)
    raised[..., 0] += _LEVEL
    shortest, longest = (math.log(each) for each in _LONGER)
    logs = _warped(raised @ dct.T, np.exp(rng.uniform(shortest, longest, batch)))
    logs += _smooth(rng, batch, _EQUALISED)[:, None] + rng.uniform(*_LOUDER, (batch, 1, 1))
    logs = np.log10(_echoed(10.0**logs, rng) + 10.0 ** _noise(logs, rng))
    logs += rng.normal(0.0, 1.0, logs.shape) * rng.uniform(0.0, _JITTER, (batch, 1, 1))
    out = np.maximum(logs, _FLOOR) @ dct
    out[..., 0] -= _LEVEL
    same = rng.random(batch) < 0.125
    out[same] = cepstra[same]
    assert out.shape == (batch, frames, CEPSTRA)
    return np.asarray(out, np.float32)


def _warped(logs: npt.NDArray[np.float64], factors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Bands ``[B, T, 18]`` read at frequencies that lie higher by ``factors`` ``[B]``."""
    out = np.empty_like(logs)
    for each, factor in enumerate(factors):
        place = np.interp(BAND_HERTZ * factor, BAND_HERTZ, np.arange(CEPSTRA))
        low = np.minimum(place.astype(np.int64), CEPSTRA - 2)
        share = place - low
        out[each] = logs[each][:, low] * (1 - share) + logs[each][:, low + 1] * share
    return out


def _smooth(rng: np.random.Generator, batch: int, deviation: float) -> npt.NDArray[np.float64]:
    """Random spectra ``[B, 18]``."""
    points = rng.normal(0.0, deviation, (batch, _ANCHORS))
    at = np.linspace(0, _ANCHORS - 1, CEPSTRA)
    return np.stack([np.interp(at, np.arange(_ANCHORS), row) for row in points])


def _noise(logs: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Steady noise of any colour, log10 ``[B, T, 18]``, so many dB below the louder speech."""
    loud = np.quantile(logs.mean(axis=2), 0.8, axis=1)
    colour = _smooth(rng, len(logs), 0.5) + rng.uniform(0.0, 1.5, (len(logs), 1)) * np.linspace(1, -1, CEPSTRA)
    level = loud[:, None] - rng.uniform(*_SNR, (len(logs), 1)) / 10.0
    noise: npt.NDArray[np.float64] = (level + colour)[:, None] + rng.normal(0.0, 0.15, logs.shape)
    return noise


def _echoed(power: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Each band with what is left of the frames before it, in half of the pieces."""
    batch = len(power)
    lasting = rng.uniform(0.5, 0.85, (batch, 1))
    share = rng.uniform(0.0, _ECHO, (batch, 1)) * (rng.random((batch, 1)) < 0.5)
    tail, out = np.zeros_like(power[:, 0]), power.copy()
    for frame in range(power.shape[1]):
        out[:, frame] += share * tail
        tail = lasting * (tail + power[:, frame] * (1 - lasting))
    return out
