"""Detecting the spoken language: from the sound, and from how well words of each language fit it.

A few seconds of English in noise or with an accent can pass for Welsh or German. Transcribing them in both languages
shows the difference: in the language that is spoken, the words are far more probable. So a chunk whose language is in
doubt is transcribed in each likely language, and each language is weighted by the probability of its words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from redaction.asr.base import RecognisedWord
from redaction.asr.settings import (
    CLEAR_LANGUAGE,
    LANGUAGE_CHUNKS,
    LIKELY_LANGUAGE,
    MOST_LANGUAGES,
    SETTLED,
    WORD_FLOOR,
    WORDS_FIT,
)


class SpokenLanguage:
    """The language of a recording: evidence from its first chunks, added up until it is clear.

    Args:
        given: ISO 639-1 code from the settings; None: detect it.
    """

    def __init__(self, given: str | None) -> None:
        self.settled = given
        self._given = given
        self._seen: dict[str, float] = {}
        self._count = 0

    def add(self, languages: Mapping[str, float]) -> None:
        """Count the probabilities of one chunk, language -> 0..1; an empty mapping counts for nothing."""
        if self.settled is not None or not languages:
            return
        for language, probability in languages.items():
            self._seen[language] = self._seen.get(language, 0.0) + probability
        self._count += 1
        language, probability = self.best()
        if probability >= SETTLED or self._count >= LANGUAGE_CHUNKS:
            self.settled = language

    def best(self) -> tuple[str, float]:
        """The most probable language and its probability; ("", 0.0) if nothing was said."""
        if self._given is not None:
            return self._given, 1.0
        if not self._seen:
            return "", 0.0
        language = max(self._seen, key=lambda name: self._seen[name])
        return language, min(1.0, self._seen[language] / self._count)


def doubtful(languages: Mapping[str, float]) -> list[str]:
    """Languages in which to transcribe a chunk, the most probable first; empty if the language is clear."""
    if not languages or max(languages.values()) >= CLEAR_LANGUAGE:
        return []
    ranked = sorted(languages, key=lambda name: -languages[name])[:MOST_LANGUAGES]
    likely = [name for name in ranked if languages[name] >= LIKELY_LANGUAGE]
    return likely if len(likely) > 1 else []


def reweigh_languages(
    languages: Mapping[str, float], heard: Mapping[str, Sequence[RecognisedWord]]
) -> dict[str, float]:
    """Probabilities of a chunk's languages after it was transcribed in some of them.

    Bayes' rule with the words' probability as the likelihood: each language's mean log probability of a word, times the
    smallest number of words in any of them, so that no language gains from having fewer words. A language without words
    gets 0; one in which the chunk was not transcribed counts like the second best. If no language's words fit, they are
    no evidence, and the probabilities are returned unchanged.

    Args:
        languages: language -> probability from the sound alone.
        heard: language -> the words transcribed in it.
    """
    spoken = {name: words for name, words in heard.items() if words and languages.get(name)}
    if not spoken:
        return dict(languages)
    count = min(len(words) for words in spoken.values())
    fits = {
        name: float(np.mean([np.log(max(word.probability, WORD_FLOOR)) for word in words]))
        for name, words in spoken.items()
    }
    best, *others = sorted(fits.values(), reverse=True)
    if best < np.log(WORDS_FIT):
        return dict(languages)
    unheard = others[0] if others else best
    raw = {
        name: probability * float(np.exp(count * (fits.get(name, unheard) - best)))
        for name, probability in languages.items()
        if name in fits or name not in heard
    }
    total = sum(raw.values())
    return {name: raw.get(name, 0.0) / total for name in languages}
