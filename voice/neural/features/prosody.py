"""How something is said, without whose voice it is: pitch against the speaker's own, voicing, loudness; and controls.

The level and the range of a pitch tell the speaker; only its movement is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from timeline import FloatArray
from voice.neural.features.bark import PITCH, VOICING

PROSODY = 3
"""Movement of the pitch (octaves), voicing, loudness."""
MOVEMENT, VOICED, LOUDNESS = range(PROSODY)
_REACH = 1.0
"""Octaves by which a pitch may lie off its speaker's median."""
_RANGE = 0.2
"""Octaves: the standard deviation that every speaker's pitch is given."""
_STEADY = 0.03
_LOUD = 4.0
"""Standard deviation of the first coefficient that counts as 1."""
_WHISPER = -0.45
"""Voicing of a whisper."""
HEARD = 0.0
"""Voicing above which a frame counts as voiced."""


def prosody_of(bark: FloatArray) -> FloatArray:
    """``[T, 3]`` of features ``[T, 20]`` of a whole utterance."""
    out = np.zeros((len(bark), PROSODY), np.float32)
    if not len(bark):
        return out
    pitch = np.asarray(bark[:, PITCH], np.float64)
    heard = bark[:, VOICING] > HEARD
    own = pitch[heard] if heard.sum() > 5 else pitch
    low, median, high = np.quantile(own, (0.25, 0.5, 0.75))
    spread = max(0.74 * float(high - low), _STEADY)
    out[:, MOVEMENT] = np.clip((pitch - median) * _RANGE / spread, -_REACH, _REACH)
    out[:, VOICED] = bark[:, VOICING]
    out[:, LOUDNESS] = (bark[:, 0] - np.quantile(bark[:, 0], 0.95)) / _LOUD
    return out


@dataclass(frozen=True, slots=True)
class Controls:
    """How converted speech is to differ from how it was said.

    Attributes:
        rate: speaking rate; 1.2 is a fifth faster.
        expression: how far pitch and loudness move; 1: as they did, 0: not at all.
        whisper: 0: voiced as it was, 1: whispered.
    """

    rate: float = 1.0
    expression: float = 1.0
    whisper: float = 0.0

    def __post_init__(self) -> None:
        if not 0.5 <= self.rate <= 2.0:
            raise ValueError("the speaking rate must be 0.5 to 2")
        if not 0.0 <= self.expression <= 2.0 or not 0.0 <= self.whisper <= 1.0:
            raise ValueError("expression must be 0 to 2, and whisper 0 to 1")


def controlled(content: FloatArray, prosody: FloatArray, controls: Controls) -> tuple[FloatArray, FloatArray]:
    """Content ``[T, 512]`` and prosody ``[2 T, 3]``, changed as ``controls`` say; ``T / rate`` frames."""
    frames = len(content) if controls.rate == 1.0 else max(1, round(len(content) / controls.rate))
    said, moved = resampled(content, frames), resampled(prosody, 2 * frames).copy()
    middle = np.median(moved[:, LOUDNESS]) if len(moved) else 0.0
    moved[:, MOVEMENT] *= controls.expression
    moved[:, LOUDNESS] = middle + (moved[:, LOUDNESS] - middle) * controls.expression
    moved[:, VOICED] += controls.whisper * np.minimum(0.0, _WHISPER - moved[:, VOICED])
    return said, moved


def resampled(frames: FloatArray, count: int) -> FloatArray:
    """``[count, D]``: frames ``[T, D]``, stretched linearly."""
    if count == len(frames) or not len(frames):
        return frames
    at = np.clip((np.arange(count) + 0.5) * len(frames) / count - 0.5, 0.0, len(frames) - 1.0)
    first = np.floor(at).astype(int)
    share = (at - first)[:, None]
    after = np.minimum(first + 1, len(frames) - 1)
    return np.asarray((1 - share) * frames[first] + share * frames[after], np.float32)
