"""Postal and e-mail addresses that are announced by the words before them, however badly they were heard.

No street pattern matches "My address is thirty one fitch about eighty five suite ninety two", because a recogniser
writes what it takes for words. But what is announced as an address and runs from one number to the next is one.
"""

from __future__ import annotations

import re

from redaction.recognizers.settings import ADDRESS_GAP, LONGEST_ADDRESS, LONGEST_EMAIL, TO_ADDRESS
from redaction.text.entity import Entity
from redaction.text.lexicon import is_common
from redaction.text.number_words import NUMBERS
from redaction.text.utterance import Utterance

_PLACE = r"(?:office|house|home|shop|store|clinic|practice|school|apartment|flat|place)"
_VERB = r"(?:\s+(?:is|are|was|to\s+the\s+same|to|with|at)\b|[,:.?])"
_STRONG = re.compile(
    rf"\baddress(?:es)?(?:\s+(?:of|for)(?:\s+[\w'’.-]+){{1,4}}?{_VERB}+|{_VERB}*)|"
    rf"\b(?:{_PLACE}\s+(?:is|was)|lives?|lived|living|located|resid(?:es?|ed|ing)|stay(?:s|ed|ing)?)\s+at\b|"
    r"\bhere\s+(?:is|are|they\s+are)(?:\s+\S+){0,2}\s+address(?:es)?\b",
    re.I,
)
_WEAK = re.compile(
    r"\b(?:sen[dt](?:\s+\w+)?|mail(?:ed)?|deliver(?:ed)?|shipp?(?:ed)?|return(?:ed)?|taxi|cab|drive|driven|moved?|come|go)\s+to\b|"
    r"\b(?:meet(?:\s+(?:me|us|him|her|them|you))?|arrived?|pick(?:ed)?\s+\w+\s+up|drop(?:ped)?\s+\w+\s+off|left)\s+at\b",
    re.I,
)
_NUMBERS = NUMBERS | {"hundred", "thousand"}
_UNITS = frozenset([
    "street", "avenue", "road", "lane", "drive", "boulevard", "court", "place", "terrace", "square", "highway",
    "parkway", "alley", "suite", "apt", "apartment", "unit", "flat", "floor", "box", "psc", "apo", "fpo", "dpo",
    "building",
])  # fmt: skip
_NO_ADDRESS = frozenset([
    "card", "phone", "number", "email", "e-mail", "please", "call", "case", "account", "because", "when", "if",
    "but", "name", "which", "who",
])  # fmt: skip
"""Words with which something else begins."""
_COUNTED = frozenset([
    "times", "different", "other", "more", "new", "old", "of", "people", "percent", "dollars", "pounds",
    "euros", "years", "weeks", "days", "hours", "minutes", "months", "am", "pm", "o'clock", "a.m", "p.m", "in",
    "on", "for", "or", "and", "until", "till", "by", "to", "this", "every", "after", "before", "tomorrow",
    "today", "sharp",
])  # fmt: skip
"""Words that, after a number, show that it counts something or tells the time."""

_EMAIL = re.compile(r"\be-?mails?(?:\s+address)?(?:\s+(?:is|to|was))?[\s:,]+", re.I)
_NO_EMAIL = frozenset([
    "me", "us", "him", "her", "them", "you", "from", "and", "or", "about", "that", "was", "with", "at", "by",
    "if", "when", "in", "for", "so",
])  # fmt: skip
_INNER_DOT = re.compile(r"\w\.[^\W\d_]{2,}")


class _Tokens:
    """The tokens of an utterance, and which of them are numbers or end a sentence."""

    def __init__(self, utterance: Utterance) -> None:
        self.all, self.cased, self.at = utterance.tokens, utterance.cased, utterance.token_at
        self.low = [token.low for token in self.all]

    def __len__(self) -> int:
        return len(self.all)

    def number(self, i: int) -> bool:
        return any(c.isdigit() for c in self.all[i].text) or all(p in _NUMBERS for p in self.low[i].split("-"))

    def ends(self, i: int) -> bool:
        """Whether a sentence ends with token ``i``; recognisers put full stops inside numbers, too."""
        if i + 1 >= len(self) or not self.all[i].ends_sentence or self.number(i + 1):
            return False
        if not self.cased:
            return self.low[i + 1] not in _UNITS
        return self.all[i + 1].text[0].isupper() and self.low[i + 1] not in _UNITS and is_common(self.low[i + 1])


def announced_addresses(utterance: Utterance) -> list[Entity]:
    """Announced addresses with a number: from the announcement to the last number."""
    tokens = _Tokens(utterance)
    out = []
    for pattern, strong in ((_STRONG, True), (_WEAK, False)):
        for match in pattern.finditer(utterance.text):
            span = _address(tokens, tokens.at(match.end()), strong)
            if span is not None:
                start, end = tokens.all[span[0]].start, tokens.all[span[1]].end
                out.append(Entity(start, end, "ADDRESS", 0.6 if strong else 0.5, "announced as an address"))
    return out


def _address(tokens: _Tokens, first: int, strong: bool) -> tuple[int, int] | None:
    """The first and last token of the address, which ends with its last number; None if there is no address."""
    number = _first_number(tokens, first)
    if number is None:
        return None
    last, numbers = number, 1
    for i in range(number + 1, min(len(tokens), number + LONGEST_ADDRESS)):
        if tokens.low[i] in _NO_ADDRESS or i - last > ADDRESS_GAP + 1 or tokens.ends(i - 1):
            break
        if tokens.number(i):
            # "Forty two" is one number, "forty two maple five" are two.
            numbers += i > last + 1
            last = i
    behind = _behind(tokens, number)
    inside = range(first, min(len(tokens), last + 3))
    known = any(tokens.low[i].split("-")[0] in _UNITS for i in inside)
    if behind in _COUNTED and not (known and numbers > 1):
        return None
    if not strong and not (known or (numbers > 1 and behind and not is_common(behind))):
        return None
    if first == last and tokens.low[first] in ("oh", "o"):
        return None  # "What's the address? Oh, do they ..."
    return first, last


def _first_number(tokens: _Tokens, first: int) -> int | None:
    """The index of the house number: the first token, or one after a few uncommon words."""
    for i in range(first, min(len(tokens), first + TO_ADDRESS + 1)):
        if tokens.number(i):
            return i
        if is_common(tokens.low[i]) and tokens.low[i] not in _UNITS:
            return None
    return None


def _behind(tokens: _Tokens, number: int) -> str:
    """The word after the number that begins at token ``number``; empty if there is none."""
    i = number
    while i < len(tokens) and tokens.number(i):
        i += 1
    return tokens.low[i] if i < len(tokens) else ""


def announced_emails(utterance: Utterance) -> list[Entity]:
    """Announced e-mail addresses that contain a dot or an "at"."""
    tokens = _Tokens(utterance)
    out = []
    for match in _EMAIL.finditer(utterance.text):
        first = tokens.at(match.end())
        last = _end_of_email(tokens, first)
        if last is not None:
            start, end = tokens.all[first].start, tokens.all[last].end
            out.append(Entity(start, end, "EMAIL_ADDRESS", 0.6, "announced as an e-mail address"))
    return out


def _end_of_email(tokens: _Tokens, first: int) -> int | None:
    low, at = tokens.low, None
    if first >= len(low) or low[first] in _NO_EMAIL:
        return None
    for i in range(first, min(len(low), first + LONGEST_EMAIL)):
        if "@" in tokens.all[i].text or _INNER_DOT.search(tokens.all[i].text):
            return i
        if low[i] == "dot" and i + 1 < len(low):
            return i + 1
        if low[i] == "at" and i > first:
            at = i
        if tokens.ends(i):
            break
    if at is not None and at + 1 < len(low) and not is_common(low[at + 1]):
        return at + 1
    return None
