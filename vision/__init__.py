"""Faces: detect, track, recognise, mask, and score who speaks."""

from vision.active_speaker.scorer import SpeakerScorer
from vision.detection.base import Detections, Detector
from vision.face_finder import FaceFinder
from vision.masking.mouths import MouthPlan
from vision.masking.plan import MaskPlan
from vision.masking.styles import Masker, masker
from vision.offline.stage import FaceStage
from vision.recognition.base import FaceRecogniser
from vision.settings import VisionSettings

__all__ = [
    "Detections",
    "Detector",
    "FaceFinder",
    "FaceRecogniser",
    "FaceStage",
    "MaskPlan",
    "Masker",
    "MouthPlan",
    "SpeakerScorer",
    "VisionSettings",
    "masker",
]
