"""Masking faces while they are recorded."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from vision.live.analyser import BlindError, LiveAnalyser, LiveModels
    from vision.live.history import WholePictureMask
    from vision.live.masker import LiveMasker
    from vision.live.messages import FaceObservation, Failure, Frame, FrameResult, Outcome
    from vision.live.settings import LiveMaskingSettings
    from vision.live.worker import ThreadWorker, Worker
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "analyser": ["BlindError", "LiveAnalyser", "LiveModels"],
            "history": ["WholePictureMask"],
            "masker": ["LiveMasker"],
            "messages": ["FaceObservation", "Failure", "Frame", "FrameResult", "Outcome"],
            "settings": ["LiveMaskingSettings"],
            "worker": ["ThreadWorker", "Worker"],
        },
    )

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
