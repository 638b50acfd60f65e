"""The pattern: which bands are louder and which are softer at which time; and where its bands lie."""

from __future__ import annotations

import functools
import hashlib

import numpy as np
import numpy.typing as npt

from voice.watermark.settings import BANDS, HIGHEST, LOWEST, MARK, ROWS

Numbers = npt.NDArray[np.float64]


@functools.cache
def pattern() -> Numbers:
    """``[ROWS, BANDS]`` of +1 and -1: the bits of SHA-256 of the mark's name and a counter."""
    count = -(-ROWS * BANDS // 256)
    digests = b"".join(hashlib.sha256(MARK.encode() + number.to_bytes(4, "big")).digest() for number in range(count))
    bits = np.unpackbits(np.frombuffer(digests, np.uint8))[: ROWS * BANDS]
    out: Numbers = np.asarray(2.0 * bits.reshape(ROWS, BANDS) - 1.0, np.float64)
    out.flags.writeable = False
    return out


def band_of(frequency: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
    """The band of each frequency (Hz); -1: none."""
    band = np.floor((frequency - LOWEST) / (HIGHEST - LOWEST) * BANDS).astype(np.int64)
    return np.where((band >= 0) & (band < BANDS), band, -1)


def contrast(levels: Numbers, rows: int) -> Numbers:
    """How far each cell ``[n, BANDS]`` lies above its neighbours ``rows`` before and after, and those beside it.

    Speech varies smoothly over time and frequency, the pattern does not. At both ends, where a neighbour in time is
    missing, it is 0.
    """
    out = np.zeros_like(levels)
    if len(levels) > 2 * rows:
        out[rows:-rows] = levels[rows:-rows] - 0.5 * (levels[: -2 * rows] + levels[2 * rows :])
    return out - 0.5 * (np.roll(out, 1, axis=1) + np.roll(out, -1, axis=1))
