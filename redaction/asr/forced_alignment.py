"""Finding the start and end of each recognised word: forced alignment with PocketSphinx and its US English model.

Recognisers know far better what was said than when. Here the text is given and only the times are searched for, with
hidden Markov models of phones. Any phones may occur between the words: those of words that the pronouncing dictionary
lacks (a name, a number), of words heard with doubt, and of words that were not written down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np

from redaction.asr.base import RATE, RecognisedWord
from redaction.asr.settings import (
    APART,
    BEFORE_ROW,
    BEHIND_ROW,
    DIGIT_LETTERS,
    DOUBTS,
    EARLIER,
    FAR,
    INTO_NEXT,
    LATER,
    LEAST_SPLIT,
    LETTERS_A_PHONE,
    PHONE_PROBABILITY,
    ROW_GAP,
    ZERO_LETTERS,
)
from timeline import FloatArray

_SEARCH = {"beam": 1e-30, "pbeam": 1e-30, "wbeam": 1e-20, "fillprob": 1e-4}
"""Narrower than PocketSphinx's defaults, which take twice the time and are no more accurate; and the probability of a
phone between words.
"""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class WordToAlign:
    """A word to align.

    Attributes:
        pieces: its dictionary words; empty if it may be any phones.
        heard: the times from the recogniser, s.
        letters: its length in letters; a digit counts as about the letters of its name.
    """

    pieces: tuple[str, ...]
    heard: Span
    letters: int = 1


def graph(tokens: Sequence[WordToAlign], phones: Sequence[str]) -> tuple[list[tuple[int, int, float, str]], int]:
    """The finite-state graph that accepts these words in this order: ``(from, to, probability, word)``, and its last
    state.

    The first state is 0. A decoder may insert any phones and pauses between the words.
    """
    arcs: list[tuple[int, int, float, str]] = []
    at = 0
    for token in tokens:
        for piece in token.pieces:
            arcs.append((at, at + 1, 1.0, piece))
            at += 1
        for _ in range(0 if token.pieces else max(1, token.letters // LETTERS_A_PHONE)):
            arcs += [(at, at + 1, PHONE_PROBABILITY, phone) for phone in phones]
            at += 1
    return arcs, at


def spans(tokens: Sequence[WordToAlign], said: Sequence[tuple[str, float, float]]) -> list[Span | None] | None:
    """Start and end of each token in a decoder's result.

    Args:
        tokens: in the order they were said, on the same time scale (s) as ``said``.
        said: ``(word, start, end)``, s; ``++AH++`` is a phone between words, ``<sil>`` a pause, ``read(2)`` the second
            pronunciation of a word.

    Returns:
        a span for each token, or None if the decoder found other words. A token's span is None if it may be any phones
        and none were found between its neighbours. Neighbouring tokens of this kind share the phones in proportion to
        their letters.
    """
    words = [(re.sub(r"\(\d+\)\Z", "", word), start, end) for word, start, end in said if word[0] not in "<[+"]
    if not words or [word for word, *_ in words] != [piece for token in tokens for piece in token.pieces]:
        return None
    out: list[Span | None] = []
    at = 0
    for token in tokens:
        pieces = words[at : at + len(token.pieces)]
        out.append((pieces[0][1], pieces[-1][2]) if pieces else None)
        at += len(pieces)
    phones = [(start, end) for word, start, end in said if word.startswith("++")]
    first = 0
    while first < len(out):
        last = first + 1
        if not tokens[first].pieces:
            while last < len(out) and not tokens[last].pieces:
                last += 1
            before = out[first - 1] if first else None
            behind = out[last] if last < len(out) else None
            low = max(before[1] if before else 0.0, tokens[first].heard[0] - EARLIER)
            high = min(behind[0] if behind else float("inf"), tokens[last - 1].heard[1] + LATER)
            out[first:last] = _shared(tokens[first:last], [p for p in phones if p[1] > low and p[0] < high])
        first = last
    return out


def _shared(tokens: Sequence[WordToAlign], phones: Sequence[Span]) -> list[Span | None]:
    if not phones:
        return [None] * len(tokens)
    start, end = phones[0][0], phones[-1][1]
    parts = np.cumsum([token.letters for token in tokens])
    edges = [start, *(start + (end - start) * parts[:-1] / parts[-1]).tolist(), end]
    return list(pairwise(edges))


class Aligner:
    """Aligns the words of a recogniser. English only; not thread-safe."""

    def __init__(self) -> None:
        # Not imported with the room: who never redacts should not pay for it.
        import pocketsphinx

        pocketsphinx.set_loglevel("FATAL")
        phones = files("redaction.asr") / "phonemes.txt"
        self._phones = [line.split()[0] for line in phones.read_text("utf-8").splitlines() if line.startswith("++")]
        self._decoder: Any = pocketsphinx.Decoder(
            lm=None, samprate=float(RATE), loglevel="FATAL", fdict=str(phones), **_SEARCH
        )

    def __call__(self, samples: FloatArray, words: Sequence[RecognisedWord]) -> list[RecognisedWord]:
        """The same words in the same order, with new times.

        Args:
            samples: float32 ``[n]``, 16 kHz.
            words: in order of time, s of ``samples``.

        Words that cannot be found keep their times. A word found far from where it was heard covers both places.
        """
        out: list[RecognisedWord] = []
        rows = list(_rows(words))
        for number, (first, last) in enumerate(rows):
            limit = words[rows[number + 1][0]].start + INTO_NEXT if number + 1 < len(rows) else float("inf")
            out += self._row(samples, words[first:last], 0.0, limit)
        return _in_order(out)

    def _row(
        self, samples: FloatArray, words: Sequence[RecognisedWord], floor: float, limit: float
    ) -> list[RecognisedWord]:
        low = max(floor, words[0].start - BEFORE_ROW, 0.0)
        high = max(words[-1].end, min(words[-1].end + BEHIND_ROW, limit))
        cut = samples[round(low * RATE) : round(high * RATE)]
        for doubt in DOUBTS:
            tokens = [self._token(word, low, doubt) for word in words]
            found = spans(tokens, self._decode(cut, tokens))
            if found is not None:
                return [_moved(word, span, low) for word, span in zip(words, found, strict=True)]
        if len(words) < LEAST_SPLIT:
            return list(words)
        half = len(words) // 2
        left = self._row(samples, words[:half], floor, words[half].start + INTO_NEXT)
        return left + self._row(samples, words[half:], left[-1].end - EARLIER, limit)

    def _token(self, word: RecognisedWord, low: float, doubt: float) -> WordToAlign:
        pieces = dictionary_words(word.text)
        if word.probability < doubt or not all(self._decoder.lookup_word(piece) is not None for piece in pieces):
            pieces = ()
        return WordToAlign(
            pieces,
            (word.start - low, word.end - low),
            _length(word.text),
        )

    def _decode(self, samples: FloatArray, tokens: Sequence[WordToAlign]) -> list[tuple[str, float, float]]:
        # Words may be heard behind the end of the sound, and the decoder refuses to hear nothing.
        if not len(samples) or not any(token.pieces for token in tokens):
            return []
        arcs, last = graph(tokens, self._phones)
        decoder = self._decoder
        decoder.add_fsg("words", decoder.create_fsg("words", 0, last, arcs))
        decoder.activate_search("words")
        decoder.start_stream()  # reset, so that earlier sound does not affect the result
        decoder.start_utt()
        decoder.process_raw((np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes(), full_utt=True)
        decoder.end_utt()
        if decoder.hyp() is None:
            return []
        return [(s.word, s.start_frame / 100, (s.end_frame + 1) / 100) for s in decoder.seg()]


def dictionary_words(text: str) -> tuple[str, ...]:
    """The words that a pronouncing dictionary may hold: ``("twenty", "one")`` for "Twenty-one,".

    Digits and signs can be said in many ways, so a word with any gives an empty tuple.
    """
    if re.search(r"[\d$€£%@&+.]", text.strip(".,!?")):
        return ()
    parts = re.split(r"[-\u2013\u2014/]", text.lower().replace("\u2019", "'"))
    return tuple(piece for part in parts if (piece := re.sub(r"[^a-z']", "", part).strip("'")))


def _length(text: str) -> int:
    return max(1, sum(ZERO_LETTERS if c == "0" else DIGIT_LETTERS if c.isdigit() else c.isalpha() for c in text))


def _rows(words: Sequence[RecognisedWord]) -> Iterator[tuple[int, int]]:
    """Index of the first word of each row, and of the one after its last."""
    first = 0
    for i in range(1, len(words) + 1):
        if i == len(words) or words[i].start - words[i - 1].end >= ROW_GAP:
            yield first, i
            first = i


def _moved(word: RecognisedWord, span: Span | None, low: float) -> RecognisedWord:
    if span is None:
        return word
    start, end = low + span[0], low + span[1]
    apart, far = max(start - word.end, word.start - end), abs(start + end - word.start - word.end) / 2
    if apart > APART or far > FAR:
        # Either place may be wrong, and the redaction must cover the word.
        start, end = min(start, word.start), max(end, word.end)
    return replace(word, start=start, end=end)


def _in_order(words: Sequence[RecognisedWord]) -> list[RecognisedWord]:
    """The words, each starting no sooner than the one before it."""
    out: list[RecognisedWord] = []
    for word in words:
        start = max(word.start, out[-1].start) if out else word.start
        out.append(replace(word, start=start, end=max(start, word.end)))
    return out
