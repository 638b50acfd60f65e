"""Words with times, by faster-whisper (CTranslate2): no torch, no network, constant memory.

The recogniser gets chunks of speech (:mod:`redaction.chunks`); its words come back with absolute times. What it makes
up in silence and its repetition loops are taken out, and where speech gave no words, that is said: nobody checked
what was said there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from redaction.chunks import Chunk, chunks
from redaction.settings import RedactionSettings
from redaction.wordtimes import Heard, joined, whole, widened, without_loops
from timeline import Audio, FloatArray, ModelError, Progress, Segment, Word, silent, subtract, union
from weights import Store

RATE = 16000
"""Samples per second that the recogniser takes."""
_SILENT = 3e-4
"""RMS below which a chunk holds no speech (-70 dB)."""
_FAINT = 0.02
"""A word this much fainter than its chunk (-34 dB) was made up."""
_LEAST_UNHEARD = 1.0
"""Speech without words is reported from this length on, seconds."""
_SETTLED = 0.8
_TEMPERATURES = (0.0, 0.3, 0.6)
_LOOPING = 2.4
_INVENTED = frozenset(
    (
        "thank you for watching",
        "thanks for watching",
        "please subscribe",
        "subtitles by the amara.org community",
        "see you next time",
        "see you in the next video",
    )
)
"""What Whisper writes over silence: it was trained on videos that end so."""


class Recogniser(Protocol):
    """A speech recogniser for one chunk; faster-whisper's, or another's behind the same call."""

    def __call__(self, samples: FloatArray, language: str | None) -> tuple[list[Heard], dict[str, float]]:
        """Words in ``samples`` (float32 ``[n]``, 16 kHz; times in s), and language -> probability (may be empty)."""
        ...


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said. Its repr shows no word.

    Attributes:
        words: in order of time, ``person`` None.
        language: ISO 639-1, or "" where nothing was said.
        probability: of the language, 0..1.
        unheard: speech (s) for which there are no words: it could not be understood, so nobody knows what is in it.
    """

    words: list[Word] = field(repr=False)
    language: str = ""
    probability: float = 0.0
    unheard: list[Segment] = field(default_factory=list)


class Transcriber:
    """Speech to words.

    Args:
        recogniser: for one chunk.
        settings: language and length of the chunks.
    """

    def __init__(self, recogniser: Recogniser, settings: RedactionSettings) -> None:
        self._recogniser, self._settings = recogniser, settings

    @classmethod
    def from_store(cls, store: Store, settings: RedactionSettings) -> Transcriber:
        """Set up with the model ``settings.asr`` of the store.

        Raises:
            ModelError: if the model is missing or damaged.
        """
        return cls(Whisper.load(store.path(settings.asr), settings), settings)

    def __call__(
        self, audio: Audio, speech: Sequence[Segment] | None = None, progress: Progress = silent
    ) -> list[Word]:
        """The words alone, see :meth:`transcribe`."""
        return self.transcribe(audio, speech, progress).words

    def transcribe(
        self, audio: Audio, speech: Sequence[Segment] | None = None, progress: Progress = silent
    ) -> Transcript:
        """What is said in ``audio`` (16 kHz), in one pass.

        Args:
            audio: the recording.
            speech: where somebody speaks (s); None: everywhere.
            progress: told the share done.

        Raises:
            ValueError: if the audio is not at 16 kHz.
        """
        if audio.sample_rate != RATE:
            raise ValueError(f"the recogniser takes {RATE} Hz, not {audio.sample_rate}")
        tongue = _Tongue(self._settings.language)
        words: list[Heard] = []
        loops: list[Segment] = []
        pending: list[Heard] = []
        for chunk in chunks(audio, speech, self._settings.chunk):
            heard, looped = self._chunk(chunk, tongue)
            loops += looped
            if chunk.cut:
                pending = joined(pending, heard, chunk.keep.start)
                # All but the end of what is joined is settled: the next border lies behind it.
                words += [w for w in pending if w.end < chunk.keep.start]
                pending = [w for w in pending if w.end >= chunk.keep.start]
            else:
                words += pending
                pending = heard
            progress(min(1.0, chunk.pieces[-1][1] / RATE / max(audio.duration, 1e-9)))
        words = widened([*words, *pending], audio.duration)
        progress(1.0)
        heard_words = [
            Word(start=w.start, end=max(w.start, w.end), text=w.text, confidence=min(1.0, max(0.0, w.probability)))
            for w in words
        ]
        return Transcript(heard_words, *tongue.best(), _unheard(heard_words, speech, loops))

    def _chunk(self, chunk: Chunk, tongue: _Tongue) -> tuple[list[Heard], list[Segment]]:
        level = _rms(chunk.samples)
        if level < _SILENT:
            return [], []
        pieces, languages = self._recogniser(chunk.samples, tongue.settled)
        tongue.add(languages)
        heard, loops = without_loops(_spoken(whole(pieces), chunk.samples, level))
        placed = [_placed(word, chunk) for word in heard]
        return placed, [Segment(*chunk.absolute(loop.start, loop.end)) for loop in loops]


class _Tongue:
    """The language of a recording: evidence of its first chunks added up until it is clear."""

    def __init__(self, given: str | None) -> None:
        self.settled = given
        self._given = given
        self._seen: dict[str, float] = {}
        self._count = 0

    def add(self, languages: dict[str, float]) -> None:
        if self.settled is not None or not languages:
            return
        for language, probability in languages.items():
            self._seen[language] = self._seen.get(language, 0.0) + probability
        self._count += 1
        language, probability = self.best()
        if probability >= _SETTLED or self._count >= 3:
            self.settled = language

    def best(self) -> tuple[str, float]:
        if self._given is not None:
            return self._given, 1.0
        if not self._seen:
            return "", 0.0
        language = max(self._seen, key=lambda name: self._seen[name])
        return language, min(1.0, self._seen[language] / self._count)


class Whisper:
    """faster-whisper on a local folder, as a :class:`Recogniser`."""

    def __init__(self, model: Any, beam: int) -> None:
        self._model, self._beam = model, beam

    @classmethod
    def load(cls, folder: Path, settings: RedactionSettings) -> Whisper:
        """Load the CTranslate2 model in ``folder`` as int8.

        Raises:
            ModelError: if it holds no such model.
        """
        # Nothing is to be asked of a hub, whatever the libraries' defaults become.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        import ctranslate2
        from faster_whisper import WhisperModel

        for needed in ("model.bin", "config.json", "tokenizer.json"):
            if not (folder / needed).is_file():
                raise ModelError(f"{folder} holds no Whisper model: {needed} is missing", "discreet weights verify")
        ctranslate2.set_random_seed(0)  # a run that is repeated gives the same words
        threads = settings.cpu_threads or min(4, os.cpu_count() or 1)
        try:
            model = WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(
                f"the Whisper model in {folder} cannot be loaded: {error}".splitlines()[0], "discreet weights verify"
            ) from error
        return cls(model, settings.beam)

    def __call__(self, samples: FloatArray, language: str | None) -> tuple[list[Heard], dict[str, float]]:
        """See :meth:`Recogniser.__call__`."""
        segments, languages = self._decode(samples, language)
        if any(s.compression_ratio > _LOOPING for s in segments):
            # It went round in circles at every temperature: forbid it to.
            segments, _ = self._decode(samples, language, no_repeat_ngram_size=4, repetition_penalty=1.1)
        heard = [
            Heard(float(w.start), float(w.end), str(w.word), float(w.probability))
            for s in segments
            if not _invented(s)
            for w in (s.words or ())
        ]
        return heard, languages

    def _decode(self, samples: FloatArray, language: str | None, **more: Any) -> tuple[list[Any], dict[str, float]]:
        segments, info = self._model.transcribe(
            samples,
            language=language,
            beam_size=self._beam,
            temperature=list(_TEMPERATURES),
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=False,
            **more,
        )
        return list(segments), dict(info.all_language_probs or []) if language is None else {}


def _invented(segment: Any) -> bool:
    text = str(segment.text).strip().lower().strip(".,!? ")
    return text in _INVENTED and (segment.no_speech_prob > 0.3 or segment.avg_logprob < -0.7)


def _rms(samples: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0


def _spoken(words: Iterable[Heard], samples: FloatArray, level: float) -> list[Heard]:
    """Without the words that stand over silence; a word without length is judged by the 0.2 s around it."""
    out = []
    for word in words:
        pad = max(0.0, 0.2 - (word.end - word.start)) / 2
        first, last = round(max(0.0, word.start - pad) * RATE), round((word.end + pad) * RATE)
        if _rms(samples[first:last]) >= _FAINT * level:
            out.append(word)
    return out


def _placed(word: Heard, chunk: Chunk) -> Heard:
    start, end = chunk.absolute(word.start, word.end)
    return Heard(start, end, word.text, word.probability)


def _unheard(words: Sequence[Word], speech: Sequence[Segment] | None, loops: Sequence[Segment]) -> list[Segment]:
    covered = union((Segment(w.start, w.end).grown(0.3) for w in words), gap=0.5)
    missed = [s for s in subtract(speech or (), covered) if s.duration >= _LEAST_UNHEARD]
    return union([*missed, *loops])
