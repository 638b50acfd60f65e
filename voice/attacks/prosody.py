"""What rhythm, melody and loudness alone reveal about a speaker: statistics of an utterance without its timbre."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from timeline import FloatArray
from voice.quality import HOP, RATE, loudness, pitch_contour, syllables

PROSODY = (
    "pitch: median", "pitch: spread", "pitch: low", "pitch: high", "pitch: speed", "pitch: slope",
    "voiced share", "voiced stretch", "voiced stretch: spread", "loudness: spread", "loudness: speed",
    "pause share", "pauses per second", "pause: length", "syllables per second", "syllables: spread",
)  # fmt: skip
"""Names of the 16 numbers."""
_PAUSE_DB, _PAUSE = -30.0, 0.1
"""A pause is at least this many dB below the loudest frame, for at least so many seconds."""


def prosody(sound: FloatArray) -> npt.NDArray[np.float64]:
    """The 16 numbers of :data:`PROSODY` for ``sound`` ``[n]`` at 16 kHz; pitch in nepers, time in seconds."""
    hop = HOP / RATE
    pitch, level = np.log(pitch_contour(sound)), loudness(sound)
    voiced = np.isfinite(pitch)
    seconds = max(len(level) * hop, hop)
    found = pitch[voiced] if voiced.any() else np.full(1, np.log(150.0))
    step = np.diff(pitch) / hop
    step = step[np.isfinite(step)]
    times = np.flatnonzero(voiced) * hop
    slope = np.polyfit(times, found, 1)[0] if len(found) > 10 else 0.0
    stretches, pauses = _runs(voiced) * hop, _runs(level < _PAUSE_DB) * hop
    pauses = pauses[pauses >= _PAUSE]
    beats = np.diff(syllables(sound))
    change = np.abs(np.diff(level[level > _PAUSE_DB])) / hop
    return np.array(
        [
            np.median(found),
            found.std(),
            np.quantile(found, 0.05) - np.median(found),
            np.quantile(found, 0.95) - np.median(found),
            np.abs(step).mean() if len(step) else 0.0,
            slope,
            voiced.mean() if len(voiced) else 0.0,
            _mean(stretches),
            stretches.std() if len(stretches) else 0.0,
            level[level > _PAUSE_DB].std() if (level > _PAUSE_DB).any() else 0.0,
            _mean(change),
            pauses.sum() / seconds,
            len(pauses) / seconds,
            _mean(pauses),
            (len(beats) + 1) / seconds,
            beats.std() / max(float(beats.mean()), 1e-9) if len(beats) else 0.0,
        ]
    )


def _mean(values: npt.NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else 0.0


def _runs(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Lengths of the runs in which ``flags`` ``[n]`` is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return (edges[1::2] - edges[::2]).astype(np.float64)
