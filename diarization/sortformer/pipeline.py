"""The Sortformer diarizer: NVIDIA's end-to-end network, with clustering by voice if there are more people than slots.

Sortformer distinguishes four people. A fifth is assigned to somebody else's slot, and nothing in the output shows it.
So
the voices are checked as well: the room's clustering runs over Sortformer's own windows (``windows``), and if it finds
more than four voices, each with some seconds of speech of its own, its speakers replace the slots. The same applies to
a recording too long for the offline model, whose stretches are processed separately, and if the number of speakers is
given and differs. The result's notes say what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from diarization.base import Diarization, SubsegmentEmbedder
from diarization.clustering.pipeline import decided, subsegments_of
from diarization.clustering.segmentation import HOP, SAMPLE_RATE
from diarization.clustering.speaker_assignment import Speakers, speakers
from diarization.settings import DiarizationSettings
from diarization.sortformer.base import Listener, OfflineListener, StreamListener
from diarization.sortformer.binarize import turns_of
from diarization.sortformer.nemo import nemo_listener
from diarization.sortformer.network import CHUNKINGS, SLOTS, STEP, CachedCore, Offline, OnnxHalves, SortformerStream
from diarization.sortformer.settings import LISTEN
from diarization.sortformer.windows import Cut, SortformerWindow, as_scan, cuts, merged, voices
from timeline import Audio, FloatArray, Progress, Segment, silent, union

if TYPE_CHECKING:
    from weights import Store


class SortformerDiarizer:
    """Who speaks when, by Sortformer.

    Args:
        listener: the network.
        embedder: makes voice embeddings of pieces.
        model: name of the voiceprint model.
        settings: of the room.
        notes: always added to the result.
    """

    def __init__(
        self,
        listener: Listener,
        embedder: SubsegmentEmbedder,
        model: str,
        settings: DiarizationSettings | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        self._listener, self._embedder, self._model = listener, embedder, model
        self._settings = settings or DiarizationSettings()
        self._notes = tuple(notes)

    @classmethod
    def from_store(
        cls, store: Store, embedder: Callable[[], SubsegmentEmbedder], settings: DiarizationSettings | None = None
    ) -> SortformerDiarizer:
        """Create one with Sortformer from the store, or NeMo; ``embedder`` creates the embedder.

        Raises ModelError if a model is missing.
        """
        settings = settings or DiarizationSettings()
        chosen = settings.sortformer
        licence = store.manifest[chosen.model].licence
        notes = [] if licence.commercial else [f"{chosen.model} may not be used commercially ({licence.id})."]
        listener: Listener
        if chosen.backend == "nemo":
            listener = nemo_listener(store, chosen)
        elif chosen.model == "sortformer-v1":
            listener = OfflineListener(Offline(store.session(chosen.model, settings.threads)), chosen.window)
        else:
            parts = [store.session(chosen.model, settings.threads, part=part) for part in ("front.onnx", "head.onnx")]
            chunking = CHUNKINGS[chosen.latency]
            listener = StreamListener(SortformerStream(CachedCore(OnnxHalves(*parts), chunking.rules), chunking))
        return cls(listener, embedder(), settings.voiceprint, settings, notes)

    @staticmethod
    def models(settings: DiarizationSettings) -> list[str]:
        """Ids in the store of the models that these settings need, except the voiceprint's."""
        return ["silero-vad", *([settings.sortformer.model] if settings.sortformer.backend == "onnx" else [])]

    def __call__(self, audio: Audio, progress: Progress = silent) -> Diarization:
        """Diarize ``audio`` (16 kHz) in two passes. Without speech there are no turns.

        Raises:
            ValueError: unless the sound is at 16 kHz.
        """
        if audio.sample_rate != SAMPLE_RATE:
            raise ValueError(f"diarization needs 16 kHz, not {audio.sample_rate}")
        stretches = self._listener(audio, lambda share: progress(LISTEN * share))
        activity, owner = merged(stretches)
        pieces = cuts(activity, owner, self._settings.sortformer.on)
        vectors = voices(audio, pieces, self._embedder, progress=lambda share: progress(LISTEN + (1 - LISTEN) * share))
        progress(1.0)
        return self.decide(stretches, pieces, vectors, audio.duration)

    def decide(
        self, stretches: Sequence[SortformerWindow], pieces: Sequence[Cut], vectors: FloatArray, duration: float
    ) -> Diarization:
        """Decide who speaks when in ``duration`` seconds; ``vectors [N, D]`` belong to the ``N`` pieces."""
        chosen = self._settings.sortformer
        if not pieces:
            return Diarization([], {}, [], self._model, notes=self._notes)
        rules = self._settings.model_copy(
            update={"speech_on": chosen.on, "speech_rise": chosen.off, "speech_off": chosen.off, "overlap": chosen.on}
        )
        rows = as_scan(stretches, pieces, vectors, round(duration * SAMPLE_RATE), self._settings.step)
        found = speakers(rows, rules)
        slots = {cut.slot for cut in pieces}
        why = self._why_not_slots(len(stretches), len(slots), found)
        if why:
            result = decided(rows, found, duration, rules, self._model)
            notes = (*self._notes, f"{why}, so speakers were told apart by their voices over Sortformer's windows.")
            return replace(result, notes=notes)
        activity, _ = merged(stretches)
        turns = turns_of([str(slot) for slot in range(SLOTS)], activity, STEP, duration, chosen)
        order = list(dict.fromkeys(turn.person for turn in turns))
        names = {slot: f"S{i + 1}" for i, slot in enumerate(order)}
        return Diarization(
            turns=[turn.model_copy(update={"person": names[turn.person]}) for turn in turns],
            embeddings={names[slot]: _mean(pieces, vectors, int(slot)) for slot in order},
            speech=union(Segment(turn.start, turn.end) for turn in turns),
            model=self._model,
            pieces=subsegments_of(rows),
            notes=self._notes,
        )

    def _why_not_slots(self, stretches: int, slots: int, found: Speakers) -> str:
        """Why the slots are not the speakers; empty if they are."""
        wanted, heard = self._settings.num_speakers, self.heard(found)
        if stretches > 1:
            return f"The offline Sortformer heard the recording in {stretches} stretches"
        if wanted is not None and wanted != slots:
            return f"{wanted} speakers were asked for and Sortformer found {slots}"
        if wanted is None and heard > SLOTS:
            return f"Sortformer tells four people apart and {heard} voices were heard"
        return ""

    def heard(self, found: Speakers) -> int:
        """Number of voices with enough speech of their own to be people."""
        return int((found.clean * HOP / SAMPLE_RATE >= self._settings.sortformer.own_voice).sum())


def _mean(pieces: Sequence[Cut], vectors: FloatArray, slot: int) -> FloatArray:
    """Unit embedding ``[D]`` of a slot."""
    mine = [i for i, cut in enumerate(pieces) if cut.slot == slot]
    total = np.sum([pieces[i].weight * vectors[i] for i in mine], axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), np.float32)
