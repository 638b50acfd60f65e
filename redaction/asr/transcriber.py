"""Transcribing speech to words with times, with any recogniser: no network, constant memory.

The recogniser gets chunks of speech (:mod:`redaction.asr.chunking`); its words come back with absolute times. Words
invented in silence and repetition loops are removed. Speech that gave no words is reported: nobody has checked what
was said there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from redaction.asr.base import RATE, RecognisedWord, SpeechRecogniser, WordAligner
from redaction.asr.chunking import Chunk, chunks
from redaction.asr.factory import placed_badly, speech_recogniser
from redaction.asr.forced_alignment import Aligner
from redaction.asr.settings import (
    AROUND_WORD,
    BETWEEN_WORDS,
    FAINT_WORD,
    LEAST_LANGUAGE,
    LEAST_UNHEARD,
    MOST_SKIPPED,
    SILENT,
    SKIPPED,
    SKIPPED_CONTEXT,
    SKIPPED_LOUD,
    SURE_AGAIN,
)
from redaction.asr.spoken_language import SpokenLanguage, doubtful, reweigh_languages
from redaction.asr.word_timing import (
    join_chunks,
    join_word_pieces,
    lasts_too_long,
    trim_leading_pauses,
    widen_short_words,
    without_loops,
)
from redaction.settings import RedactionSettings
from redaction.text.lexicon import bare_word
from timeline import Audio, FloatArray, Progress, Segment, Word, silent, subtract, union
from weights import Store


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said. Its repr shows no word.

    Attributes:
        words: in order of time, ``person`` None.
        language: ISO 639-1, or "" if nothing was said.
        probability: of the language, 0..1.
        unheard: speech (s) without words: it could not be understood, so nobody knows what was said.
    """

    words: list[Word] = field(repr=False)
    language: str = ""
    probability: float = 0.0
    unheard: list[Segment] = field(default_factory=list)

    @property
    def doubtful(self) -> bool:
        """Whether other languages together are as likely as this one."""
        return self.probability < LEAST_LANGUAGE


class Transcriber:
    """Transcribes speech to words.

    Args:
        recogniser: for one chunk.
        settings: language and length of the chunks.
        align: improves the times of English words; None: keep the recogniser's.
    """

    def __init__(
        self, recogniser: SpeechRecogniser, settings: RedactionSettings, align: WordAligner | None = None
    ) -> None:
        self._recogniser, self._settings, self._align = recogniser, settings, align

    @classmethod
    def from_store(cls, store: Store, settings: RedactionSettings) -> Transcriber:
        """Set up with the recogniser that ``settings.asr`` names.

        Raises:
            ModelError: it, or one of its models, is missing or damaged.
        """
        align = Aligner() if settings.align and placed_badly(settings) else None
        return cls(speech_recogniser(store, settings), settings, align)

    def __call__(
        self, audio: Audio, speech: Sequence[Segment] | None = None, progress: Progress = silent
    ) -> list[Word]:
        """The words alone, see :meth:`transcribe`."""
        return self.transcribe(audio, speech, progress).words

    def transcribe(
        self, audio: Audio, speech: Sequence[Segment] | None = None, progress: Progress = silent
    ) -> Transcript:
        """Transcribe ``audio`` (16 kHz) in one pass.

        Args:
            audio: the recording.
            speech: where somebody speaks (s); None: everywhere.
            progress: called with the share done.

        Raises:
            ValueError: the audio is not at 16 kHz.
        """
        if audio.sample_rate != RATE:
            raise ValueError(f"the recogniser takes {RATE} Hz, not {audio.sample_rate}")
        tongue = SpokenLanguage(self._settings.language)
        words: list[RecognisedWord] = []
        loops: list[Segment] = []
        pending: list[RecognisedWord] = []
        for chunk in chunks(audio, speech, self._settings.chunk):
            heard, looped = self._chunk(chunk, tongue)
            loops += looped
            if chunk.cut:
                pending = join_chunks(pending, heard, chunk.keep.start)
                # All but the end of what is joined is final: the next border lies after it.
                words += [w for w in pending if w.end < chunk.keep.start]
                pending = [w for w in pending if w.end >= chunk.keep.start]
            else:
                words += pending
                pending = heard
            progress(min(1.0, chunk.pieces[-1][1] / RATE / max(audio.duration, 1e-9)))
        words = widen_short_words([*words, *pending], audio.duration)
        progress(1.0)
        heard_words = [
            Word(start=w.start, end=max(w.start, w.end), text=w.text, confidence=min(1.0, max(0.0, w.probability)))
            for w in words
        ]
        return Transcript(heard_words, *tongue.best(), _unheard(heard_words, speech, loops))

    def _chunk(self, chunk: Chunk, tongue: SpokenLanguage) -> tuple[list[RecognisedWord], list[Segment]]:
        level = _rms(chunk.samples)
        if level < SILENT:
            return [], []
        pieces, languages = self._recogniser(chunk.samples, tongue.settled)
        if tongue.settled is None and getattr(self._recogniser, "multilingual", False):
            pieces, languages = self._in_each(chunk.samples, pieces, languages)
        tongue.add(languages)
        heard, loops = without_loops(
            trim_leading_pauses(_spoken(join_word_pieces(pieces), chunk.samples, level), chunk.samples)
        )
        for part in _skipped(chunk.samples, heard, loops, level):
            heard = self._alone(chunk.samples, part, heard, level, tongue)
        if self._align is not None and tongue.best()[0] == "en":
            heard = self._align(chunk.samples, heard)
        placed = [_placed(word, chunk) for word in heard]
        return placed, [Segment(*chunk.absolute(loop.start, loop.end)) for loop in loops]

    def _in_each(
        self, samples: FloatArray, pieces: list[RecognisedWord], languages: dict[str, float]
    ) -> tuple[list[RecognisedWord], dict[str, float]]:
        """The words and languages of a chunk after transcribing it in each likely language.

        Music and hum are doubtful, too, but give no words: transcribing them again would cost time and tell nothing.
        """
        likely = doubtful(languages)
        if not likely or not pieces:
            return pieces, languages
        heard = {likely[0]: pieces} | {name: self._recogniser(samples, name)[0] for name in likely[1:]}
        now = reweigh_languages(languages, heard)
        return heard[max(heard, key=lambda name: now[name])], now

    def _alone(
        self, samples: FloatArray, part: Segment, heard: list[RecognisedWord], level: float, tongue: SpokenLanguage
    ) -> list[RecognisedWord]:
        """``heard`` plus the words found by transcribing ``part`` on its own; unchanged if those are uncertain."""
        begin = max(0.0, part.start - SKIPPED_CONTEXT)
        cut = samples[round(begin * RATE) : round((part.end + SKIPPED_CONTEXT) * RATE)]
        pieces, _ = self._recogniser(cut, tongue.settled)
        again, loops = without_loops(trim_leading_pauses(_spoken(join_word_pieces(pieces), cut, level), cut))
        moved = [replace(word, start=word.start + begin, end=word.end + begin) for word in again]
        inside = [w for w in moved if part.start <= (w.start + w.end) / 2 < part.end and not _drawn(w)]
        if loops or not inside or float(np.mean([word.probability for word in inside])) < SURE_AGAIN:
            return heard
        # A drawn-out word is kept unless it was heard again in its proper place: it may be somebody's name.
        texts = {bare_word(word.text).lower() for word in inside}
        rest = [
            word
            for word in heard
            if not (_drawn(word) and min(word.end, part.end) > max(word.start, part.start))
            or bare_word(word.text).lower() not in texts
        ]
        return sorted([*rest, *inside], key=lambda word: (word.start, word.end))


def _drawn(word: RecognisedWord | Word) -> bool:
    probability = word.confidence if isinstance(word, Word) else word.probability
    return lasts_too_long(word.start, word.end, word.text, probability)


def _skipped(
    samples: FloatArray, heard: Sequence[RecognisedWord], loops: Sequence[Segment], level: float
) -> list[Segment]:
    """The longest parts of a chunk, s, in order, that are as loud as speech but have no words."""
    if not heard:
        return []  # the chunk was transcribed on its own already
    covered = union(
        [*(Segment(w.start, w.end).grown(AROUND_WORD) for w in heard if not _drawn(w)), *loops], gap=BETWEEN_WORDS
    )
    parts = [s for s in subtract([Segment(0.0, len(samples) / RATE)], covered) if s.duration >= SKIPPED]
    loud = [s for s in parts if _rms(samples[round(s.start * RATE) : round(s.end * RATE)]) >= SKIPPED_LOUD * level]
    return sorted(sorted(loud, key=lambda s: -s.duration)[:MOST_SKIPPED], key=lambda s: s.start)


def _rms(samples: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0


def _spoken(words: Iterable[RecognisedWord], samples: FloatArray, level: float) -> list[RecognisedWord]:
    """Remove words over silence; a word without length is judged by the 0.2 s around it."""
    out = []
    for word in words:
        pad = max(0.0, 0.2 - (word.end - word.start)) / 2
        first, last = round(max(0.0, word.start - pad) * RATE), round((word.end + pad) * RATE)
        if _rms(samples[first:last]) >= FAINT_WORD * level:
            out.append(word)
    return out


def _placed(word: RecognisedWord, chunk: Chunk) -> RecognisedWord:
    start, end = chunk.absolute(word.start, word.end)
    return RecognisedWord(start, end, word.text, word.probability)


def _unheard(words: Sequence[Word], speech: Sequence[Segment] | None, loops: Sequence[Segment]) -> list[Segment]:
    return union([*still_unheard(speech or (), words), *loops])


def still_unheard(spans: Sequence[Segment], words: Sequence[Word]) -> list[Segment]:
    """The parts of ``spans`` (s) without ``words`` that are long enough to hold one."""
    covered = union((Segment(w.start, w.end).grown(AROUND_WORD) for w in words if not _drawn(w)), gap=BETWEEN_WORDS)
    return [s for s in subtract(spans, covered) if s.duration >= LEAST_UNHEARD]
