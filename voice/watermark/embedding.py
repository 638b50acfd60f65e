"""Marking speech: the level of each band goes up or down a little, as the pattern says.

A spread-spectrum mark in the logarithm of the spectrum (after Cox et al., 1997, and the patchwork of Bender et al.,
1996). It follows the speech, so it lies below it everywhere and silence stays silence.
"""

from __future__ import annotations

import numpy as np

from timeline import FloatArray
from voice.watermark.pattern import band_of, pattern
from voice.watermark.settings import CHIP_FRAMES, DEPTH, HOP, ROWS


def marked(samples: FloatArray, rate: int, first: int = 0) -> FloatArray:
    """``samples`` ``[n]`` with the mark: float32 ``[n]`` in -1..1.

    Args:
        samples: speech that was made.
        rate: samples per second, at least 8000.
        first: number of its first sample in the recording it is put into: there the pattern goes on, so that what was
            marked apart is found together.
    """
    hop = round(HOP * rate)
    if not len(samples):
        return np.zeros(0, np.float32)
    frame = first // hop - 1
    before = first - frame * hop
    count = -(-(before + len(samples)) // hop) + 1
    sound = np.zeros((count + 1) * hop)
    sound[before : before + len(samples)] = samples
    # The square root of a Hann window, before and after: frames that are not changed add up to what went in.
    window = np.sin(np.pi * (np.arange(2 * hop) + 0.5) / (2 * hop))
    spectrum = np.fft.rfft(np.lib.stride_tricks.sliding_window_view(sound, 2 * hop)[::hop] * window, axis=1)
    made = np.fft.irfft(spectrum * _gains(frame, len(spectrum), 2 * hop, rate), 2 * hop, axis=1) * window
    out = np.zeros_like(sound)
    out[: count * hop] += made[:, :hop].ravel()
    out[hop:] += made[:, hop:].ravel()
    return np.asarray(np.clip(out[before : before + len(samples)], -1.0, 1.0), np.float32)


def _gains(frame: int, count: int, size: int, rate: int) -> FloatArray:
    """``[count, size // 2 + 1]`` for the frames from number ``frame`` on."""
    band = band_of(np.fft.rfftfreq(size, 1.0 / rate))
    # A frame's middle lies one hop behind its beginning.
    rows = ((frame + 1 + np.arange(count)) // CHIP_FRAMES) % ROWS
    up = np.where(band >= 0, pattern()[rows][:, band], 0.0)
    return np.asarray(10.0 ** (DEPTH / 20.0 * up), np.float32)
