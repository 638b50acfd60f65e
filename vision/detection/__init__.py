"""Finding faces in one picture: detectors, and searches that miss no face."""

from vision.detection.base import Detections, Detector, Image
from vision.detection.centerface import CenterFace
from vision.detection.ensemble import DetectorEnsemble, RescaledDetector
from vision.detection.low_light import detect_faint_faces, normalise_locally
from vision.detection.multiscale import FaceSearch, shrunk, tile_starts, without_parts
from vision.detection.retinaface import RetinaFace
from vision.detection.scrfd import Scrfd
from vision.detection.settings import FAINT_EVERY
from vision.detection.yunet import YuNet

__all__ = [
    "FAINT_EVERY",
    "CenterFace",
    "Detections",
    "Detector",
    "DetectorEnsemble",
    "FaceSearch",
    "Image",
    "RescaledDetector",
    "RetinaFace",
    "Scrfd",
    "YuNet",
    "detect_faint_faces",
    "normalise_locally",
    "shrunk",
    "tile_starts",
    "without_parts",
]
