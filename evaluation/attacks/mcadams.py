"""McAdams' coefficient: the signal-processing baseline of the VoicePrivacy Challenge, to compare with.

Patino et al., "Speaker anonymisation using the McAdams coefficient" (Interspeech 2021): linear prediction of order 20
on 20 ms frames; the angle of each complex pole, in radians, is raised to a power.
"""

from __future__ import annotations

import hashlib

import numpy as np
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter

from timeline import FloatArray
from voice import PseudoVoice

ORDER, FRAME, HOP = 20, 320, 160


def mcadams(sound: FloatArray, setting: PseudoVoice) -> FloatArray:
    """``sound`` ``[n]`` at 16 kHz with its poles moved; each setting draws a power in 0.5..0.9."""
    drawn = hashlib.sha256(repr(setting).encode()).digest()
    power = 0.5 + 0.4 * int.from_bytes(drawn[:6], "big") / 2**48
    window = np.sqrt(np.hanning(FRAME + 1)[:-1])
    out = np.zeros(len(sound) + FRAME)
    for at in range(0, len(sound) - FRAME, HOP):
        frame = sound[at : at + FRAME] * window
        lag = np.correlate(frame, frame, "full")[FRAME - 1 : FRAME + ORDER]
        if lag[0] < 1e-6:
            out[at : at + FRAME] += frame * window
            continue
        lag[0] *= 1 + 1e-6
        predictor = np.concatenate([[1.0], -solve_toeplitz(lag[:ORDER], lag[1:])])
        poles = np.roots(predictor)
        angle = np.angle(poles)
        moved = np.where(
            np.abs(poles.imag) > 1e-9, np.abs(poles) * np.exp(1j * np.sign(angle) * np.abs(angle) ** power), poles
        )
        residual = lfilter(predictor, [1.0], frame)
        out[at : at + FRAME] += lfilter([1.0], np.real(np.poly(moved)), residual) * window
    done = out[: len(sound)]
    return np.asarray(done * float(sound.std()) / max(float(done.std()), 1e-9), np.float32)
