"""Vosk (Kaldi): a small recogniser of English that hears word by word, as sound comes in.

It writes lower case, no punctuation, and numbers as words. Its licence, and its small model's, is Apache-2.0; the
library is the extra ``vosk``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from redaction.asr.base import RATE, RecognisedWord
from timeline import FloatArray, ModelError, Word

_STEP = 4000
"""Samples given at once: the recogniser looks for the end of an utterance after each piece."""
_LONGEST = 10.0
"""A stream's utterance is ended after this long, seconds, so that no word waits longer."""
_PAUSE = 1.5
"""Silence behind an utterance after which Kaldi ends it at the latest, seconds."""


class Vosk:
    """Vosk on a local folder, as a :class:`~redaction.asr.transcriber.Recogniser` of English.

    Args:
        model: ``vosk.Model``.
        languages: tells the language of samples, as it cannot; None: the language stays unknown, and is to be given.
    """

    def __init__(self, model: Any, languages: Callable[[FloatArray], dict[str, float]] | None = None) -> None:
        self._model, self._languages = model, languages

    @classmethod
    def load(cls, folder: Path, languages: Callable[[FloatArray], dict[str, float]] | None = None) -> Vosk:
        """Load the model in ``folder``.

        Raises:
            ModelError: the extra is not installed, or the folder holds no such model.
        """
        try:
            import vosk
        except ImportError:
            raise ModelError(
                "the recogniser vosk is not installed", "pip install 'discreet[vosk]', or use --asr whisper-base"
            ) from None
        vosk.SetLogLevel(-1)
        # The library ends the whole process over a model that is not there.
        for needed in ("am/final.mdl", "conf/model.conf"):
            if not (folder / needed).is_file():
                raise ModelError(f"{folder} holds no Vosk model: {needed} is missing", "discreet weights verify")
        try:
            return cls(vosk.Model(model_path=str(folder)), languages)
        except Exception as error:  # the library raises Exception itself
            raise ModelError(f"the Vosk model in {folder} cannot be loaded", "discreet weights verify") from error

    def __call__(self, samples: FloatArray, language: str | None) -> tuple[list[RecognisedWord], dict[str, float]]:
        """See :meth:`redaction.asr.transcriber.Recogniser.__call__`."""
        languages = self._languages(samples) if language is None and self._languages is not None else {}
        stream = self.stream()
        words = [*stream.push(samples), *stream.flush()]
        return [RecognisedWord(w.start, w.end, f" {w.text}", w.confidence) for w in words], languages

    def stream(self) -> VoskStream:
        """A new stream of words."""
        import vosk

        recogniser = vosk.KaldiRecognizer(self._model, RATE)
        recogniser.SetWords(True)
        return VoskStream(recogniser)


class VoskStream:
    """Words while sound comes in, each given once, when it is settled.

    Attributes:
        latency: seconds from a word's end until it is given, at the most. An utterance ends at a pause, or after
            10 s: then the word that is being said may be cut in two.
    """

    latency = _LONGEST + _PAUSE

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser
        self._count = self._since = 0

    def push(self, samples: FloatArray) -> list[Word]:
        """Words that ``samples [n]`` (float32, 16 kHz, directly behind those before) have settled."""
        out: list[Word] = []
        pcm = np.round(np.clip(np.nan_to_num(samples), -1.0, 1.0) * 32767).astype("<i2")
        for at in range(0, len(pcm), _STEP):
            piece = pcm[at : at + _STEP]
            self._count += len(piece)
            if self._recogniser.AcceptWaveform(piece.tobytes()):
                out += _words(self._recogniser.Result())
                self._since = self._count
            elif self._count - self._since >= _LONGEST * RATE:
                out += _words(self._recogniser.FinalResult())
                self._since = self._count
        return out

    def flush(self) -> list[Word]:
        """The words that are left at the end."""
        return _words(self._recogniser.FinalResult())


def _words(result: str) -> list[Word]:
    return [
        Word(start=w["start"], end=w["end"], text=w["word"], confidence=min(1.0, max(0.0, w["conf"])))
        for w in json.loads(result).get("result", [])
    ]
