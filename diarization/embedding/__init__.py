"""Speaker embeddings, which distinguish voices."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from diarization.embedding.ensemble import BUILT_IN, SAME, VoiceEmbedder
    from diarization.embedding.nemo_voice import NemoVoice
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "ensemble": ["BUILT_IN", "SAME", "VoiceEmbedder"],
            "nemo_voice": ["NemoVoice"],
        },
    )

__all__ = [
    "BUILT_IN",
    "SAME",
    "NemoVoice",
    "VoiceEmbedder",
]
