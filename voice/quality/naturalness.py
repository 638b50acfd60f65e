"""DNSMOS: how people would rate the sound of speech, predicted without a reference.

Reddy, Gopal, Cutler: "DNSMOS P.835: A Non-Intrusive Perceptual Objective Speech Quality Metric to Evaluate Noise
Suppressors" (ICASSP 2022). The network was trained on noise suppression; for comparing voices it is only a hint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from timeline import FloatArray

if TYPE_CHECKING:
    from weights import Store

MODEL = "dnsmos"
RATE = 16000
_LENGTH = 144160
"""Samples that the network takes: 9.01 s. Shorter sound is repeated, as its authors do."""
_OVERALL = (-0.06766283, 1.11546468, 0.04602535)
"""The authors' polynomial from the network's output to the rating scale."""


class Dnsmos:
    """Predicts overall quality, 1 to 5.

    Args:
        session: the network, from sound ``[B, 144160]`` to signal, background and overall quality ``[B, 3]``.
    """

    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name

    @classmethod
    def from_store(cls, store: Store, threads: int = 1) -> Dnsmos:
        """Load the model from the store. Raises ModelError if it is missing or damaged."""
        return cls(store.session(MODEL, threads))

    def __call__(self, sound: FloatArray) -> float:
        """The quality of ``sound`` ``[n]`` at 16 kHz, or of its first 9 s if it is longer; nan if it is empty."""
        if not len(sound):
            return float("nan")
        given = np.resize(np.asarray(sound, np.float32), _LENGTH) if len(sound) < _LENGTH else sound[:_LENGTH]
        raw = self._session.run(None, {self._input: np.asarray(given, np.float32)[None]})[0]
        return float(np.polyval(_OVERALL, float(raw[0][2])))
