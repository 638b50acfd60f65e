"""Speaker embeddings ("voiceprints"): what a stretch of speech says about whose voice it is.

Two models, both trained to distinguish VoxCeleb-like speakers: ECAPA-TDNN (Desplanques et al. 2020; SpeechBrain's
checkpoint) and CAM++ (Wang et al. 2023; 3D-Speaker's). They err in different places: CAM++ separates close talk better,
ECAPA far-field speech, and their concatenated unit vectors beat either (docs/explanation/figures.md). NVIDIA's TitaNet,
small and large, can replace them (docs/how-to/models.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from diarization.features.fbank import FRAME, kaldi_fbank, speechbrain_fbank
from diarization.features.nemo_mel import log_mel
from diarization.likelihood import likelihoods
from diarization.settings import PIECES_AT_ONCE, DiarizationSettings
from diarization.vad import SpeechFinder
from timeline import ArrayAudio, FloatArray, PeopleError

if TYPE_CHECKING:
    import onnxruntime as ort

    from weights import Store

SAMPLE_RATE = 16000
_QUANTUM = 6400
"""Pieces are looped up to a multiple of this (0.4 s), so that there are few lengths and they can be batched."""
_LONGEST = 3 * SAMPLE_RATE
"""A clip for enrolment is embedded in parts of up to this length, which are averaged."""

_FEATURES: dict[str, Callable[[FloatArray], FloatArray]] = {
    "ecapa": speechbrain_fbank,
    "campplus": kaldi_fbank,
    "titanet-s": log_mel,
    "titanet-l": log_mel,
}
BUILT_IN = tuple(_FEATURES)
"""Networks that can make a speaker embedding, alone or joined by "+"."""
STEEPNESS = 20.0
"""Log-odds by which a cosine counts for or against one person, for a model without a measured ratio."""
SAME = {"ecapa": 0.32, "campplus": 0.40, "ecapa+campplus": 0.36, "titanet-s": 0.40, "titanet-l": 0.40}
"""Cosine with equal error rates for pairs of two people and of one, with some 3 s of speech each. TitaNet's were not
measured here: 0.40 is NeMo's threshold for speaker verification (0.7 for (cosine + 1) / 2).
"""


@dataclass(frozen=True, slots=True)
class VoiceModel:
    """One speaker embedding network and its features."""

    session: ort.InferenceSession
    features: Callable[[FloatArray], FloatArray]

    def __call__(self, pieces: FloatArray) -> FloatArray:
        """Unit embeddings ``[B, D]`` of pieces of equal length ``[B, n]``, n >= 400."""
        name = self.session.get_inputs()[0].name
        out = np.asarray(self.session.run(None, {name: self.features(pieces)})[0], np.float32).reshape(len(pieces), -1)
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9), np.float32)


class VoiceEmbedder:
    """Turns speech into unit vectors.

    Args:
        models: one or more networks; the unit vectors of several are concatenated, scaled so that the cosine of the
            whole is the mean of the models' cosines.
        model: the name under which templates are kept.
        vad: trims the input of :meth:`__call__` to speech; None takes it as it is.
        batch: pieces passed to a network at once.
        cores: batches, or networks, that run in parallel; the result does not depend on it.
    """

    def __init__(
        self,
        models: Sequence[Callable[[FloatArray], FloatArray]],
        model: str,
        vad: SpeechFinder | None = None,
        batch: int = PIECES_AT_ONCE,
        cores: int = 1,
    ) -> None:
        if not models:
            raise ValueError("no voiceprint model")
        self._pool = ThreadPoolExecutor(cores, "voiceprint") if cores > 1 else None
        self._models, self._vad, self._batch = tuple(models), vad, batch
        self.model = model

    @classmethod
    def from_store(cls, store: Store, settings: DiarizationSettings | None = None) -> VoiceEmbedder:
        """With the models that the settings name, from the store. Raises ModelError if one is missing."""
        settings = settings or DiarizationSettings()
        name = settings.voiceprint
        models: list[Callable[[FloatArray], FloatArray]] = []
        for part in name.split("+"):
            if part.startswith("titanet") and settings.voiceprint_backend == "nemo":
                from diarization.embedding.nemo_voice import nemo_voice

                models.append(nemo_voice(store, part))
            else:
                models.append(VoiceModel(store.session(part, settings.threads), _FEATURES[part]))
        return cls(models, name, SpeechFinder.from_store(store, settings), settings.batch, settings.cores)

    @property
    def same(self) -> float:
        """Cosine from which two embeddings of some 3 s each count as the same person."""
        return SAME.get(self.model, 0.36)

    def ratio(self, cosine: float, one: float, other: float) -> float:
        """Natural log of the likelihood ratio, one person to two, of ``one`` and ``other`` seconds of speech.

        A model that was not measured only tells what its ``same`` does.
        """
        measured = likelihoods().get(self.model)
        return STEEPNESS * (cosine - self.same) if measured is None else measured(cosine, one, other)

    def pieces(self, pieces: Sequence[FloatArray]) -> FloatArray:
        """Unit embeddings ``[N, D]`` of ``N`` pieces ``[n_i]`` (16 kHz, any length of at least one sample)."""
        looped = [_loop(np.asarray(piece, np.float32)) for piece in pieces]
        lengths = np.array([len(piece) for piece in looped], int)
        parts: list[npt.NDArray[np.int64]] = []
        for length in np.unique(lengths):
            index = np.flatnonzero(lengths == length)
            parts += [index[at : at + self._batch] for at in range(0, len(index), self._batch)]
        if not parts:
            return np.zeros((0, 0), np.float32)
        batches = [np.stack([looped[i] for i in part]) for part in parts]
        # One job per batch and network: parallel jobs gain more than a network's own threads.
        jobs = [(model, batch) for batch in batches for model in self._models]
        run = map if self._pool is None else self._pool.map
        found = list(run(lambda job: job[0](job[1]), jobs))
        count = len(self._models)
        rows = [np.concatenate(found[i * count : (i + 1) * count], axis=1) for i in range(len(parts))]
        out = np.zeros((len(looped), rows[0].shape[1]), np.float32)
        for part, row in zip(parts, rows, strict=True):
            out[part] = row / np.sqrt(count)
        return out

    def __call__(self, samples: FloatArray) -> FloatArray:
        """Unit embedding ``[D]`` of the speech in ``samples [n]`` (16 kHz, -1..1).

        Raises:
            PeopleError: there is less than half a second of speech.
        """
        speech = self._trimmed(np.asarray(samples, np.float32))
        if len(speech) < SAMPLE_RATE // 2:
            raise PeopleError(
                "there is less than half a second of speech in the clip", "record some ten seconds of talk, close by"
            )
        count = max(1, round(len(speech) / _LONGEST))
        parts = np.array_split(speech, count)
        mean = np.average(self.pieces(parts), axis=0, weights=[len(part) for part in parts])
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def _trimmed(self, samples: FloatArray) -> FloatArray:
        if self._vad is None:
            return samples
        spans = self._vad(ArrayAudio(samples, SAMPLE_RATE))
        parts = [samples[round(s.start * SAMPLE_RATE) : round(s.end * SAMPLE_RATE)] for s in spans]
        return np.concatenate([np.zeros(0, np.float32), *parts])


def _loop(piece: FloatArray) -> FloatArray:
    """Repeat the piece up to the next quantum: repetition changes the statistics little, padding with silence would."""
    length = max(-(-len(piece) // _QUANTUM) * _QUANTUM, FRAME)
    return np.resize(piece, length) if len(piece) else np.zeros(length, np.float32)
