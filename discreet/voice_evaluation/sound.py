"""Recordings of a corpus as samples and as vectors, each read and embedded once."""

from __future__ import annotations

import hashlib
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from capture import AudioFile
from diarization import DiarizationSettings, VoiceEmbedder
from discreet.voice_evaluation.corpus import Take
from timeline import FloatArray, InputError
from voice.attacks import PROSODY, Vectors, prosody
from weights import Store

RATE = 16000
SHORTEST = 0.3
"""Seconds of a take that can be attacked."""
_BATCH = 64
"""Takes in memory at once."""


class Sounds:
    """Reads takes, and turns them into vectors.

    Args:
        store: has the models.
        cache: a folder that keeps vectors by the content of the file; None: nothing is kept.
    """

    def __init__(self, store: Store, cache: Path | None = None) -> None:
        self._store, self._cache = store, cache

    def read(self, take: Take) -> FloatArray:
        """Samples ``[n]`` at 16 kHz. Raises InputError if there are none, or less than 0.3 s."""
        samples = plain_wav(take.path)
        if samples is None:
            samples = np.concatenate([np.zeros(0, np.float32), *AudioFile(take.path, RATE).blocks()])
        if len(samples) < SHORTEST * RATE:
            raise InputError(f"{take.path} is shorter than {SHORTEST} s", "leave it out, or give a longer recording")
        return samples

    def embeddings(self, takes: Sequence[Take], model: str) -> Vectors:
        """Unit vectors of the network ``model``. Raises ModelError if it is not in the store."""
        settings = DiarizationSettings.model_validate({"voiceprint": model})
        made: list[VoiceEmbedder] = []

        def embed(sounds: Sequence[FloatArray]) -> FloatArray:
            if not made:
                made.append(VoiceEmbedder.from_store(self._store, settings))
            return made[0].pieces(sounds)

        return self._vectors(takes, model, embed)

    def prosody(self, takes: Sequence[Take]) -> Vectors:
        """Statistics of rhythm, melody and loudness."""
        return self._vectors(takes, f"prosody-{len(PROSODY)}", lambda sounds: np.stack([prosody(x) for x in sounds]))

    def _vectors(self, takes: Sequence[Take], kind: str, make: Callable[[Sequence[FloatArray]], FloatArray]) -> Vectors:
        rows: dict[int, FloatArray] = {}
        missing: list[tuple[int, Path | None]] = []
        for index, take in enumerate(takes):
            kept = self._place(take, kind)
            if kept is not None and kept.is_file():
                rows[index] = np.load(kept, allow_pickle=False)
            else:
                missing.append((index, kept))
        for at in range(0, len(missing), _BATCH):
            part = missing[at : at + _BATCH]
            for (index, kept), row in zip(part, make([self.read(takes[i]) for i, _ in part]), strict=True):
                rows[index] = row
                if kept is not None:
                    kept.parent.mkdir(parents=True, exist_ok=True)
                    np.save(kept, row)
        values = np.stack([rows[i] for i in range(len(takes))]) if takes else np.zeros((0, 1), np.float32)
        return Vectors(
            values,
            tuple(take.speaker for take in takes),
            tuple(take.number for take in takes),
            tuple(take.key for take in takes),
        )

    def _place(self, take: Take, kind: str) -> Path | None:
        if self._cache is None:
            return None
        digest = hashlib.sha256(take.path.read_bytes()).hexdigest()
        return self._cache / kind / digest[:2] / f"{digest}.npy"


def plain_wav(path: Path) -> FloatArray | None:
    """Samples ``[n]`` of a WAV file of 16 bits, one channel and 16 kHz; None for any other file.

    The decoder of :class:`capture.AudioFile` starts a process for each file; a corpus has thousands, mostly of this
    kind, which the standard library reads without any code that a file could attack.
    """
    try:
        with wave.open(str(path), "rb") as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE):
                return None
            return np.asarray(np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768, np.float32)
    except (wave.Error, EOFError, OSError, ValueError):
        return None
