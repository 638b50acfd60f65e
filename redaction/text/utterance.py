"""An utterance: a text, split into tokens once for all recognisers of private words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from redaction.text.lexicon import bare_word
from timeline import Segment, Word

_TOKEN = re.compile(r"\S+")
_I = re.compile(r"\bI\b")
_BEGIN = re.compile(r"(?:\A|[.?!]\s+)([^\W\d_])")


@dataclass(frozen=True, slots=True)
class Token:
    """A run of characters without blanks. Its repr shows none of them.

    Attributes:
        start: offset of its first character in the utterance.
        end: offset after its last one.
        text: as it is written.
        word: the same without punctuation at its ends and without a possessive; may be empty.
        low: ``word`` in lower case.
    """

    start: int
    end: int
    text: str = field(repr=False)
    word: str = field(repr=False)
    low: str = field(repr=False)

    @property
    def pauses(self) -> bool:
        """Whether it ends with a punctuation mark."""
        return self.text[-1] in ".,;:?!"

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends with a full stop, a question mark or an exclamation mark."""
        return self.text[-1] in ".?!"


class Utterance:
    """A text with its tokens and words. Its repr shows no word.

    Args:
        text: what was said.

    Attributes:
        text: the same.
        tokens: all its tokens, in order.
        cased: whether the text uses capitals: other ones than "I", or at the beginning of all of its sentences.
        times: when each word was said, if :meth:`of` made the utterance from words with times.
    """

    __slots__ = ("_begins", "_words", "cased", "text", "times", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tuple(_token(match.start(), match.group()) for match in _TOKEN.finditer(text))
        self.cased = any(c.isupper() for c in _I.sub("", text)) or _sentences(text)
        self.times: tuple[Segment, ...] = ()
        self._begins = [token.start for token in self.tokens]
        self._words = self._begins

    @classmethod
    def of(cls, words: Sequence[Word], texts: Sequence[str] | None = None) -> Utterance:
        """Join the words with blanks; ``texts`` replaces their own texts, one for each."""
        parts = [word.text for word in words] if texts is None else texts
        out = cls(" ".join(parts))
        out.times = tuple(Segment(word.start, max(word.start, word.end)) for word in words)
        out._words, at = [], 0
        for part in parts:
            out._words.append(at)
            at += len(part) + 1
        return out

    def __repr__(self) -> str:
        return f"Utterance({len(self.tokens)} tokens)"

    def token_at(self, offset: int) -> int:
        """The index of the first token that begins at or after ``offset``."""
        return bisect_left(self._begins, offset)

    def within(self, start: int, end: int | None = None) -> Iterator[Token]:
        """The tokens in the characters ``[start, end)``; the first and last are cut to fit."""
        end = len(self.text) if end is None else end
        if end <= start:
            return
        for i in range(max(0, bisect_right(self._begins, start) - 1), len(self.tokens)):
            token = self.tokens[i]
            if token.start >= end:
                return
            if token.end <= start:
                continue
            whole = token.start >= start and token.end <= end
            first = max(start, token.start)
            yield token if whole else _token(first, self.text[first : min(end, token.end)])

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Characters of the words ``first`` to ``last``, both included."""
        end = self._words[last + 1] - 1 if last + 1 < len(self._words) else len(self.text)
        return self._words[first], end

    def words(self, start: int, end: int) -> range:
        """Indices of the words that have any of the characters ``[start, end)``; may be empty."""
        if end <= start or not self._words:
            return range(0)
        first = max(0, bisect_right(self._words, start) - 1)
        if start >= self.span(first, first)[1]:
            first += 1  # the span begins on the blank after a word
        return range(first, bisect_left(self._words, end))


def _token(start: int, text: str) -> Token:
    word = bare_word(text)
    return Token(start, start + len(text), text, word, word.lower())


def _sentences(text: str) -> bool:
    """Whether the text ends like a sentence, and all of its sentences begin with a capital."""
    first = _BEGIN.findall(text)
    return bool(first) and text.rstrip()[-1:] in (".", "?", "!") and all(c.isupper() for c in first)
