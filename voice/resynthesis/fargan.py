"""FARGAN, the neural vocoder of Opus 1.5, as a stream in NumPy: from features to sound, 10 ms at a time.

Valin, Mustafa, Buthe: "Very Low Complexity Speech Synthesis Using Framewise Autoregressive GAN (FARGAN) with Pitch
Prediction" (2024); the layers and their names are those of Opus' ``dnn/fargan.c``. One network runs per frame of 10 ms
and conditions a second one, which makes four pieces of 2.5 ms, each from the pieces before it and from the sound one
pitch period ago.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from timeline import FloatArray
from voice.resynthesis.fargan_network import FEATURES, FRAME, PERIODS, Arrays, Network

if TYPE_CHECKING:
    from weights import Store

RATE = 16000
"""Hz."""
PREEMPHASIS = 0.85
"""Pre-emphasis of the sound that the network makes; it is removed at the end."""


class Fargan:
    """Turns features into sound, one frame late.

    The samples do not depend on how the features are split into calls.

    Args:
        arrays: Opus' weights by name, flat, see :func:`weights.weights_in_script`.

    Raises:
        KeyError, ValueError: the arrays are not FARGAN's.
    """

    delay = FRAME
    """Delay of the output in samples."""

    def __init__(self, arrays: Arrays) -> None:
        self._network = Network(arrays)
        self.reset()

    @classmethod
    def from_store(cls, store: Store) -> Fargan:
        """Load the weights from the store. Raises ModelError if they are missing or damaged."""
        from weights import weights_in_script

        return cls(weights_in_script(store.path("fargan"), "cond_net_pembed_bias"))

    def reset(self) -> None:
        """Forget the stream."""
        self._period: int | None = None
        self._last = np.zeros(FEATURES, np.float32)
        self._deemphasis = 0.0
        self._network.reset()

    def __call__(self, features: FloatArray) -> FloatArray:
        """Turn frames ``[T, 20]`` into ``[160 * T]`` samples in -1..1 (160 fewer at the beginning of a stream)."""
        out = [np.zeros(0, np.float32)]
        for frame in np.asarray(features, np.float32).reshape(-1, FEATURES):
            before, self._period, self._last = self._period, period_of(float(frame[18])), frame
            conditions = self._network.conditions(frame, self._period)
            if before is not None:
                out.append(self._network.frame(conditions, before))
        return self._without_emphasis(np.concatenate(out))

    def flush(self) -> FloatArray:
        """The last frame. Afterwards the stream is reset."""
        last = self(self._last[None]) if self._period is not None else np.zeros(0, np.float32)
        self.reset()
        return last

    def _without_emphasis(self, samples: FloatArray) -> FloatArray:
        from scipy.signal import lfilter

        if not len(samples):
            return samples
        out, state = lfilter([1.0], [1.0, -PREEMPHASIS], samples, zi=[self._deemphasis])
        self._deemphasis = float(state[0])
        return np.asarray(np.clip(out, -1.0, 1.0), np.float32)


def period_of(pitch: float) -> int:
    """The pitch period in samples for the pitch feature, ``log2(256 / period) - 1.5``."""
    shortest, longest = PERIODS
    octaves = min(max(pitch, -50.0), 50.0) + 1.5
    return min(longest, max(shortest, math.floor(0.5 + 256.0 * math.pow(2.0, -octaves))))
