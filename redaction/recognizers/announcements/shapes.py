"""Shapes of announced values: spelled characters, word classes, a pattern, a phrase, a name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from redaction.recognizers.announcements.tokens import Spelling, SpokenToken
from redaction.recognizers.settings import SPELLING_TOKENS
from redaction.text.lexicon import FUNCTION, bare_word, is_common, is_familiar, is_given, is_word


@dataclass(frozen=True, slots=True)
class Line:
    """A text that is searched for announcements.

    Attributes:
        text: all of it.
        tokens: its words.
        symbols: one character for each token, its class; ``.`` if it has none.
        spelling: how its language says characters.
        cased: whether it uses capitals.
        leads: prepositions, which may stand with one word between an announcement and the value.
        asides: first token of each aside -> the token after it.
    """

    text: str
    tokens: Sequence[SpokenToken]
    symbols: str
    spelling: Spelling
    cased: bool
    leads: frozenset[str] = frozenset()
    asides: Mapping[int, int] = field(default_factory=dict)

    def sentence_end(self, at: int) -> int:
        """Index after the last token of the sentence that contains token ``at``."""
        while at < len(self.tokens) and not self.tokens[at].ends:
            at += 1
        return min(at + 1, len(self.tokens))


class Shape(Protocol):
    """What a value may look like."""

    def match(self, line: Line, at: int) -> int | None:
        """Index after the last token of the value that begins with token ``at``; None if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Spelled:
    """Tokens that spell what ``pattern`` matches: in letters, digits, number words, or the spelling alphabet.

    Attributes:
        pattern: of all that is spelled.
        longest: most tokens.
        never: words that cannot begin it.
        whole: whether nothing else may be spelled directly before or after it.
    """

    pattern: re.Pattern[str]
    longest: int
    never: frozenset[str]
    whole: bool = False

    def match(self, line: Line, at: int) -> int | None:
        """See :meth:`Shape.match`."""
        if not line.spelling.begins(line.tokens[at], cased=line.cased) or (self.whole and _spelled_before(line, at)):
            return None
        best = None
        for end in range(at + 1, min(at + self.longest, len(line.tokens)) + 1):
            run = line.tokens[at:end]
            spelled = line.spelling.spelled(run, cased=line.cased)
            if spelled and self.pattern.fullmatch(spelled) and run[0].low not in self.never:
                best = end
            if run[-1].ends or (spelled is None and line.spelling.spelled(run[-1:], cased=line.cased) is None
                                and not _between(run[-1], line.spelling)):  # fmt: skip
                break
        return None if best is not None and self.whole and _spelled_behind(line, best) else best


def _spelled_before(line: Line, at: int) -> bool:
    """Whether something is spelled directly before token ``at``, in the same sentence."""
    for first in range(at - 1, max(-1, at - 1 - SPELLING_TOKENS), -1):
        if line.tokens[first].ends:
            break
        if line.spelling.spelled(line.tokens[first:at], cased=line.cased):
            return True
    return False


def _spelled_behind(line: Line, end: int) -> bool:
    """Whether spelling goes on with token ``end``, in the same sentence."""
    if end >= len(line.tokens) or line.tokens[end - 1].ends:
        return False
    return bool(line.spelling.spelled(line.tokens[end : end + 1], cased=line.cased))


def _between(token: SpokenToken, spelling: Spelling) -> bool:
    """Whether a token that spells nothing by itself can stand inside a spelled sequence."""
    leads = {word for words in spelling.examples for word in words}
    return (
        token.low in spelling.joints
        or token.low in spelling.times
        or token.low in spelling.zeros
        or (token.low in leads or token.text.isalpha())
    )


@dataclass(frozen=True, slots=True)
class Classes:
    """Tokens whose classes, one character each, match ``pattern``."""

    pattern: re.Pattern[str]

    def match(self, line: Line, at: int) -> int | None:
        """See :meth:`Shape.match`."""
        found = self.pattern.match(line.symbols, at, line.sentence_end(at))
        return found.end() if found and found.end() > at else None


@dataclass(frozen=True, slots=True)
class Pattern:
    """Characters of the text that match ``pattern``, from the beginning of a token to the end of one."""

    pattern: re.Pattern[str]

    def match(self, line: Line, at: int) -> int | None:
        """See :meth:`Shape.match`."""
        found = self.pattern.match(line.text, line.tokens[at].start)
        if not found or found.end() == found.start():
            return None
        end = at + 1
        while end < len(line.tokens) and line.tokens[end].start < found.end():
            end += 1
        return end


@dataclass(frozen=True, slots=True)
class Phrase:
    """Any words up to the end of the sentence, such as a password or a nickname.

    Attributes:
        longest: most tokens.
        never_first: words that cannot begin the phrase, such as what is said about a password.
        never_alone: words that can begin the phrase but not form it alone.
        stops: words with which something else begins.
        needs: pattern that one of its tokens must match.
        rare: whether a single common word does not count.
        capitals: whether each word needs a capital, if the text has any.
        odd: whether one of the words must be in no dictionary, and not look like a proper name.
    """

    longest: int
    never_first: frozenset[str]
    never_alone: frozenset[str]
    stops: frozenset[str]
    needs: re.Pattern[str] | None
    rare: bool
    capitals: bool
    odd: bool = False

    def match(self, line: Line, at: int) -> int | None:
        """See :meth:`Shape.match`."""
        first = line.tokens[at]
        if first.low in self.never_first:
            return None
        end = at
        while end < min(at + self.longest, len(line.tokens)):
            token = line.tokens[end]
            if end > at and token.low in self.stops and not self._joins(line, end):
                break
            if self.capitals and line.cased and not token.text[:1].isupper():
                break
            end += 1
            if token.ends:
                break
        run = line.tokens[at:end]
        if not run or (self.needs and not any(self.needs.search(token.text) for token in run)):
            return None
        if self.odd and all(is_word(token.low) or is_familiar(token.low) or token.text.istitle() for token in run):
            return None
        if first.low in self.never_alone and (len(run) == 1 or run[1].low in FUNCTION):
            return None
        if self.rare and len(run) == 1 and is_common(first.text) and (first.text.islower() or not line.cased):
            return None
        return end

    def _joins(self, line: Line, at: int) -> bool:
        """Whether the stop at token ``at`` is an "and" between two words of the phrase: "green tea and lemon"."""
        behind = line.tokens[at + 1] if at + 1 < len(line.tokens) else None
        if line.symbols[at] != "&" or behind is None or line.tokens[at - 1].parted:
            return False
        return behind.low not in self.stops | self.never_first | FUNCTION


@dataclass(frozen=True, slots=True)
class Name:
    """A capitalised word that is also a name.

    Attributes:
        words: such words, in lower case.
        more: whether the words of :func:`~redaction.text.lexicon.is_given` count as well.
        uncased: True to look only in text without capitals, False only in text with capitals.
        but: words that do not count.
    """

    words: frozenset[str]
    more: bool
    uncased: bool
    but: frozenset[str] = frozenset()

    def match(self, line: Line, at: int) -> int | None:
        """See :meth:`Shape.match`."""
        token = line.tokens[at]
        if self.uncased == line.cased or (line.cased and not token.text[:1].isupper()):
            return None
        word = bare_word(token.low)
        if word in self.but:
            return None
        return at + 1 if word in self.words or (self.more and is_given(word)) else None
