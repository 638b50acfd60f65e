"""Whisper through faster-whisper (CTranslate2): no torch, no network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from redaction.asr.base import RecognisedWord
from redaction.asr.settings import (
    GUESSED,
    INVENTED_SILENCE,
    LOOPING,
    MOST_TOKENS,
    NO_REPEATED_WORDS,
    NO_SPEECH,
    REPETITION_PENALTY,
    TEMPERATURES,
    TOKENS_A_SECOND,
    TOKENS_AT_LEAST,
)
from redaction.settings import RedactionSettings
from timeline import FloatArray, ModelError

NEEDED = ("model.bin", "config.json", "tokenizer.json")
"""Files that make a folder a Whisper model."""
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
"""What Whisper writes over silence: it was trained on videos that end with these phrases."""


class Whisper:
    """faster-whisper with a local model folder, a :class:`~redaction.asr.base.SpeechRecogniser`."""

    def __init__(self, model: Any, beam: int) -> None:
        self._model, self._beam = model, beam

    @classmethod
    def load(cls, folder: Path, settings: RedactionSettings) -> Whisper:
        """Load the CTranslate2 model in ``folder`` as int8, of any size.

        Raises:
            ModelError: the folder holds no such model.
        """
        # Never ask a model hub, whatever the libraries' defaults become.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        import ctranslate2
        from faster_whisper import WhisperModel

        for needed in NEEDED:
            if not (folder / needed).is_file():
                raise ModelError(f"{folder} holds no Whisper model: {needed} is missing", "discreet weights verify")
        ctranslate2.set_random_seed(0)  # a repeated run gives the same words
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

    @property
    def multilingual(self) -> bool:
        """Whether it knows languages other than English, and so can detect the language."""
        return bool(self._model.model.is_multilingual)

    def languages(self, samples: FloatArray) -> dict[str, float]:
        """Language -> probability of the speech in ``samples`` (float32 ``[n]``, 16 kHz); nothing is transcribed."""
        return dict(self._model.detect_language(samples)[2])

    def __call__(self, samples: FloatArray, language: str | None) -> tuple[list[RecognisedWord], dict[str, float]]:
        """See :meth:`redaction.asr.base.SpeechRecogniser.__call__`."""
        segments, languages = self._decode(samples, language)
        spoken = [s for s in segments if not _nothing(s)]
        if any(s.compression_ratio > LOOPING for s in spoken):
            # It looped at every temperature: forbid repetition.
            segments, _ = self._decode(
                samples, language, no_repeat_ngram_size=NO_REPEATED_WORDS, repetition_penalty=REPETITION_PENALTY
            )
            spoken = [s for s in segments if not _nothing(s)]
        heard = [
            RecognisedWord(float(w.start), float(w.end), str(w.word), float(w.probability))
            for s in spoken
            if not invented(s.text, s.no_speech_prob, s.avg_logprob)
            for w in (s.words or ())
        ]
        return heard, languages

    def _decode(self, samples: FloatArray, language: str | None, **more: Any) -> tuple[list[Any], dict[str, float]]:
        segments, info = self._model.transcribe(
            samples,
            language=language,
            beam_size=self._beam,
            temperature=list(TEMPERATURES),
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=False,
            max_new_tokens=most_tokens(len(samples)),
            **more,
        )
        return list(segments), dict(info.all_language_probs or []) if language is None else {}


def most_tokens(samples: int) -> int | None:
    """How many tokens the recogniser may write for so many samples at 16 kHz; None for as many as it can.

    Over a beep or a hum it may repeat itself up to its limit, at every temperature: on two seconds of sound that took a
    minute and a half.
    """
    most = round(TOKENS_AT_LEAST + TOKENS_A_SECOND * samples / 16000)
    return most if most < MOST_TOKENS else None


def _nothing(segment: Any) -> bool:
    """Whether a segment holds no speech: Whisper says so itself, and its text is a loop or a guess.

    Hiss, hum and music measured 0.64 to 0.94, read speech at most 0.07. If there is speech after all, its time is left
    without words, which is reported.
    """
    doubtful = segment.avg_logprob < GUESSED or segment.compression_ratio > LOOPING or segment.temperature > 0.0
    return bool(segment.no_speech_prob > NO_SPEECH and doubtful)


def invented(text: str, no_speech: float, mean_log_probability: float) -> bool:
    """Whether Whisper invented this segment: a closing phrase of its training videos, with little evidence."""
    return text.strip().lower().strip(".,!? ") in _INVENTED and (
        no_speech > INVENTED_SILENCE or mean_log_probability < GUESSED
    )
