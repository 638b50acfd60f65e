"""Faces: detect, track, recognise, mask, and score who speaks."""

from vision.detect import Detections, Detector
from vision.finder import FaceFinder
from vision.mask import Masker, masker
from vision.mouths import MouthPlan
from vision.plan import MaskPlan
from vision.recognise import Recogniser
from vision.settings import VisionSettings
from vision.speaker import SpeakerScorer
from vision.stage import FaceStage

__all__ = [
    "Detections",
    "Detector",
    "FaceFinder",
    "FaceStage",
    "MaskPlan",
    "Masker",
    "MouthPlan",
    "Recogniser",
    "SpeakerScorer",
    "VisionSettings",
    "masker",
]
