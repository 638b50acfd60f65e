"""NVIDIA's Sortformer: who speaks when, for up to four speakers at a time, joined over a meeting."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from diarization.sortformer.network import CHUNKINGS, SLOTS, STEP, CachedCore, OnnxHalves, SortformerStream
    from diarization.sortformer.pipeline import SortformerDiarizer
    from diarization.sortformer.settings import Latency
    from diarization.sortformer.windows import FRAME, SortformerWindow
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "network": ["CHUNKINGS", "CachedCore", "OnnxHalves", "SLOTS", "STEP", "SortformerStream"],
            "pipeline": ["SortformerDiarizer"],
            "settings": ["Latency"],
            "windows": ["FRAME", "SortformerWindow"],
        },
    )

__all__ = [
    "CHUNKINGS",
    "FRAME",
    "SLOTS",
    "STEP",
    "CachedCore",
    "Latency",
    "OnnxHalves",
    "SortformerDiarizer",
    "SortformerStream",
    "SortformerWindow",
]
