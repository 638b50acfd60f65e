"""Diarization: who speaks when, and whose voice it is."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from diarization.base import Diarization, Diarizer, SpeakerEmbedder, Subsegments
    from diarization.clustering.pipeline import ClusteringDiarizer
    from diarization.embedding.ensemble import VoiceEmbedder
    from diarization.factory import (
        checkpoints,
        make_clustering_diarizer,
        make_diarizer,
        make_voiceprint,
        models,
        voiceprint_models,
    )
    from diarization.fusion.people import EnrolledPerson, Fusion, fuse
    from diarization.fusion.speaking_faces import score_speaking_faces
    from diarization.likelihood import VoiceLikelihood, likelihoods
    from diarization.settings import DiarizationSettings, FusionSettings, VoiceprintName
    from diarization.vad import SPEECH_MODEL, SpeechFinder
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "base": ["Diarization", "Diarizer", "SpeakerEmbedder", "Subsegments"],
            "clustering.pipeline": ["ClusteringDiarizer"],
            "embedding.ensemble": ["VoiceEmbedder"],
            "factory": [
                "checkpoints",
                "make_clustering_diarizer",
                "make_diarizer",
                "make_voiceprint",
                "models",
                "voiceprint_models",
            ],
            "fusion.people": ["EnrolledPerson", "Fusion", "fuse"],
            "fusion.speaking_faces": ["score_speaking_faces"],
            "likelihood": ["VoiceLikelihood", "likelihoods"],
            "settings": ["DiarizationSettings", "FusionSettings", "VoiceprintName"],
            "vad": ["SPEECH_MODEL", "SpeechFinder"],
        },
    )

__all__ = [
    "SPEECH_MODEL",
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
    "VoiceLikelihood",
    "VoiceprintName",
    "checkpoints",
    "fuse",
    "likelihoods",
    "make_clustering_diarizer",
    "make_diarizer",
    "make_voiceprint",
    "models",
    "score_speaking_faces",
    "voiceprint_models",
]
