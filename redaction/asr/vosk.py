"""Vosk (Kaldi): a small English recogniser that yields words while sound comes in.

It writes lower case without punctuation, and numbers as words. The library and its small model are under Apache-2.0;
the library is the extra ``vosk``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from redaction.asr.base import RATE, RecognisedWord
from redaction.asr.settings import LONGEST_PAUSE, LONGEST_UTTERANCE
from timeline import FloatArray, ModelError, Word

_STEP = 4000
"""Samples passed at once: the recogniser looks for the end of an utterance after each piece."""


class Vosk:
    """Vosk with a local model folder, an English :class:`~redaction.asr.base.SpeechRecogniser`.

    Args:
        model: ``vosk.Model``.
        languages: detects the language of samples, which Vosk cannot; None: the language stays unknown unless the
            settings name it.
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
        # The library ends the whole process if a model is missing.
        for needed in ("am/final.mdl", "conf/model.conf"):
            if not (folder / needed).is_file():
                raise ModelError(f"{folder} holds no Vosk model: {needed} is missing", "discreet weights verify")
        try:
            return cls(vosk.Model(model_path=str(folder)), languages)
        except Exception as error:  # the library raises plain Exception
            raise ModelError(f"the Vosk model in {folder} cannot be loaded", "discreet weights verify") from error

    def __call__(self, samples: FloatArray, language: str | None) -> tuple[list[RecognisedWord], dict[str, float]]:
        """See :meth:`redaction.asr.base.SpeechRecogniser.__call__`."""
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
    """Yields words while sound comes in, each once, when it is final.

    Attributes:
        latency: most seconds from a word's end until it is returned. An utterance ends at a pause, or after 10 s; in
            the latter case the word being said may be cut in two.
    """

    latency = LONGEST_UTTERANCE + LONGEST_PAUSE

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser
        self._count = self._since = 0

    def push(self, samples: FloatArray) -> list[Word]:
        """Take the next ``samples`` (float32 ``[n]``, 16 kHz); return the words that are now final."""
        out: list[Word] = []
        pcm = np.round(np.clip(np.nan_to_num(samples), -1.0, 1.0) * 32767).astype("<i2")
        for at in range(0, len(pcm), _STEP):
            piece = pcm[at : at + _STEP]
            self._count += len(piece)
            if self._recogniser.AcceptWaveform(piece.tobytes()):
                out += _words(self._recogniser.Result())
                self._since = self._count
            elif self._count - self._since >= LONGEST_UTTERANCE * RATE:
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
