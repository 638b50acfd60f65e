"""Running Sortformer over a recording: the streaming model from end to end, or the offline one in long stretches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from diarization.clustering.segmentation import SAMPLE_RATE
from diarization.sortformer.network import STEP, SortformerStream
from diarization.sortformer.settings import SHARED_SECONDS
from diarization.sortformer.windows import FRAME, SortformerWindow
from timeline import Audio, FloatArray, Progress, silent


class Listener(Protocol):
    """Runs Sortformer over a recording."""

    def __call__(self, audio: Audio, progress: Progress = silent) -> list[SortformerWindow]:
        """One stretch, or several that overlap by :data:`SHARED_SECONDS` and each number their speakers anew."""
        ...


class StreamListener:
    """Runs the streaming model from end to end: one stretch, however long."""

    def __init__(self, stream: SortformerStream) -> None:
        self._stream = stream

    def __call__(self, audio: Audio, progress: Progress = silent) -> list[SortformerWindow]:
        """See :class:`Listener`."""
        self._stream.reset()
        parts, read = [], 0
        for block in audio.blocks():
            parts.append(self._stream.push(block))
            read += len(block)
            progress(min(1.0, read / SAMPLE_RATE / max(audio.duration, 1e-9)))
        parts.append(self._stream.flush())
        return [SortformerWindow(0, np.concatenate(parts))]


class OfflineListener:
    """Runs the offline model on the whole recording or, beyond ``window`` seconds, on stretches of that length."""

    def __init__(self, model: Callable[[FloatArray], FloatArray], window: float) -> None:
        self._model = model
        self._size = round(window / STEP) * FRAME
        self._hop = self._size - round(SHARED_SECONDS / STEP) * FRAME
        if self._hop <= 0:
            raise ValueError(f"a stretch of {window} s is not longer than what two share")

    def __call__(self, audio: Audio, progress: Progress = silent) -> list[SortformerWindow]:
        """See :class:`Listener`."""
        out: list[SortformerWindow] = []
        held, start = np.zeros(0, np.float32), 0
        for block in audio.blocks():
            held = np.concatenate([held, np.asarray(block, np.float32)])
            # One sample more, to know whether this stretch is the last one.
            while len(held) > self._size:
                out.append(SortformerWindow(start // FRAME, self._model(held[: self._size])))
                held, start = held[self._hop :], start + self._hop
                progress(min(1.0, start / SAMPLE_RATE / max(audio.duration, 1e-9)))
        out.append(SortformerWindow(start // FRAME, self._model(held)))
        progress(1.0)
        return out
