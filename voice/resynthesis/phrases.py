"""Joins words into phrases, and decides how long each phoneme of a phrase lasts.

A phrase is resynthesised at its original time. Inside it, ``prosody`` gives each word the time that the recogniser
measured, unless a word would be too fast or too slow. In that case the words move towards the times that they would
have at one even rate, no farther than needed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from timeline import Word
from voice.resynthesis.kokoro import SPACE, STOP, tokens_of
from voice.resynthesis.settings import (
    CUT_CONFIDENCE,
    CUT_EDGE,
    EARLY,
    EVENING_STEPS,
    FASTEST,
    LAST_SOUND,
    LEAD,
    LONGEST_PHRASE,
    MOST_TOKENS,
    PAUSE,
    SAID_FRAME,
    SAID_RATE,
    SLOWEST,
    TRAIL,
)

Numbers = npt.NDArray[np.float64]
FRAME_SECONDS = SAID_FRAME / SAID_RATE


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of one person without a pause between them. Its repr shows no word.

    Attributes:
        person: who says it; None: unknown.
        words: in order.
        limit: when the same person's next phrase begins, s.
    """

    person: str | None
    words: tuple[Word, ...] = field(repr=False)
    limit: float = float("inf")

    @property
    def start(self) -> float:
        """Start of the first word, s."""
        return self.words[0].start

    @property
    def end(self) -> float:
        """End of the last word, s."""
        return max(self.words[-1].end, self.words[0].start)


def is_reliable(word: Word, length: float, least_confidence: float) -> bool:
    """Whether ``word`` was recognised reliably enough to be resynthesised.

    Args:
        word: with its confidence and times.
        length: of the recording, s. A word at either end of it is probably cut off, so it needs a higher confidence.
        least_confidence: for the other words; 0: every word is accepted.
    """
    cut = word.start < CUT_EDGE or word.end > length - CUT_EDGE
    least = max(least_confidence, CUT_CONFIDENCE) if cut and least_confidence > 0 else least_confidence
    return word.confidence >= least


def phrases_of(words: Iterable[Word], pause: float = PAUSE) -> list[Phrase]:
    """The phrases of all people, sorted by their start.

    Args:
        words: what is to be resynthesised; each person's words in order.
        pause: seconds between two words that separate two phrases.
    """
    runs: dict[str | None, list[list[Word]]] = {}
    for word in words:
        own = runs.setdefault(word.person, [])
        if not own or word.start - own[-1][-1].end > pause or word.end - own[-1][0].start > LONGEST_PHRASE:
            own.append([])
        own[-1].append(word)
    out = []
    for person, own in runs.items():
        limits = [run[0].start for run in own[1:]] + [float("inf")]
        out += [Phrase(person, tuple(run), limit) for run, limit in zip(own, limits, strict=True)]
    return sorted(out, key=lambda phrase: (phrase.start, phrase.end))


@dataclass(frozen=True, slots=True)
class PhraseTokens:
    """A phrase as the synthesiser's tokens.

    Attributes:
        tokens: ``[T]``, from the silence before it to the silence after it.
        word: ``[T]``, index of the word each token belongs to; -1: a gap, or silence.
        words: number of words in the phrase.
    """

    tokens: tuple[int, ...]
    word: tuple[int, ...]
    words: int


def phrase_tokens(phonemes: Sequence[str]) -> PhraseTokens | None:
    """The tokens of a phrase; None if there is nothing to say.

    Args:
        phonemes: of each word; words without phonemes are skipped, and so are words that would exceed the synthesiser's
            longest phrase.
    """
    tokens, word = [0], [-1]
    for number, phones in enumerate(phonemes):
        own = tokens_of(phones)
        if not own or len(tokens) + len(own) > MOST_TOKENS:
            continue
        if len(tokens) > 1:
            tokens += tokens_of(SPACE)
            word.append(-1)
        tokens += own
        word += [number] * len(own)
    if len(tokens) == 1:
        return None
    return PhraseTokens((*tokens, *tokens_of(STOP), 0), (*word, -1, -1), len(phonemes))


@dataclass(frozen=True, slots=True, eq=False)
class PhraseTiming:
    """When a phrase is said.

    Attributes:
        frames: ``[T]``, how long each token lasts.
        start: when the sound begins, s; it begins with some silence.
        followed: 0..1, how closely the words keep their recognised times; 0: all at one rate.
    """

    frames: npt.NDArray[np.int64]
    start: float
    followed: float


def time_phrase(score: PhraseTokens, usual: Numbers, phrase: Phrase, follow: float) -> PhraseTiming:
    """How long each token lasts, so that the phrase fits its time.

    Args:
        score: the tokens.
        usual: ``[T]``, frames that the synthesiser would give each.
        phrase: when its words are said.
        follow: 0..1, how closely the words should keep their own times; 0: one rate for the whole phrase.
    """
    word = np.array(score.word)
    spoken = np.flatnonzero(word >= 0)
    first, last = int(spoken[0]), int(spoken[-1])
    usual = usual.copy()
    usual[last] = min(usual[last], LAST_SOUND)
    edges = _edges(word, first, last)
    by_itself = np.concatenate([[0.0], np.cumsum([usual[a:b].sum() for a, b in edges])])
    end = min(phrase.words[word[last]].end, phrase.limit)
    start = phrase.words[word[first]].start
    room = max(end - start, 1e-3) / FRAME_SECONDS
    rate = float(np.clip(by_itself[-1] / room, SLOWEST, FASTEST))
    even = by_itself / rate
    own = _own_times(word, edges, phrase, start)
    share = 0.0
    for step in range(EVENING_STEPS if follow > 0 else 0, 0, -1):
        share = follow * step / EVENING_STEPS
        if _is_speakable(even + share * (own - even), edges, by_itself, word):
            break
        share = 0.0
    ends = even + share * (own - even)
    frames = np.ones(len(word), np.int64)
    frames[0], frames[last + 1 :] = LEAD, TRAIL
    _fill(frames, usual, edges, np.maximum.accumulate(ends))
    return PhraseTiming(frames, start - LEAD * FRAME_SECONDS + EARLY, share)


def _edges(word: npt.NDArray[np.int64], first: int, last: int) -> list[tuple[int, int]]:
    """The runs of tokens that have a time of their own, as ``(first, end)``: words and the gaps between them."""
    cuts = [first, *(i for i in range(first + 1, last + 1) if word[i] != word[i - 1]), last + 1]
    return list(itertools.pairwise(cuts))


def _own_times(word: npt.NDArray[np.int64], edges: list[tuple[int, int]], phrase: Phrase, start: float) -> Numbers:
    """Frames from the beginning of the first word to the end of each run, as recognised."""
    out = [0.0]
    for place, (a, _) in enumerate(edges):
        inside = word[a] >= 0
        end = phrase.words[word[a]].end if inside else phrase.words[word[edges[place + 1][0]]].start
        out.append(max((end - start) / FRAME_SECONDS, out[-1]))
    return np.array(out)


def _is_speakable(ends: Numbers, edges: list[tuple[int, int]], by_itself: Numbers, word: npt.NDArray[np.int64]) -> bool:
    """Whether no word is too fast or too slow."""
    given, usual = np.diff(ends), np.diff(by_itself)
    words = np.array([word[a] >= 0 for a, _ in edges])
    fast = usual > FASTEST * np.maximum(given, 1e-6)
    slow = given * SLOWEST > usual
    return not bool((words & (fast | slow)).any())


def _fill(frames: npt.NDArray[np.int64], usual: Numbers, edges: list[tuple[int, int]], ends: Numbers) -> None:
    """Divide the frames of each run among its tokens, at least one each, rounding so that errors do not add up."""
    at = 0
    for (a, b), begin, end in zip(edges, ends[:-1], ends[1:], strict=True):
        shares = np.cumsum(usual[a:b]) / usual[a:b].sum()
        # If one run had to be longer than wanted, the next begins late and makes up for it.
        begin = max(begin, at)
        marks = np.rint(begin + shares * max(0.0, end - begin)).astype(np.int64)
        for token, mark in zip(range(a, b), marks, strict=True):
            frames[token] = max(1, mark - at)
            at += int(frames[token])
