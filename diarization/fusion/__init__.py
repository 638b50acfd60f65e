"""Fusion: joining voices and faces into people."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from diarization.fusion.assignment import PersonHypothesis
    from diarization.fusion.identification import VoiceGallery, identify
    from diarization.fusion.lip_sync import Face, faces
    from diarization.fusion.people import EnrolledPerson, Fusion, fuse
    from diarization.fusion.speaking_faces import score_speaking_faces
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "assignment": ["PersonHypothesis"],
            "identification": ["VoiceGallery", "identify"],
            "lip_sync": ["Face", "faces"],
            "people": ["EnrolledPerson", "Fusion", "fuse"],
            "speaking_faces": ["score_speaking_faces"],
        },
    )

__all__ = [
    "EnrolledPerson",
    "Face",
    "Fusion",
    "PersonHypothesis",
    "VoiceGallery",
    "faces",
    "fuse",
    "identify",
    "score_speaking_faces",
]
