"""McAdams' coefficient: the signal-processing baseline of the VoicePrivacy Challenge, for comparison.

Patino et al., "Speaker anonymisation using the McAdams coefficient" (Interspeech 2021): linear prediction of order 20
on 20 ms frames; the angle of each complex pole, in radians, is raised to a power. A trained attacker defeats it, so it
also shows whether an attacker was trained well.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from timeline import FloatArray

ORDER, FRAME, HOP = 20, 320, 160
POWERS = 0.5, 0.9
"""Least and greatest power."""
_SILENT = 1e-6


def power_for(setting: object) -> float:
    """The power for a setting, which can be any value with a distinct ``repr``."""
    drawn = hashlib.sha256(repr(setting).encode()).digest()
    low, high = POWERS
    return low + (high - low) * int.from_bytes(drawn[:6], "big") / 2**48


def warp_poles(poles: npt.NDArray[np.complex128], power: float) -> npt.NDArray[np.complex128]:
    """``poles`` with the angle of each complex one raised to ``power``; real poles stay."""
    angle = np.angle(poles)
    turned = np.abs(poles) * np.exp(1j * np.sign(angle) * np.minimum(np.abs(angle) ** power, np.pi))
    return np.where(np.abs(poles.imag) > 1e-9, turned, poles)


def mcadams(sound: FloatArray, power: float) -> FloatArray:
    """``sound`` ``[n]`` at 16 kHz with its poles moved, at its original level; a power of 1 changes nothing."""
    from scipy.linalg import solve_toeplitz
    from scipy.signal import lfilter

    window = np.sqrt(np.hanning(FRAME + 1)[:-1])
    # Each sample lies in two frames, including the first and the last samples.
    padded = np.concatenate([np.zeros(HOP), sound, np.zeros(FRAME)])
    out = np.zeros(len(padded))
    for at in range(0, len(padded) - FRAME + 1, HOP):
        frame = padded[at : at + FRAME] * window
        lag = np.correlate(frame, frame, "full")[FRAME - 1 : FRAME + ORDER]
        if lag[0] < _SILENT:
            out[at : at + FRAME] += frame * window
            continue
        lag[0] *= 1 + 1e-6
        predictor = np.concatenate([[1.0], -solve_toeplitz(lag[:ORDER], lag[1:])])
        residual = lfilter(predictor, [1.0], frame)
        turned = np.real(np.poly(warp_poles(np.asarray(np.roots(predictor), np.complex128), power)))
        out[at : at + FRAME] += lfilter([1.0], turned, residual) * window
    done = out[HOP : HOP + len(sound)]
    level = float(np.std(sound)) if len(sound) else 0.0
    return np.asarray(done * level / max(float(done.std()) if len(done) else 0.0, 1e-9), np.float32)
