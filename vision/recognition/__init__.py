"""Recognising faces: alignment, embeddings, and the decision over the crops of a track."""

from vision.recognition.alignment import UprightRecogniser
from vision.recognition.arcface import ArcFace
from vision.recognition.base import TEMPLATE, FaceRecogniser, SFace, align, similarity_transform
from vision.recognition.decision import (
    EnrolledFaces,
    FaceGallery,
    Identification,
    combine_identifications,
    identify,
    unit,
)
from vision.recognition.dehaze import dehaze
from vision.recognition.insightface_pack import FAMILY, PREFIX, PackModel, is_pack, pack_model
from vision.recognition.likelihood import FaceLikelihood, face_likelihoods
from vision.recognition.within_recording import WithinRecordingTemplates

__all__ = [
    "FAMILY",
    "PREFIX",
    "TEMPLATE",
    "ArcFace",
    "EnrolledFaces",
    "FaceGallery",
    "FaceLikelihood",
    "FaceRecogniser",
    "Identification",
    "PackModel",
    "SFace",
    "UprightRecogniser",
    "WithinRecordingTemplates",
    "align",
    "combine_identifications",
    "dehaze",
    "face_likelihoods",
    "identify",
    "is_pack",
    "pack_model",
    "similarity_transform",
    "unit",
]
