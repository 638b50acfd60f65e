"""Recordings of a corpus as samples and as vectors, each read and embedded once."""

from __future__ import annotations

import hashlib
import io
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from capture import AudioFile
from diarization import DiarizationSettings, VoiceEmbedder
from discreet.voice_evaluation.corpus import Take
from timeline import FloatArray, InputError, make_folder, write_file
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
        digests = [hashlib.sha256(take.path.read_bytes()).hexdigest() for take in takes]
        found = {digest: row for digest in set(digests) if (row := self._kept(kind, digest)) is not None}
        missing = list(
            {digest: take for take, digest in zip(takes, digests, strict=True) if digest not in found}.items()
        )
        for at in range(0, len(missing), _BATCH):
            part = missing[at : at + _BATCH]
            for (digest, _), row in zip(part, make([self.read(take) for _, take in part]), strict=True):
                found[digest] = row
                self._keep(kind, digest, row)
        values = np.stack([found[digest] for digest in digests]) if takes else np.zeros((0, 1), np.float32)
        return Vectors(
            values,
            tuple(take.speaker for take in takes),
            tuple(take.number for take in takes),
            tuple(take.key for take in takes),
        )

    def _place(self, kind: str, digest: str) -> Path | None:
        return None if self._cache is None else self._cache / kind / digest[:2] / f"{digest}.npy"

    def _kept(self, kind: str, digest: str) -> FloatArray | None:
        place = self._place(kind, digest)
        if place is None or not place.is_file():
            return None
        try:
            row: FloatArray = np.load(place, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None  # a run that was stopped left half of it: it is made again
        return row

    def _keep(self, kind: str, digest: str, row: FloatArray) -> None:
        place = self._place(kind, digest)
        if place is not None:
            data = io.BytesIO()
            np.save(data, row)
            make_folder(place.parent)
            write_file(place, data.getvalue())


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
