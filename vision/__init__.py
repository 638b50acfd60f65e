"""Faces: detecting, tracking, recognising and masking them, and scoring who speaks.

Names load on first use, so that reading the settings does not load OpenCV.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vision.active_speaker.base import SpeakerScorer
    from vision.active_speaker.off_screen import off_screen_speech
    from vision.detection.base import Detections, Detector, Image
    from vision.face_finder import FaceFinder
    from vision.factory import (
        DETECTORS,
        RECOGNISERS,
        ModelStore,
        bare_detector,
        calibrated,
        least_likeness,
        make_detector,
        make_recogniser,
        make_scorer,
        pack_models,
        same_person,
        scorer_models,
        stored_models,
        template_model,
    )
    from vision.geometry import Floats, iou_matrix
    from vision.live.masker import LiveMasker
    from vision.live.settings import LiveMaskingSettings
    from vision.masking.mouths import MouthPlan
    from vision.masking.plan import MaskPlan
    from vision.masking.styles import Masker, masker
    from vision.offline.stage import FaceStage
    from vision.recognition.base import FaceRecogniser
    from vision.recognition.insightface_pack import PREFIX, is_pack
    from vision.settings import DetectSettings, MaskSettings, RecogniseSettings, SpeakerSettings, VisionSettings

__all__ = [
    "DETECTORS",
    "PREFIX",
    "RECOGNISERS",
    "DetectSettings",
    "Detections",
    "Detector",
    "FaceFinder",
    "FaceRecogniser",
    "FaceStage",
    "Floats",
    "Image",
    "LiveMasker",
    "LiveMaskingSettings",
    "MaskPlan",
    "MaskSettings",
    "Masker",
    "ModelStore",
    "MouthPlan",
    "RecogniseSettings",
    "SpeakerScorer",
    "SpeakerSettings",
    "VisionSettings",
    "bare_detector",
    "calibrated",
    "iou_matrix",
    "is_pack",
    "least_likeness",
    "make_detector",
    "make_recogniser",
    "make_scorer",
    "masker",
    "off_screen_speech",
    "pack_models",
    "same_person",
    "scorer_models",
    "stored_models",
    "template_model",
]

_HOMES = {
    "DETECTORS": "factory",
    "DetectSettings": "settings",
    "Detections": "detection.base",
    "Detector": "detection.base",
    "FaceFinder": "face_finder",
    "FaceRecogniser": "recognition.base",
    "FaceStage": "offline.stage",
    "Floats": "geometry",
    "Image": "detection.base",
    "LiveMasker": "live.masker",
    "LiveMaskingSettings": "live.settings",
    "MaskPlan": "masking.plan",
    "MaskSettings": "settings",
    "Masker": "masking.styles",
    "ModelStore": "factory",
    "MouthPlan": "masking.mouths",
    "PREFIX": "recognition.insightface_pack",
    "RECOGNISERS": "factory",
    "RecogniseSettings": "settings",
    "SpeakerScorer": "active_speaker.base",
    "SpeakerSettings": "settings",
    "VisionSettings": "settings",
    "bare_detector": "factory",
    "calibrated": "factory",
    "iou_matrix": "geometry",
    "is_pack": "recognition.insightface_pack",
    "least_likeness": "factory",
    "make_detector": "factory",
    "make_recogniser": "factory",
    "make_scorer": "factory",
    "masker": "masking.styles",
    "off_screen_speech": "active_speaker.off_screen",
    "pack_models": "factory",
    "same_person": "factory",
    "scorer_models": "factory",
    "stored_models": "factory",
    "template_model": "factory",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
