"""Who speaks when, and whose voice it is."""

from diarization.clustering.pipeline import ClusteringDiarizer, Diarization, Subsegments
from diarization.embedding.ensemble import VoiceEmbedder
from diarization.factory import Diarizer, SpeakerEmbedder, checkpoints, make_diarizer, make_voiceprint, models
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
    "make_diarizer",
    "make_voiceprint",
    "models",
]
