"""Who speaks when, and whose voice it is."""

from diarization.clustering.pipeline import Diarization, Diarizer, Pieces
from diarization.embedding.ensemble import VoiceEmbedder
from diarization.factory import Diarizes, Voiceprint, checkpoints, make_diarizer, make_voiceprint, models
from diarization.fusion.people import EnrolledPerson, Fusion, fuse
from diarization.settings import DiarizationSettings, FusionSettings
from diarization.vad import SpeechFinder

__all__ = [
    "Diarization",
    "DiarizationSettings",
    "Diarizer",
    "Diarizes",
    "EnrolledPerson",
    "Fusion",
    "FusionSettings",
    "Pieces",
    "SpeechFinder",
    "VoiceEmbedder",
    "Voiceprint",
    "checkpoints",
    "fuse",
    "make_diarizer",
    "make_voiceprint",
    "models",
]
