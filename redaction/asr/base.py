"""The protocols of speech recognisers and word aligners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from timeline import FloatArray

RATE = 16000
"""Samples per second that the recognisers take."""


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word from the speech recogniser: times in seconds, probability 0..1.

    A leading blank starts a new word; a piece without one belongs to the word before it.
    """

    start: float
    end: float
    text: str
    probability: float


class SpeechRecogniser(Protocol):
    """A speech recogniser for one chunk: Whisper, Vosk or WhisperX, see :mod:`redaction.asr.factory`."""

    def __call__(self, samples: FloatArray, language: str | None) -> tuple[list[RecognisedWord], dict[str, float]]:
        """Words in ``samples`` (float32 ``[n]``, 16 kHz; times in s), and language -> probability (may be empty)."""
        ...


class WordAligner(Protocol):
    """Gives words better times: :class:`redaction.asr.forced_alignment.Aligner`."""

    def __call__(self, samples: FloatArray, words: Sequence[RecognisedWord]) -> list[RecognisedWord]:
        """The same words of ``samples`` (float32 ``[n]``, 16 kHz), in the same order, with better times."""
        ...
