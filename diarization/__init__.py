"""Who speaks when, and whose voice it is."""

from diarization.base import Diarization, Diarizer, SpeakerEmbedder, Subsegments
from diarization.clustering.pipeline import ClusteringDiarizer
from diarization.embedding.ensemble import VoiceEmbedder
from diarization.factory import checkpoints, make_clustering_diarizer, make_diarizer, make_voiceprint, models
from diarization.fusion.people import EnrolledPerson, Fusion, fuse
from diarization.settings import DiarizationSettings, FusionSettings
from diarization.vad import SpeechFinder

__all__ = [
    "ClusteringDiarizer",
    "Diarization",
    "DiarizationSettings",
    "Diarizer",
    "EnrolledPerson",
    "Fusion",
    "FusionSettings",
    "SpeakerEmbedder",
    "SpeechFinder",
    "Subsegments",
    "VoiceEmbedder",
    "checkpoints",
    "fuse",
    "make_clustering_diarizer",
    "make_diarizer",
    "make_voiceprint",
    "models",
]
