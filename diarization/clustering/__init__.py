"""Diarization by windows of segmentation and clustering of their embeddings."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from diarization.clustering.embedded_windows import Scan
    from diarization.clustering.pipeline import ClusteringDiarizer, decided, subsegments_of
    from diarization.clustering.segmentation import Segmenter, frames_of, multilabel
    from diarization.clustering.speaker_assignment import Speakers, speakers
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "speaker_assignment": ["Speakers", "speakers"],
            "pipeline": ["ClusteringDiarizer", "decided", "subsegments_of"],
            "segmentation": ["Segmenter", "frames_of", "multilabel"],
            "embedded_windows": ["Scan"],
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
