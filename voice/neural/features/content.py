"""What is said, frame by frame: the states of Whisper's encoder, 50 a second."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from timeline import FloatArray, ModelError

if TYPE_CHECKING:
    from weights import Store

CONTENT = 512
"""Numbers of a state."""
MODEL = "whisper-base"
RATE = 16000
_HOP, _FRAME = 160, 320
_CONTEXT = 30
"""Seconds that Whisper hears at once."""


class ContentEncoder:
    """Sound to states.

    Args:
        model: CTranslate2's Whisper.
        spectrum: sound ``[n]`` to its logarithmic mel spectrum ``[80, n // 160]``.
    """

    def __init__(self, model: Any, spectrum: Any) -> None:
        self._model, self._spectrum = model, spectrum

    @classmethod
    def from_store(cls, store: Store, threads: int = 1) -> ContentEncoder:
        """With the Whisper model of the store. Raises ModelError if it is missing or damaged."""
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        folder = Path(store.path(MODEL))
        import ctranslate2
        from faster_whisper.feature_extractor import FeatureExtractor

        try:
            model = ctranslate2.models.Whisper(str(folder), device="cpu", compute_type="int8", intra_threads=threads)
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(f"the model {MODEL} cannot be loaded: {error}", "discreet weights verify") from error
        return cls(model, FeatureExtractor())

    def __call__(self, sound: FloatArray) -> FloatArray:
        """States ``[n // 320, 512]`` of ``sound`` ``[n]`` at 16 kHz; longer sound is heard in pieces of 30 s."""
        size = _CONTEXT * RATE
        parts = [self._piece(sound[at : at + size]) for at in range(0, max(1, len(sound)), size)]
        return np.concatenate(parts)

    def _piece(self, sound: FloatArray) -> FloatArray:
        import ctranslate2

        count = len(sound) // _FRAME
        if not count:
            return np.zeros((0, CONTENT), np.float32)
        given = np.pad(np.asarray(sound, np.float32), (0, _FRAME))
        # Half a second of silence behind it: as near the end of the window as within it.
        mel = self._spectrum(given)[:, : 2 * count]
        mel = np.ascontiguousarray(np.pad(mel, ((0, 0), (0, 50 + len(mel[0]) % 2)), mode="edge"), np.float32)
        states = self._model.encode(ctranslate2.StorageView.from_array(mel[None]), to_cpu=True)
        return np.asarray(states, np.float32)[0, :count]
