"""Who speaks when, and whose voice it is."""

from diarization.choose import Diarizes, Voiceprint, checkpoints, make_diarizer, make_voiceprint, models
from diarization.diarizer import Diarization, Diarizer, Pieces
from diarization.embedding import VoiceEmbedder
from diarization.fusion import EnrolledPerson, Fusion, fuse
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
