"""The embedded diarizer: who speaks when, from the sound alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from diarization.base import Diarization, SubsegmentEmbedder, Subsegments
from diarization.clustering.embedded_windows import Scan, scan
from diarization.clustering.overlap_assignment import possible_turns, speakers_of_frames, speech_segments, turns
from diarization.clustering.segmentation import Segmenter, frame_start
from diarization.clustering.speaker_assignment import Speakers, speakers
from diarization.settings import DiarizationSettings
from timeline import Audio, Progress, silent

if TYPE_CHECKING:
    from weights import Store


def subsegments_of(rows: Scan) -> Subsegments:
    """The pieces of a scan, with times in seconds."""
    return Subsegments(frame_start(rows.spans.astype(np.float64)), rows.vectors, rows.double)


class ClusteringDiarizer:
    """Segmentation in overlapping windows, speaker embeddings, clustering; memory is constant except for small rows.

    Args:
        segmenter: the segmentation model.
        embedder: makes voice embeddings of pieces.
        model: name of the voiceprint model.
        settings: of the room.
    """

    def __init__(
        self,
        segmenter: Segmenter,
        embedder: SubsegmentEmbedder,
        model: str,
        settings: DiarizationSettings | None = None,
    ) -> None:
        self._segmenter, self._embedder, self._model = segmenter, embedder, model
        self._settings = settings or DiarizationSettings()

    @classmethod
    def from_store(
        cls, store: Store, embedder: Callable[[], SubsegmentEmbedder], settings: DiarizationSettings | None = None
    ) -> ClusteringDiarizer:
        """Create one with the segmentation model from the store; ``embedder`` creates the embedder.

        Raises ModelError if a model is missing.
        """
        settings = settings or DiarizationSettings()
        segmenter = Segmenter(store.session("segmentation-3.0", settings.threads))
        return cls(segmenter, embedder(), settings.voiceprint, settings)

    @staticmethod
    def models(settings: DiarizationSettings) -> list[str]:
        """Ids in the store of the models that these settings need."""
        return ["segmentation-3.0", "silero-vad", *settings.voiceprint.split("+")]

    def __call__(self, audio: Audio, progress: Progress = silent) -> Diarization:
        """Diarize ``audio`` (16 kHz) in one pass. Without speech there are no turns.

        Raises:
            ValueError: unless the sound is at 16 kHz.
        """
        return self.decide(self.scan(audio, progress), audio.duration)

    def scan(self, audio: Audio, progress: Progress = silent) -> Scan:
        """Run the models without deciding anything yet. Raises as :meth:`__call__`."""
        return scan(audio, self._segmenter, self._embedder, self._settings, progress)

    def decide(
        self, rows: Scan, duration: float, settings: DiarizationSettings | None = None, found: Speakers | None = None
    ) -> Diarization:
        """Decide who speaks when, from a scan of ``duration`` seconds.

        Args:
            rows: of :meth:`scan`.
            duration: of the sound, s.
            settings: instead of the diarizer's own.
            found: speakers found by another clustering.
        """
        settings = settings or self._settings
        return decided(rows, found or speakers(rows, settings), duration, settings, self._model)


def decided(rows: Scan, found: Speakers, duration: float, settings: DiarizationSettings, model: str) -> Diarization:
    """Decide who speaks when, from a scan and the speakers of a clustering (see :meth:`ClusteringDiarizer.decide`)."""
    frames = speakers_of_frames(rows, found, settings)
    first = {k: int(frames.active[:, k].argmax()) for k in range(len(found.centroids)) if frames.active[:, k].any()}
    order = sorted(first, key=lambda k: (first[k], k))
    labels = {k: f"S{i + 1}" for i, k in enumerate(order)}
    # A speaker found only where their voice is not recognised has no turn, but may have spoken, as an unknown "S?3".
    names = [labels.get(k, f"S?{k + 1}") for k in range(len(found.centroids))]
    return Diarization(
        turns=turns(rows, frames, names, duration, settings),
        embeddings={labels[k]: found.centroids[k] for k in order},
        speech=speech_segments(rows, duration, settings),
        model=model,
        pieces=subsegments_of(rows),
        possible=tuple(possible_turns(rows, frames, names, duration, settings)),
    )
