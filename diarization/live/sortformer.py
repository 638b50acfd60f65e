"""Who is speaking now, by streaming Sortformer: a live estimate for display, refined later by the offline pass.

The network numbers up to four people and remembers them by itself; names come from an embedding of what each says
alone. A fifth person silently takes over somebody's number (:mod:`diarization.sortformer.pipeline` detects that
offline), so a number whose voice suddenly differs is unknown until it is that person's again. Memory is constant: a few
seconds of sound, the network's own state, and one sum of embeddings for each number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diarization.base import SubsegmentEmbedder
from diarization.features.nemo_mel import SAMPLE_RATE
from diarization.fusion.identification import VoiceGallery, identify
from diarization.fusion.people import EnrolledPerson
from diarization.live.clustering import LiveActivity
from diarization.live.settings import HELD, KNOWN, LOOK, OTHER_VOICE, TALKS
from diarization.settings import DiarizationSettings, FusionSettings
from diarization.sortformer.network import (
    CHUNKINGS,
    SLOTS,
    STEP,
    CachedCore,
    OnnxHalves,
    SortformerStream,
)
from diarization.sortformer.settings import Latency
from timeline import FloatArray, ModelError

if TYPE_CHECKING:
    from weights import Store

_FRAME = round(STEP * SAMPLE_RATE)


def why_not_live(store: Store, settings: DiarizationSettings) -> str:
    """Why the Sortformer of the settings cannot run live; "" if it can."""
    model = settings.sortformer.model
    if model == "sortformer-v1":
        return f"{model} hears whole stretches and no stream"
    if settings.sortformer.backend != "onnx":
        return "NeMo's own Sortformer is not run beside a recording, only the converted model"
    if not store.has(model):
        return f"{model} is not on this machine (discreet weights fetch {model})"
    return ""


@dataclass(slots=True)
class _Slot:
    """What is known about one number: its label, the sum of its embeddings, and the seconds behind it."""

    label: str = ""
    total: FloatArray | None = None
    seconds: float = 0.0
    unseen: int = 0  # frames in which it talked alone since its voice was last checked
    doubtful: bool = False
    name: str | None = None


class LiveSortformer:
    """Takes blocks of sound and returns who is speaking.

    Args:
        stream: the network.
        embedder: speaker embeddings; one fast model is enough.
        gallery: templates of the same voiceprint model, or None.
        people: everybody enrolled, by id; only those who agreed to be named are named.
        settings: the thresholds of naming.
        on: probability from which somebody talks.
    """

    def __init__(
        self,
        stream: SortformerStream,
        embedder: SubsegmentEmbedder,
        gallery: VoiceGallery | None = None,
        people: Mapping[str, EnrolledPerson] | None = None,
        settings: FusionSettings | None = None,
        on: float = 0.5,
    ) -> None:
        self._stream, self._embedder, self._on = stream, embedder, on
        self._gallery, self._people = gallery, people or {}
        self._settings = settings or FusionSettings()
        self._slots = [_Slot() for _ in range(SLOTS)]
        self._order = 0  # number of people who have talked
        self._held = np.zeros(0, np.float32)
        self._first = 0  # index of the first held sample in the recording
        self._alone = np.zeros((0, SLOTS), bool)  # of the last decided frames
        self._decided = 0  # number of decided frames

    @classmethod
    def from_store(
        cls,
        store: Store,
        settings: DiarizationSettings,
        embedder: SubsegmentEmbedder,
        gallery: VoiceGallery | None = None,
        people: Mapping[str, EnrolledPerson] | None = None,
    ) -> LiveSortformer:
        """Create one with the settings' converted model, with 0.32 s latency, or 1.04 s if ``latency`` is ``low``.

        Raises:
            ModelError: the model is not in the store, or does not stream.
        """
        chosen = settings.sortformer
        if why := why_not_live(store, settings):
            raise ModelError(why, "choose another with --set diarization.sortformer.model=sortformer-v2")
        latency: Latency = "low" if chosen.latency == "low" else "lowest"
        chunking = CHUNKINGS[latency]
        parts = [store.session(chosen.model, 1, part=part) for part in ("front.onnx", "head.onnx")]
        stream = SortformerStream(CachedCore(OnnxHalves(*parts), chunking.rules), chunking)
        return cls(stream, embedder, gallery, people, settings.fusion, chosen.on)

    @property
    def latency(self) -> float:
        """Most seconds until a moment is decided, not counting the network's computing time."""
        return self._stream.latency

    def push(self, block: FloatArray) -> list[LiveActivity]:
        """Take the next samples ``[n]`` (16 kHz, -1..1); return what is decided now, one entry per chunk of frames."""
        self._held = np.concatenate([self._held, np.asarray(block, np.float32)])
        out = []
        activity = self._stream.push(block)
        for at in range(0, len(activity), self._stream.chunking.chunk):
            out.append(self._decide(activity[at : at + self._stream.chunking.chunk]))
        gone = max(0, self._decided * _FRAME - round(HELD * SAMPLE_RATE) - self._first)
        self._held, self._first = self._held[gone:], self._first + gone
        return out

    def _decide(self, activity: FloatArray) -> LiveActivity:
        talking = activity > self._on
        start, self._decided = self._decided, self._decided + len(activity)
        alone = talking & (talking.sum(axis=1, keepdims=True) == 1)
        self._alone = np.concatenate([self._alone, alone])[-round(HELD / STEP) :]
        for index in np.flatnonzero(talking.any(axis=0)):
            slot = self._slots[index]
            slot.unseen += int(alone[:, index].sum())
            if slot.unseen * STEP >= LOOK:
                self._learn_voice(slot, int(index))
        share = talking.mean(axis=0)
        said = sorted((i for i in range(SLOTS) if share[i] >= TALKS), key=lambda i: (-float(activity[:, i].sum()), i))
        labels = dict.fromkeys(self._label(self._slots[i]) for i in said)
        return LiveActivity(start * STEP, self._decided * STEP, tuple(labels))

    def _label(self, slot: _Slot) -> str:
        if not slot.label:
            self._order += 1
            slot.label = f"Speaker {self._order}"
        return "" if slot.doubtful else slot.name or slot.label

    def _learn_voice(self, slot: _Slot, index: int) -> None:
        """Learn the voice of what was last said alone, or doubt that it is still the same person."""
        samples = self._speech_alone(index)
        slot.unseen = 0
        if len(samples) < LOOK / 2 * SAMPLE_RATE:  # spoken in so many fragments that the first ones are gone
            return
        vector, seconds = self._embedder.pieces([samples])[0], len(samples) / SAMPLE_RATE
        if slot.total is not None and slot.seconds >= KNOWN:
            centroid = slot.total / max(float(np.linalg.norm(slot.total)), 1e-9)
            slot.doubtful = float(centroid @ vector) < OTHER_VOICE
            if slot.doubtful:
                return
        slot.total = seconds * vector if slot.total is None else slot.total + seconds * vector
        slot.seconds += seconds
        slot.name = self._name(slot)

    def _speech_alone(self, index: int) -> FloatArray:
        """The held samples of the last :data:`LOOK` seconds in which that number talked alone."""
        frames = np.flatnonzero(self._alone[:, index])[-round(LOOK / STEP) :]
        begins = (self._decided - len(self._alone) + frames) * _FRAME - self._first
        parts = [self._held[begin : begin + _FRAME] for begin in begins if begin >= 0]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def _name(self, slot: _Slot) -> str | None:
        """The enrolled name, if a template matches and its owner agreed to be named."""
        if slot.total is None:
            return None
        centroid = np.asarray(slot.total / max(float(np.linalg.norm(slot.total)), 1e-9), np.float32)
        found = identify(centroid, slot.seconds, self._gallery, self._settings).match
        person = self._people.get(found) if found is not None else None
        return person.name if person is not None and person.answers.named else None
