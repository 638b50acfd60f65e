"""Who speaks when, and whose voice it is."""

from diarization.diarizer import Diarization, Diarizer
from diarization.embedding import VoiceEmbedder
from diarization.settings import DiarizationSettings, FusionSettings
from diarization.vad import Vad

__all__ = ["Diarization", "DiarizationSettings", "Diarizer", "FusionSettings", "Vad", "VoiceEmbedder"]
