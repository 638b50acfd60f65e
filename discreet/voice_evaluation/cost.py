"""What a conversion costs: words, melody, loudness, pace, naturalness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from discreet.voice_evaluation.corpus import Corpus, Take
from discreet.voice_evaluation.sound import RATE, Sounds
from redaction import RedactionSettings
from redaction.asr import SpeechRecogniser, speech_recogniser
from timeline import FloatArray
from voice.quality import Dnsmos, likeness, plain_words, stoi, word_errors
from weights import Store

_WHISPER = "whisper-base"
_SILENCE_S = 0.3
"""Of silence before and after each take: the recogniser misses words at the very edge of a sound."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over takes, under the first key; None where a model is missing, or nothing could be compared.

    Attributes:
        takes: how many were compared.
        words_lost: word errors per word that is heard in the original.
        pitch: correlation of the logarithm of the pitch.
        energy: correlation of the loudness in dB.
        pace: syllables per second over those of the original.
        stoi: against the original; means something only where the waveform itself was changed.
        dnsmos: of the converted speech.
        dnsmos_original: of the original.
    """

    takes: int
    words_lost: float | None
    pitch: float | None
    energy: float | None
    pace: float | None
    stoi: float | None
    dnsmos: float | None
    dnsmos_original: float | None


def quality(corpus: Corpus, sounds: Sounds, store: Store, most: int) -> Quality:
    """Compare at most ``most`` takes, spread over the speakers, with their originals."""
    pairs = _pairs(corpus, most)
    mos = Dnsmos.from_store(store) if store.has("dnsmos") else None
    rows: list[tuple[float, ...]] = []
    for original, converted in pairs:
        one, other = sounds.read(original), sounds.read(converted)
        alike = likeness(one, other)
        rated = (mos(other), mos(one)) if mos else (float("nan"),) * 2
        rows.append((alike.pitch, alike.energy, alike.pace, stoi(one, other, RATE), *rated))
    lost = None
    if store.has(_WHISPER):
        recogniser = speech_recogniser(store, RedactionSettings(asr=_WHISPER))
        lost = words_lost(recogniser, ((sounds.read(one), sounds.read(other)) for one, other in pairs))
    means = [_mean(column) for column in zip(*rows, strict=True)]
    pitch, energy, pace, intelligible, after, before = means
    return Quality(len(rows), lost, pitch, energy, pace, intelligible, after, before)


def words_lost(recogniser: SpeechRecogniser, pairs: Iterable[tuple[FloatArray, FloatArray]]) -> float | None:
    """Word errors per word that is heard in the original; None if none is.

    Each take is recognised alone: among takes of other voices the recogniser leaves whole takes out.
    """
    wrong = total = 0
    for original, converted in pairs:
        reference, heard = _heard(recogniser, original), _heard(recogniser, converted)
        wrong, total = wrong + word_errors(reference, heard), total + len(reference)
    return wrong / total if total else None


def _heard(recogniser: SpeechRecogniser, take: FloatArray) -> list[str]:
    words, _ = recogniser(np.pad(take, round(_SILENCE_S * RATE)), "en")
    return plain_words("".join(word.text for word in words))


def _pairs(corpus: Corpus, most: int) -> list[tuple[Take, Take]]:
    converted = {(take.speaker, take.number): take for take in corpus.converted if take.key == corpus.keys[0]}
    ordered = sorted(corpus.originals, key=lambda take: (take.number, take.speaker))
    found: Iterator[tuple[Take, Take]] = (
        (take, converted[take.speaker, take.number]) for take in ordered if (take.speaker, take.number) in converted
    )
    return [pair for pair, _ in zip(found, range(most), strict=False)]


def _mean(values: Sequence[float]) -> float | None:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else None
