"""Which language is spoken: what the recogniser takes the sound for, and how well words of each language fit it.

A few seconds of English under noise or with an accent pass for Welsh or German. Whoever writes them down in both
languages sees the difference at once: in the language that is spoken, the words are far more probable. So where a chunk
is in doubt, it is heard in each language that is likely, and each language is weighed by the probability of its words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from redaction.asr.base import RecognisedWord

SETTLED = 0.8
"""Probability from which on a language is taken as the recording's."""
CLEAR = 0.9
"""Probability below which a chunk is heard in other languages as well."""
LIKELY = 0.01
"""Least probability of a language that is worth hearing a chunk in."""
MOST = 3
"""Most languages a chunk is heard in."""
CHUNKS = 3
"""A language is settled after so many chunks at the latest."""
LEAST = 0.5
"""Below this probability the language is unknown: most of the evidence speaks against it."""
FITS = 0.5
"""Geometric mean of the words' probabilities from which on they speak for a language. English under noise and in rooms
reached .64 to .79, German, Dutch, Spanish and French heard as English .19 to .37 (Whisper base)."""
_FLOOR = 1e-3
"""Least probability of a word: one that did not fit at all does not outweigh all others."""


class SpokenLanguage:
    """The language of a recording: evidence of its first chunks added up until it is clear.

    Args:
        given: ISO 639-1 code that the settings name; None: to be found out.
    """

    def __init__(self, given: str | None) -> None:
        self.settled = given
        self._given = given
        self._seen: dict[str, float] = {}
        self._count = 0

    def add(self, languages: Mapping[str, float]) -> None:
        """Count the probabilities of one chunk, language -> 0..1; empty: the chunk says nothing."""
        if self.settled is not None or not languages:
            return
        for language, probability in languages.items():
            self._seen[language] = self._seen.get(language, 0.0) + probability
        self._count += 1
        language, probability = self.best()
        if probability >= SETTLED or self._count >= CHUNKS:
            self.settled = language

    def best(self) -> tuple[str, float]:
        """The most probable language and its probability; ("", 0.0) where nothing was said."""
        if self._given is not None:
            return self._given, 1.0
        if not self._seen:
            return "", 0.0
        language = max(self._seen, key=lambda name: self._seen[name])
        return language, min(1.0, self._seen[language] / self._count)


def doubtful(languages: Mapping[str, float]) -> list[str]:
    """Languages to hear a chunk in, the most probable first; none where it is clear which one is spoken."""
    if not languages or max(languages.values()) >= CLEAR:
        return []
    ranked = sorted(languages, key=lambda name: -languages[name])[:MOST]
    likely = [name for name in ranked if languages[name] >= LIKELY]
    return likely if len(likely) > 1 else []


def weighed(languages: Mapping[str, float], heard: Mapping[str, Sequence[RecognisedWord]]) -> dict[str, float]:
    """Probabilities of a chunk's languages once it was heard in some of them.

    Bayes' rule with the words' probability as the likelihood: each language's mean log probability of a word, times the
    fewest words that any of them gave, so that no language gains from saying less. A language without words is out; one
    that the chunk was not heard in is taken to fit as well as the second best. Where the words of none of them fit,
    they tell nothing, and the probabilities stay.

    Args:
        languages: language -> probability, as the sound alone gives it.
        heard: language -> the words heard in it.
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
