"""The face stage of a finished recording."""

from vision.offline.association import associate
from vision.offline.face_scan import FaceScan, ScanResult
from vision.offline.false_faces import without_false_faces
from vision.offline.stage import FaceStage, identify_faces

__all__ = [
    "FaceScan",
    "FaceStage",
    "ScanResult",
    "associate",
    "identify_faces",
    "without_false_faces",
]
