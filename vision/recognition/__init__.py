"""Recognising faces: alignment, embeddings, and the decision over the crops of a track.

Names load on first use, so that reading the settings does not load OpenCV.
"""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from vision.recognition.alignment import UprightRecogniser
    from vision.recognition.arcface import ArcFace
    from vision.recognition.base import TEMPLATE, FaceRecogniser, SFace, align, similarity_transform
    from vision.recognition.face_threshold import LOOSER, RecogniseSettings
    from vision.recognition.identification import (
        EnrolledFaces,
        FaceGallery,
        Identification,
        combine_identifications,
        identify,
        unit,
    )
    from vision.recognition.insightface_pack import FAMILY, PREFIX, PackModel, is_pack, pack_model
    from vision.recognition.likelihood import FaceLikelihood, face_likelihoods
    from vision.recognition.within_recording import WithinRecordingTemplates
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "alignment": ["UprightRecogniser"],
            "arcface": ["ArcFace"],
            "base": ["TEMPLATE", "FaceRecogniser", "SFace", "align", "similarity_transform"],
            "identification": [
                "EnrolledFaces",
                "FaceGallery",
                "Identification",
                "combine_identifications",
                "identify",
                "unit",
            ],
            "face_threshold": ["LOOSER", "RecogniseSettings"],
            "insightface_pack": ["FAMILY", "PREFIX", "PackModel", "is_pack", "pack_model"],
            "likelihood": ["FaceLikelihood", "face_likelihoods"],
            "within_recording": ["WithinRecordingTemplates"],
        },
    )

__all__ = [
    "FAMILY",
    "LOOSER",
    "PREFIX",
    "TEMPLATE",
    "ArcFace",
    "EnrolledFaces",
    "FaceGallery",
    "FaceLikelihood",
    "FaceRecogniser",
    "Identification",
    "PackModel",
    "RecogniseSettings",
    "SFace",
    "UprightRecogniser",
    "WithinRecordingTemplates",
    "align",
    "combine_identifications",
    "face_likelihoods",
    "identify",
    "is_pack",
    "pack_model",
    "similarity_transform",
    "unit",
]
