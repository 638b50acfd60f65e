"""Who is speaking now: a live estimate for display, refined later by the offline pass.

Every half second segmentation-3.0 analyses the last five seconds. Its local speakers are linked to those of the
previous window where both say that somebody talked; a new one is recognised, or not, by an embedding of what they said
alone. Continuing speakers are checked by voice now and then. Memory is constant: five seconds of sound, and one sum of
embeddings for each of at most sixteen voices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from diarization.base import SubsegmentEmbedder
from diarization.clustering.segmentation import FIELD, HOP, SAMPLE_RATE, Segmenter, multilabel
from diarization.fusion.identification import VoiceGallery, identify
from diarization.fusion.people import EnrolledPerson
from diarization.live.settings import (
    AHEAD,
    GOES_ON,
    HALF_NOISE,
    LEAST_SHARE,
    LISTEN_STEP,
    LISTEN_WINDOW,
    LOOSE_SAME,
    MOST_SPEAKERS,
    NEW_SPEAKER,
    QUIET,
    RECENT,
    SAME_SPEAKER,
    SHORT_TALK,
    STAY,
)
from diarization.settings import FusionSettings
from timeline import FloatArray

LATENCY = LISTEN_STEP + AHEAD
"""Most seconds until a moment is decided, not counting the models' computing time."""

_ON, _OVERLAP = 0.5, 0.5


@dataclass(frozen=True, slots=True)
class LiveActivity:
    """Who talks in ``[start, end)`` s: names or pseudonyms, most active first; "" is somebody not known yet."""

    start: float
    end: float
    speakers: tuple[str, ...]


@dataclass(slots=True)
class _Voice:
    """One voice: the sum of its embeddings, and the seconds behind it."""

    label: str
    total: FloatArray
    seconds: float
    name: str | None = None

    @property
    def centroid(self) -> FloatArray:
        return np.asarray(self.total / max(float(np.linalg.norm(self.total)), 1e-9), np.float32)


@dataclass(slots=True)
class _Memory:
    """Who talked in the frames of the previous window: ``[F, MOST]``, moved along with the window."""

    active: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, MOST_SPEAKERS), np.float32))


class LiveDiarizer:
    """Takes blocks of sound and returns who is speaking.

    Args:
        segmenter: segmentation-3.0.
        embedder: speaker embeddings; one fast model is enough.
        gallery: templates of the same voiceprint model, or None.
        people: everybody enrolled, by id; only those who agreed to be named are named.
        settings: the thresholds of naming.
    """

    latency = LATENCY

    def __init__(
        self,
        segmenter: Segmenter,
        embedder: SubsegmentEmbedder,
        gallery: VoiceGallery | None = None,
        people: Mapping[str, EnrolledPerson] | None = None,
        settings: FusionSettings | None = None,
    ) -> None:
        self._segmenter, self._embedder = segmenter, embedder
        self._gallery, self._people = gallery, people or {}
        self._settings = settings or FusionSettings()
        self._size, self._step = round(LISTEN_WINDOW * SAMPLE_RATE), round(LISTEN_STEP * SAMPLE_RATE)
        self._held = np.zeros(self._size, np.float32)
        self._new = np.zeros(0, np.float32)
        self._heard = 0  # samples analysed so far
        self._voices: list[_Voice] = []
        self._memory = _Memory()

    def push(self, block: FloatArray) -> list[LiveActivity]:
        """Take the next samples ``[n]`` (16 kHz, -1..1); return what is decided now, one entry per half second."""
        self._new = np.concatenate([self._new, np.asarray(block, np.float32)])
        out: list[LiveActivity] = []
        while len(self._new) >= self._step:
            self._held = np.concatenate([self._held[self._step :], self._new[: self._step]])
            self._new = self._new[self._step :]
            self._heard += self._step
            out.append(self._look())
        return out

    # -- one look -----------------------------------------------------------------------------------------------------

    def _look(self) -> LiveActivity:
        end = self._heard / SAMPLE_RATE - AHEAD
        span = max(0.0, end - LISTEN_STEP), max(0.0, end)
        if float(np.sqrt(np.mean(self._held[-2 * self._step :] ** 2))) < QUIET:
            self._memory.active = np.zeros((0, MOST_SPEAKERS), np.float32)
            return LiveActivity(*span, ())
        local = multilabel(self._segmenter(self._held[None])[0])
        frames = len(local)
        self._move(frames)
        first, last = frames - self._frames(AHEAD + LISTEN_STEP), frames - self._frames(AHEAD)
        talking = local > _ON
        who = self._voices_of_speakers(local, talking, first)
        share = {j: float(talking[first:last, j].mean()) for j in who}
        active = np.zeros((frames, MOST_SPEAKERS), np.float32)
        active[: len(self._memory.active)] = self._memory.active[:frames]
        for j, voice in who.items():
            if voice is not None:
                active[first:, voice] = np.maximum(active[first:, voice], local[first:, j])
        self._memory.active = active
        said = [(s, j) for j, s in share.items() if s >= _OVERLAP or (s > LEAST_SHARE and s == max(share.values()))]
        labels = dict.fromkeys(self._label(who[j]) for _, j in sorted(said, key=lambda item: (-item[0], item[1])))
        return LiveActivity(*span, tuple(labels))

    def _frames(self, seconds: float) -> int:
        return round(seconds * SAMPLE_RATE / HOP)

    def _move(self, frames: int) -> None:
        """Move the memory of the previous window to this window's frames."""
        moved = self._memory.active[self._frames(LISTEN_STEP) :]
        self._memory.active = moved[:frames]

    def _label(self, voice: int | None) -> str:
        if voice is None:
            return ""
        known = self._voices[voice]
        return known.name or known.label

    def _voices_of_speakers(
        self, local: FloatArray, talking: npt.NDArray[np.bool_], first: int
    ) -> dict[int, int | None]:
        """The voice of each local speaker who talks in the part to decide; None if not known yet."""
        present = [j for j in range(local.shape[1]) if talking[first:, j].any()]
        memory = self._memory.active[:first]
        before = talking[: len(memory)].astype(np.float32)
        both = before[:, present].T @ memory if len(memory) else np.zeros((len(present), MOST_SPEAKERS), np.float32)
        out: dict[int, int | None] = dict.fromkeys(present)
        for row, voice in zip(*linear_sum_assignment(-both), strict=True):
            said = float(before[:, present[row]].sum())
            if said > 0 and both[row, voice] >= GOES_ON * said:
                out[present[row]] = int(voice)
        alone = talking & (talking.sum(axis=1, keepdims=True) == 1)
        for j in present:
            out[j] = self._by_voice(alone[:, j], out[j], {v for i, v in out.items() if i != j and v is not None})
        return out

    # -- voices -------------------------------------------------------------------------------------------------------

    def _by_voice(self, alone: npt.NDArray[np.bool_], now: int | None, taken: set[int]) -> int | None:
        """Whose speech is in these frames: a known voice, a new one, or None if not known yet."""
        samples = self._speech_alone(alone, RECENT)
        seconds = len(samples) / SAMPLE_RATE
        if seconds < SHORT_TALK:
            return now
        vector = self._embedder.pieces([samples])[0]
        alike = np.array([float(v.centroid @ vector) for v in self._voices])
        alike[list(taken)] = -1.0
        trust = float(np.sqrt(seconds / (seconds + HALF_NOISE)))
        if len(alike):
            favoured = alike + STAY * (np.arange(len(alike)) == now)
            best = int(favoured.argmax())
            if alike[best] >= SAME_SPEAKER * trust:
                return self._learn(best, vector, min(seconds, LISTEN_STEP))
            if now is not None and alike[now] >= LOOSE_SAME * trust:
                return now
        samples = self._speech_alone(alone, NEW_SPEAKER)
        if len(samples) < (NEW_SPEAKER - 0.1) * SAMPLE_RATE or len(self._voices) >= MOST_SPEAKERS:
            return None
        vector = self._embedder.pieces([samples])[0]
        if len(alike) and max(float(v.centroid @ vector) for v in self._voices) >= LOOSE_SAME:
            return None
        self._voices.append(_Voice(f"Speaker {len(self._voices) + 1}", np.zeros_like(vector), 0.0))
        return self._learn(len(self._voices) - 1, vector, NEW_SPEAKER)

    def _speech_alone(self, alone: npt.NDArray[np.bool_], seconds: float) -> FloatArray:
        """The samples of the last ``seconds`` in which that speaker talks alone."""
        mask = np.repeat(alone, HOP)
        first = (FIELD - HOP) // 2
        held, mask = self._held[first : first + len(mask)], mask[: self._size - first]
        last = round(seconds * SAMPLE_RATE)
        return held[-last:][mask[-last:]]

    def _learn(self, index: int, vector: FloatArray, seconds: float) -> int:
        voice = self._voices[index]
        voice.total, voice.seconds = voice.total + seconds * vector, voice.seconds + seconds
        voice.name = self._name(voice)
        return index

    def _name(self, voice: _Voice) -> str | None:
        """The enrolled name, if a template matches and its owner agreed to be named."""
        found = identify(voice.centroid, voice.seconds, self._gallery, self._settings).match
        person = self._people.get(found) if found is not None else None
        return person.name if person is not None and person.answers.named else None
