"""The outline of the safe sound: the loudest sample of every twentieth of a second, as one byte."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from capture import AudioFile, CaptureSettings

PER_SECOND = 20
"""Values a second: at the closest zoom one is five pixels wide; two hours are 144 kB."""
_RATE = 8000


def outline(path: Path, settings: CaptureSettings) -> bytes:
    """Peaks of the sound of ``path``, 0..255 each, ``PER_SECOND`` a second; empty without sound.

    Memory does not grow with the sound, but for the peaks themselves.

    Raises:
        InputError: the file cannot be read.
    """
    audio = AudioFile(path, sample_rate=_RATE, settings=settings)
    if not audio.has_sound:
        return b""
    return b"".join(_peaks(block).tobytes() for block in audio.blocks(10.0))


def _peaks(block: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    step = _RATE // PER_SECOND
    whole = np.zeros(-(-len(block) // step) * step, np.float32)
    whole[: len(block)] = np.abs(block)
    loudest = np.clip(whole.reshape(-1, step).max(axis=1), 0.0, 1.0)
    return np.asarray(np.round(loudest * 255), np.uint8)
