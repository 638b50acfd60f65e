"""Faces: detecting, tracking, recognising and masking them, and scoring who speaks.

Names load on first use, so that reading the settings does not load OpenCV.
"""

from typing import TYPE_CHECKING

from timeline import lazy_exports

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
    from vision.masking.base import Masker
    from vision.masking.factory import masker
    from vision.masking.mouths import MouthPlan
    from vision.masking.plan import MaskPlan
    from vision.offline.stage import FaceStage
    from vision.recognition.base import FaceRecogniser
    from vision.recognition.face_threshold import RecogniseSettings
    from vision.recognition.insightface_pack import PREFIX, is_pack
    from vision.settings import DetectSettings, MaskSettings, SpeakerSettings, VisionSettings
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "active_speaker.base": ["SpeakerScorer"],
            "active_speaker.off_screen": ["off_screen_speech"],
            "detection.base": ["Detections", "Detector", "Image"],
            "face_finder": ["FaceFinder"],
            "factory": [
                "DETECTORS",
                "ModelStore",
                "RECOGNISERS",
                "bare_detector",
                "calibrated",
                "least_likeness",
                "make_detector",
                "make_recogniser",
                "make_scorer",
                "pack_models",
                "same_person",
                "scorer_models",
                "stored_models",
                "template_model",
            ],
            "geometry": ["Floats", "iou_matrix"],
            "live.masker": ["LiveMasker"],
            "live.settings": ["LiveMaskingSettings"],
            "masking.base": ["Masker"],
            "masking.factory": ["masker"],
            "masking.mouths": ["MouthPlan"],
            "masking.plan": ["MaskPlan"],
            "offline.stage": ["FaceStage"],
            "recognition.base": ["FaceRecogniser"],
            "recognition.face_threshold": ["RecogniseSettings"],
            "recognition.insightface_pack": ["PREFIX", "is_pack"],
            "settings": ["DetectSettings", "MaskSettings", "SpeakerSettings", "VisionSettings"],
        },
    )

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
