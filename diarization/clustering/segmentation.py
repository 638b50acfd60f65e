"""Who speaks when within ten seconds: pyannote's segmentation-3.0.

The model (Plaquet & Bredin, *Powerset multi-class cross entropy loss for neural speaker diarization*, 2023) takes 10 s
and returns, every 270 samples, one of seven classes: nobody, one of three local speakers, or two of them at once. Local
speakers are numbered anew in every window, so only what does not depend on the numbers is averaged over overlapping
windows here: speech, overlap, and whether the speaker changes at an instant. Who the local speakers are is determined
later, by their voices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import numpy as np
import numpy.typing as npt

from diarization.clustering.settings import FRAMES
from timeline import FloatArray

if TYPE_CHECKING:
    import onnxruntime as ort

SAMPLE_RATE = 16000
WINDOW = 10 * SAMPLE_RATE
"""Samples per window."""
HOP = 270
"""Samples from one output frame to the next."""
FIELD = 991
"""Samples that one output frame covers; frame ``i`` of a window is centred on sample ``i * HOP + FIELD / 2``."""
POWERSET: npt.NDArray[np.float32] = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], np.float32
)
"""``[7, 3]``: the local speakers of each class."""
REACH = 12
"""Frames (0.2 s) before and after an instant that are compared to detect a change of speaker."""

_EPS = 1e-6
_LEVEL, _QUIET = 0.1, 1e-5


@overload
def frame_start(index: float) -> float: ...
@overload
def frame_start(index: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]: ...
def frame_start(index: float | npt.NDArray[np.float64]) -> float | npt.NDArray[np.float64]:
    """Start of frame ``index`` of the recording, s (it ends where the next one begins)."""
    return (index * HOP + (FIELD - HOP) / 2) / SAMPLE_RATE


def frames_of(samples: int) -> int:
    """Number of complete frames in ``samples`` samples, at least one."""
    return max(1, (samples - FIELD) // HOP + 1)


def multilabel(posterior: FloatArray) -> FloatArray:
    """Probability ``[..., 3]`` that each local speaker talks, from the powerset posterior ``[..., 7]``."""
    return np.asarray(posterior @ POWERSET, np.float32)


class Segmenter:
    """segmentation-3.0 on batches of windows.

    Args:
        session: ``input [B, 1, T]`` to log posteriors ``[B, F, 7]``.
    """

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name

    def __call__(self, windows: FloatArray) -> FloatArray:
        """Posteriors ``[B, 589, 7]`` (rows sum to 1) of windows ``[B, 160000]``: 16 kHz, -1..1, any loudness."""
        windows = np.asarray(windows, np.float32)
        # The model normalises each window itself, but with a floor that suppresses quiet recordings.
        level = np.sqrt((windows**2).mean(axis=1, keepdims=True))
        (log,) = self._session.run(None, {self._input: (windows * (_LEVEL / np.maximum(level, _QUIET)))[:, None, :]})
        return np.asarray(np.exp(log), np.float32)


def changes(activity: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Whether the speaker changes at each frame of a window.

    Compares who talks ``REACH`` frames before with who talks ``REACH`` frames after, by the cosine of the activities
    ``[T, 3]``; the numbers of the local speakers do not matter.

    Returns:
        ``(change, weight)``, both ``[T]``: change 0..1, and how much speech there is on both sides.
    """
    before, after = activity[: -2 * REACH], activity[2 * REACH :]
    norm = np.sqrt((before**2).sum(1) * (after**2).sum(1))
    change = 1 - (before * after).sum(1) / np.maximum(norm, _EPS)
    weight = np.minimum(before.sum(1), 1) * np.minimum(after.sum(1), 1)
    pad = (REACH, REACH)
    return np.pad(change, pad).astype(np.float32), np.pad(weight, pad).astype(np.float32)


class Aggregator:
    """Averages speech, overlap and change over overlapping windows; holds ten seconds.

    Args:
        step: frames between the starts of consecutive windows, 1..589.
    """

    def __init__(self, step: int) -> None:
        if not 1 <= step <= FRAMES:
            raise ValueError(f"step {step} must lie in 1..{FRAMES}")
        self._step = step
        # A window knows its middle best: its edges lack context on one side.
        self._taper = np.hamming(FRAMES).astype(np.float32)
        self._sums = np.zeros((FRAMES, 5), np.float32)
        self._windows = 0

    def push(self, posterior: FloatArray) -> FloatArray:
        """Take the next window ``[589, 7]``; return the frames that no later window covers.

        Returns:
            ``[step, 3]``: probability of speech, probability of two voices, change of speaker; all 0..1.
        """
        change, weight = changes(multilabel(posterior))
        taper = self._taper
        self._sums += np.stack(
            [
                taper,
                taper * (1 - posterior[:, 0]),
                taper * posterior[:, 4:].sum(1),
                taper * weight * change,
                taper * weight,
            ],
            axis=1,
        )
        self._windows += 1
        done = _means(self._sums[: self._step])
        self._sums = np.pad(self._sums[self._step :], ((0, self._step), (0, 0)))
        return done

    def rest(self) -> FloatArray:
        """The frames still held after the last window, ``[589 - step, 3]``; empty before the first window."""
        return _means(self._sums[: FRAMES - self._step] if self._windows else self._sums[:0])


def _means(sums: FloatArray) -> FloatArray:
    norm = np.maximum(sums[:, :1], _EPS)
    change = sums[:, 3] / np.maximum(sums[:, 4], 1e-3)
    return np.column_stack([sums[:, 1:3] / norm, change]).astype(np.float32)
