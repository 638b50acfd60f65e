"""What the student hears: Bark cepstra, pitch and voicing of a stream, every 10 ms, and cepstra without the voice."""

from __future__ import annotations

import numpy as np

from timeline import FloatArray
from voice.live.settings import SPEECH_DEPTH
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
_TRUSTED = 25.0
"""Frames that the usual mean counts for when a stream begins."""
_USUAL = np.array(
    [8.0, 0.3, 0.2, 1.0, -0.1, -0.4, -0.3, -0.2, -0.1, -0.3, -0.2, 0.0, 0.0, 0.0, -0.1, -0.1, -0.1, 0.0], np.float32
)
"""The mean of speech, of Kokoro's voices and a few others, at a usual level."""
_PEAK = 10.0
"""Zeroth coefficient of loud speech, until some has been heard."""
_FALL = 0.01
"""By how much that falls with each frame: 10 dB in 4 s."""
Centre = FloatArray
"""Of a stream so far: mean ``[..., 18]``, frames that it is of, loudness of loud speech; ``[..., 20]``."""


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


def usual_centre(shape: tuple[int, ...] = ()) -> Centre:
    """That of a stream that begins."""
    return np.broadcast_to(np.concatenate([_USUAL, [_TRUSTED, _PEAK]]), (*shape, CEPSTRA + 2)).astype(np.float32)


def centred(cepstra: FloatArray, centre: Centre | None = None) -> tuple[FloatArray, Centre]:
    """Cepstra without the running mean of the speech so far, which is the voice's, the room's and the level's.

    Args:
        cepstra: ``[..., T, 18]``.
        centre: that of the stream so far; None: it begins.

    Returns:
        ``[..., T, 18]`` and the centre after it.
    """
    out = np.empty_like(cepstra)
    now = usual_centre(cepstra.shape[:-2]) if centre is None else centre.copy()
    mean, count, peak = now[..., :CEPSTRA], now[..., CEPSTRA], now[..., CEPSTRA + 1]
    for place in range(cepstra.shape[-2]):
        frame = cepstra[..., place, :]
        peak[...] = np.maximum(frame[..., 0], peak - np.float32(_FALL))
        speech = (frame[..., 0] > peak - np.float32(SPEECH_DEPTH)).astype(np.float32)
        count[...] = np.minimum(count + speech, np.float32(_MEMORY))
        mean += (frame - mean) * (speech / count)[..., None]
        out[..., place, :] = frame - mean
    return out, now
