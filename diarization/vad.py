"""Voice activity detection: Silero VAD as a stream, and spans of speech with hysteresis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from diarization.settings import SHORTEST_SPEECH, SPEECH_OFF, SPEECH_ON, SPEECH_PAD, DiarizationSettings
from timeline import Audio, FloatArray, Segment, union

if TYPE_CHECKING:
    import onnxruntime as ort

    from weights import Store

SAMPLE_RATE = 16000
CHUNK = 512
"""Samples judged at once (32 ms)."""
CONTEXT = 64
"""Samples before a chunk that the model also sees."""
SPEECH_MODEL = "silero-vad"
"""Id of the voice activity model."""


class VadStream:
    """Silero VAD over consecutive samples; keeps the model's state, and samples that do not fill a chunk yet.

    Args:
        session: inputs ``input [1, 576]``, ``state [2, 1, 128]``, ``sr``; outputs probability and next state.
    """

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session
        self.reset()

    def reset(self) -> None:
        """Start a new recording."""
        self._state = np.zeros((2, 1, 128), np.float32)
        self._context = np.zeros(CONTEXT, np.float32)
        self._left = np.zeros(0, np.float32)

    def push(self, samples: FloatArray) -> FloatArray:
        """Take ``samples [n]`` at 16 kHz; return the speech probability ``[k]`` of each further complete 32 ms."""
        samples = np.concatenate([self._left, np.asarray(samples, np.float32)])
        count = len(samples) // CHUNK
        out = np.empty(count, np.float32)
        rate = np.array(SAMPLE_RATE, np.int64)
        for i in range(count):
            chunk = samples[i * CHUNK : (i + 1) * CHUNK]
            given = np.concatenate([self._context, chunk])[None]
            probability, self._state = self._session.run(None, {"input": given, "state": self._state, "sr": rate})
            out[i] = probability[0, 0]
            self._context = chunk[-CONTEXT:]
        self._left = samples[count * CHUNK :]
        return out

    def flush(self) -> FloatArray:
        """Probability ``[0 or 1]`` of the rest, padded with silence; then start anew."""
        out = self.push(np.zeros(CHUNK - len(self._left), np.float32)) if len(self._left) else np.zeros(0, np.float32)
        self.reset()
        return out


def hysteresis(probability: FloatArray, on: float, off: float) -> list[tuple[int, int]]:
    """Runs ``[start, end)`` above ``off`` that exceed ``on`` somewhere, in frames."""
    above = np.concatenate([[False], np.asarray(probability) > off, [False]])
    edges = np.flatnonzero(above[1:] != above[:-1])
    runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(start, end) for start, end in runs if probability[start:end].max() > on]


class SpeechFinder:
    """Finds speech in a recording.

    Args:
        session: see :class:`VadStream`.
        on, off: probabilities that begin and end a span.
        min_speech: shorter spans are dropped, s.
        pad: spans are extended by this much on both sides, s; spans that then touch are joined.
    """

    def __init__(
        self,
        session: ort.InferenceSession,
        on: float = SPEECH_ON,
        off: float = SPEECH_OFF,
        min_speech: float = SHORTEST_SPEECH,
        pad: float = SPEECH_PAD,
    ) -> None:
        self._stream = VadStream(session)
        self._on, self._off, self._min_speech, self._pad = on, off, min_speech, pad

    @classmethod
    def from_store(cls, store: Store, settings: DiarizationSettings | None = None) -> SpeechFinder:
        """Create one with the model from the store. Raises ModelError if it is missing."""
        return cls(store.session(SPEECH_MODEL, (settings or DiarizationSettings()).threads))

    def __call__(self, audio: Audio) -> Sequence[Segment]:
        """Spans of speech, sorted and disjoint, in seconds.

        Raises:
            ValueError: unless the sound is at 16 kHz.
        """
        if audio.sample_rate != SAMPLE_RATE:
            raise ValueError(f"voice activity needs 16 kHz, not {audio.sample_rate}")
        self._stream.reset()
        parts = [self._stream.push(block) for block in audio.blocks()]
        probability = np.concatenate([*parts, self._stream.flush()])
        second = CHUNK / SAMPLE_RATE
        spans = [Segment(a * second, b * second) for a, b in hysteresis(probability, self._on, self._off)]
        grown = union(span.grown(self._pad) for span in spans if span.duration >= self._min_speech)
        return [Segment(span.start, min(span.end, audio.duration)) for span in grown if span.start < audio.duration]
