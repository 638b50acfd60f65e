"""Detecting the spoken language: from the sound, and from how well words of each language fit it.

A few seconds of English in noise or with an accent can pass for Welsh or German. Transcribing them in both languages
shows the difference: in the language that is spoken, the words are far more probable. So a chunk whose language is in
doubt is transcribed in each likely language, and each language is weighted by the probability of its words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from redaction.asr.base import RecognisedWord

SETTLED = 0.8
"""Probability from which a language is taken as the recording's."""
CLEAR = 0.9
"""Probability below which a chunk is transcribed in other languages as well."""
LIKELY = 0.01
"""Least probability of a language in which a chunk is worth transcribing."""
MOST = 3
"""Most languages in which a chunk is transcribed."""
CHUNKS = 3
"""Number of chunks after which the language is settled in any case."""
LEAST = 0.5
"""Below this probability the language is unknown: most of the evidence speaks against it."""
FITS = 0.5
"""Geometric mean of the words' probabilities from which they count as evidence for a language. English in noise and in
rooms reached .64 to .79; German, Dutch, Spanish and French transcribed as English reached .19 to .37 (Whisper base).
"""
_FLOOR = 1e-3
"""Least probability of a word, so that one word that does not fit cannot outweigh all others."""


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
        if probability >= SETTLED or self._count >= CHUNKS:
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
    if not languages or max(languages.values()) >= CLEAR:
        return []
    ranked = sorted(languages, key=lambda name: -languages[name])[:MOST]
    likely = [name for name in ranked if languages[name] >= LIKELY]
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
        name: float(np.mean([np.log(max(word.probability, _FLOOR)) for word in words]))
        for name, words in spoken.items()
    }
    best, *others = sorted(fits.values(), reverse=True)
    if best < np.log(FITS):
        return dict(languages)
    unheard = others[0] if others else best
    raw = {
        name: probability * float(np.exp(count * (fits.get(name, unheard) - best)))
        for name, probability in languages.items()
        if name in fits or name not in heard
    }
    total = sum(raw.values())
    return {name: raw.get(name, 0.0) / total for name in languages}
