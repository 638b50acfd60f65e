"""Diarization by windows of segmentation and clustering of their embeddings."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from diarization.clustering.assignment import Speakers, speakers
    from diarization.clustering.pipeline import ClusteringDiarizer, decided, subsegments_of
    from diarization.clustering.segmentation import Segmenter, frames_of, multilabel
    from diarization.clustering.windows import Scan
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "assignment": ["Speakers", "speakers"],
            "pipeline": ["ClusteringDiarizer", "decided", "subsegments_of"],
            "segmentation": ["Segmenter", "frames_of", "multilabel"],
            "windows": ["Scan"],
        },
    )

__all__ = [
    "ClusteringDiarizer",
    "Scan",
    "Segmenter",
    "Speakers",
    "decided",
    "frames_of",
    "multilabel",
    "speakers",
    "subsegments_of",
]
