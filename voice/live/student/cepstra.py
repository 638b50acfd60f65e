"""What the student hears: Bark cepstra, pitch and voicing of a stream, every 10 ms, and cepstra without the voice."""

from __future__ import annotations

import numpy as np

from timeline import FloatArray
from voice.neural.features import bark_features
from voice.resynthesis import FEATURES, FRAME

CEPSTRA = 18
"""The first so many features."""
AHEAD = 1
"""Frames by which a frame is late: its window reaches into the next."""
_HELD = 40 * FRAME
"""Samples in which the pitch is followed."""
_MEMORY = 200.0
"""Frames over which the mean of a voice is taken: 2 s."""
_LOUD = -1.0
"""Zeroth coefficient above which a frame is speech."""
_USUAL = np.zeros(CEPSTRA, np.float32)


class StreamingCepstra:
    """:func:`voice.neural.features.bark_features` of a stream at 16 kHz, two frames at a time."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self._held: FloatArray = np.zeros(_HELD, np.float32)
        self._rest: FloatArray = np.zeros(0, np.float32)

    def __call__(self, samples: FloatArray) -> FloatArray:
        """Take ``[n]``, give ``[2 k, 20]``: those of every 320 samples that are complete, :data:`AHEAD` frames late."""
        sound = np.concatenate([self._rest, np.asarray(samples, np.float32)])
        size, out = 2 * FRAME, [np.zeros((0, FEATURES), np.float32)]
        for at in range(0, len(sound) - size + 1, size):
            self._held = np.concatenate([self._held[size:], sound[at : at + size]])
            out.append(bark_features(self._held)[-2 - AHEAD : -AHEAD])
        self._rest = sound[len(sound) // size * size :]
        return np.concatenate(out)


def centred(cepstra: FloatArray, mean: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
    """Cepstra without the running mean of the speech so far, which is the voice's and the room's.

    Args:
        cepstra: ``[T, 18]``.
        mean: ``[18]``, that of the stream so far; None: it begins.

    Returns:
        ``[T, 18]`` and the mean after it.
    """
    out = np.empty_like(cepstra)
    now = _USUAL if mean is None else mean
    for place, frame in enumerate(cepstra):
        if frame[0] > _LOUD:
            now = now + (frame - now) / np.float32(_MEMORY)
        out[place] = frame - now
    return out, np.asarray(now, np.float32)
