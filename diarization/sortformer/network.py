"""Running Sortformer's network: the offline model on a stretch of sound, the streaming one chunk by chunk.

For every 80 ms, both return the probability that each of four speakers talks. The offline model (v1) takes a whole
stretch. The streaming model (v2, v2.1) is split in two: its front turns a chunk of features into embeddings, its head
takes the speaker cache, the queue and the chunk together; between them is :class:`SpeakerCache`. Chunks overlap their
neighbours by a few frames; windows diarized on their own would each number their speakers anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from diarization.features.nemo_mel import HOP, SAMPLE_RATE, MelStream, log_mel
from diarization.sortformer.settings import PUBLISHED, Latency
from diarization.sortformer.speaker_cache import CacheRules, SpeakerCache
from timeline import FloatArray

if TYPE_CHECKING:
    import onnxruntime as ort

SLOTS = 4
"""Speakers that the network can distinguish."""
SUBSAMPLING = 8
"""Mel frames per output frame."""
STEP = SUBSAMPLING * HOP / SAMPLE_RATE
"""Seconds per output frame: 0.08."""
_PEAK_FLOOR = 1e-3


@dataclass(frozen=True, slots=True)
class Chunking:
    """How the streaming model is fed, in frames of 80 ms.

    Attributes:
        chunk: frames that a step decides.
        left, right: frames around them that it also sees.
        rules: sizes of cache and queue.
    """

    chunk: int
    left: int
    right: int
    rules: CacheRules

    def __post_init__(self) -> None:
        if self.chunk < 1 or self.left < 0 or self.right < 0:
            raise ValueError(f"not a way to cut sound into chunks: {self}")

    @property
    def latency(self) -> float:
        """Most seconds from a sound to the decision about it, not counting computing time."""
        return (self.chunk + self.right) * STEP


CHUNKINGS: Mapping[Latency, Chunking] = {
    name: Chunking(chunk, left, right, CacheRules(queue=queue, update=update))
    for name, chunk, left, right, queue, update in PUBLISHED
}
"""The settings for which the model's authors publish figures: 0.32, 1.04, 10.0 and 30.4 s."""


class Halves(Protocol):
    """The streaming network in two parts."""

    @property
    def bands(self) -> int:
        """Mel bands of the features."""
        ...

    @property
    def width(self) -> int:
        """Length of an embedding."""
        ...

    def front(self, features: FloatArray) -> FloatArray:
        """Embeddings ``[ceil(T / 8), width]`` of features ``[T, bands]``."""
        ...

    def head(self, embeddings: FloatArray) -> FloatArray:
        """Probabilities ``[N, 4]`` of embeddings ``[N, width]``."""
        ...


class OnnxHalves:
    """Both parts as ONNX models (weights/convert/sortformer.py)."""

    def __init__(self, front: ort.InferenceSession, head: ort.InferenceSession) -> None:
        self._front, self._head = front, head
        self.bands = int(front.get_inputs()[0].shape[2])
        self.width = int(head.get_inputs()[0].shape[2])

    def front(self, features: FloatArray) -> FloatArray:
        """See :class:`Halves`."""
        return np.asarray(self._front.run(None, {"features": features[None]})[0][0], np.float32)

    def head(self, embeddings: FloatArray) -> FloatArray:
        """See :class:`Halves`."""
        return np.asarray(self._head.run(None, {"embeddings": embeddings[None]})[0][0], np.float32)


class Core(Protocol):
    """One step of the streaming model, with its memory of the recording."""

    @property
    def bands(self) -> int:
        """Mel bands of the features."""
        ...

    def reset(self) -> None:
        """Start a new recording."""
        ...

    def step(self, features: FloatArray, left: int, right: int) -> FloatArray:
        """Probabilities ``[n, 4]`` of a chunk.

        Args:
            features: ``[left + 8 n + right, bands]``, mel frames of the chunk and its surroundings; at the end of a
                recording ``n`` is rounded up.
            left, right: mel frames around the chunk.
        """
        ...


class CachedCore:
    """The network's halves with the speaker cache between them."""

    def __init__(self, halves: Halves, rules: CacheRules) -> None:
        self._halves, self._rules = halves, rules
        self.bands = halves.bands
        self.reset()

    def reset(self) -> None:
        """See :class:`Core`."""
        self.cache = SpeakerCache(self._halves.width, self._rules)

    def step(self, features: FloatArray, left: int, right: int) -> FloatArray:
        """See :class:`Core`."""
        embeddings = self._halves.front(features)
        activity = self._halves.head(np.concatenate([self.cache.context(), embeddings]))
        return self.cache.update(embeddings, activity, left // SUBSAMPLING, -(-right // SUBSAMPLING))


class SortformerStream:
    """Streaming Sortformer over consecutive sound; memory, and time per second of sound, stay constant for hours.

    Args:
        core: the network and its memory.
        chunking: how it is fed.
    """

    def __init__(self, core: Core, chunking: Chunking) -> None:
        self._core, self.chunking = core, chunking
        self.reset()

    @property
    def latency(self) -> float:
        """Most seconds from a sound to the decision about it."""
        return self.chunking.latency

    def reset(self) -> None:
        """Start a new recording."""
        self._core.reset()
        self._mel = MelStream(self._core.bands)
        self._features = np.zeros((0, self._core.bands), np.float32)
        self._first = 0  # index of the first held mel frame in the recording
        self._start = 0  # mel frame at which the next chunk begins

    def push(self, samples: FloatArray) -> FloatArray:
        """Probabilities ``[k, 4]`` of the 80 ms frames newly decided after ``samples [n]`` (16 kHz, -1..1)."""
        self._features = np.concatenate([self._features, self._mel.push(samples)])
        return self._run(final=False)

    def flush(self) -> FloatArray:
        """Probabilities of the remaining frames; then start anew."""
        self._features = np.concatenate([self._features, self._mel.flush()])
        out = self._run(final=True)
        self.reset()
        return out

    def _run(self, final: bool) -> FloatArray:
        chunk, around = self.chunking.chunk * SUBSAMPLING, self.chunking.right * SUBSAMPLING
        out = [np.zeros((0, SLOTS), np.float32)]
        have = self._first + len(self._features)
        while self._start < have if final else self._start + chunk + around <= have:
            end = min(self._start + chunk, have)
            seen = min(end + around, have)
            begin = max(self._first, self._start - self.chunking.left * SUBSAMPLING)
            features = self._features[begin - self._first : seen - self._first]
            out.append(self._core.step(features, self._start - begin, seen - end))
            self._start = end
            drop = max(0, end - self.chunking.left * SUBSAMPLING - self._first)
            self._features, self._first = self._features[drop:], self._first + drop
        return np.concatenate(out)


class Offline:
    """Sortformer v1: takes a whole stretch of sound.

    Args:
        session: ``features [1, T, bands]`` to ``activity [1, N, 4]``.
    """

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session
        self._bands = int(session.get_inputs()[0].shape[2])

    def __call__(self, samples: FloatArray) -> FloatArray:
        """Probabilities ``[ceil(n // 160 / 8), 4]`` of ``samples [n]`` (16 kHz); the time grows with n squared."""
        samples = np.asarray(samples, np.float32)
        if len(samples) < HOP:
            return np.zeros((0, SLOTS), np.float32)
        scaled = samples / (samples.max() + np.float32(_PEAK_FLOOR))
        features = log_mel(scaled, self._bands, "per_feature")
        return np.asarray(self._session.run(None, {"features": features[None]})[0][0], np.float32)
