"""Detectors, recognisers and speaking scorers by name, from the weights store."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from timeline import ModelError
from vision.detect import Detector, YuNet
from vision.recognise import Recogniser, SFace
from vision.speaker import AvAsd, LipMotion, SpeakerScorer, WithLips


class ModelStore(Protocol):
    """What is needed of ``weights.Store``."""

    def has(self, id: str) -> bool:
        """Whether the model is here."""
        ...

    def path(self, id: str) -> Path:
        """Its file."""
        ...

    def session(self, id: str, threads: int = 1) -> Any:
        """Its ONNX Runtime session."""
        ...


def make_detector(store: ModelStore, name: str) -> Detector:
    """The detector of that name. Raises ModelError if there is none or its weights are missing."""
    if name == "yunet":
        return YuNet(store.path("yunet"))
    raise ModelError(f"no face detector is called {name}", "use yunet")


def make_recogniser(store: ModelStore, name: str) -> Recogniser:
    """The recogniser of that name. Raises ModelError if there is none or its weights are missing."""
    if name == "sface":
        return SFace(store.path("sface"))
    raise ModelError(f"no face recogniser is called {name}", "use sface")


def make_scorer(store: ModelStore, name: str, lips: float = 0.0) -> SpeakerScorer | None:
    """The speaking scorer of that name; ``auto`` is LR-ASD where its weights are, else lips; ``none`` is none.

    ``lips``: share of the lips' log odds that is added to a model's.

    Raises:
        ModelError: if there is none of that name, or its weights are missing.
    """
    if name == "auto":
        name = "lr-asd" if store.has("lr-asd") else "lips"
    if name in ("lr-asd", "light-asd"):
        return WithLips(AvAsd(store.session(name), name), lips)
    if name == "lips":
        return LipMotion()
    if name == "none":
        return None
    raise ModelError(f"no speaking scorer is called {name}", "use auto, lr-asd, light-asd, lips or none")
