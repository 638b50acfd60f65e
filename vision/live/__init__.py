"""Masking faces while they are recorded."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vision.live.analyser import BlindError, LiveAnalyser, LiveModels
    from vision.live.history import WholePictureMask
    from vision.live.masker import LiveMasker
    from vision.live.messages import FaceObservation, Failure, Frame, FrameResult, Outcome
    from vision.live.settings import LiveMaskingSettings
    from vision.live.worker import ThreadWorker, Worker

__all__ = [
    "BlindError",
    "FaceObservation",
    "Failure",
    "Frame",
    "FrameResult",
    "LiveAnalyser",
    "LiveMasker",
    "LiveMaskingSettings",
    "LiveModels",
    "Outcome",
    "ThreadWorker",
    "WholePictureMask",
    "Worker",
]

_HOMES = {
    "BlindError": "analyser",
    "FaceObservation": "messages",
    "Failure": "messages",
    "Frame": "messages",
    "LiveAnalyser": "analyser",
    "LiveModels": "analyser",
    "FrameResult": "messages",
    "LiveMasker": "masker",
    "LiveMaskingSettings": "settings",
    "Outcome": "messages",
    "ThreadWorker": "worker",
    "WholePictureMask": "history",
    "Worker": "worker",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
