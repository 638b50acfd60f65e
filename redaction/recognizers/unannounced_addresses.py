"""Street addresses that nothing announces, with a street name that is not a known word: "on Coralistra 178".

In most of the world the number follows the street name, and there is no word like "street". Such an address is
recognised by a word that no dictionary holds, after "on" or "at" and directly before a number, or between two numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from redaction.recognizers.settings import BETWEEN_NUMBERS, LEAST_STREET
from redaction.recognizers.spoken_numbers import QUANTITY, SAID
from redaction.text.entity import Entity
from redaction.text.lexicon import FUNCTION, is_familiar, is_word
from redaction.text.utterance import Token, Utterance

_BEFORE = frozenset(["on", "at", "in", "to", "from", "near", "along", "off", "past"])
_HOUSE = re.compile(r"\d{1,4}[a-zA-Z]?")
_TIMES = frozenset(["am", "pm", "a.m", "p.m", "o'clock", "mg", "milligrams", "percent", "%"])


def bare_addresses(utterance: Utterance) -> list[Entity]:
    """A street name that no dictionary holds, with its number."""
    tokens, cased = utterance.tokens, utterance.cased
    low = [token.low for token in tokens]
    out = []

    def add(begin: int, last: int, reason: str) -> None:
        out.append(Entity(tokens[begin].start, tokens[last].end, "ADDRESS", 0.5, reason))

    for i in range(1, len(tokens)):
        first, last = _number(low, i)
        if last < first or _counts(low, last + 1):
            continue
        long = last > first or sum(c.isdigit() for c in low[first]) > 1
        if i > 1 and low[i - 2] in _BEFORE and long and _strange(tokens[i - 1], cased):
            add(i - 1, last, "an unknown word and a house number")
        begin = _before(tokens, low, i, cased, long)
        if begin is not None:
            add(begin, last, "an unknown word between two numbers")
    return out


def _before(tokens: Sequence[Token], low: list[str], i: int, cased: bool, long: bool) -> int | None:
    """Index of the number before the street, if the street before token ``i`` has an unknown word; else None."""
    strange = False
    for at in range(i - 1, max(-1, i - 2 - BETWEEN_NUMBERS), -1):
        token = tokens[at]
        if low[at] in SAID or _HOUSE.fullmatch(low[at]):
            while at and low[at - 1] in SAID and low[at] in SAID:
                at -= 1
            return at if strange and (long or low[at + 1] in SAID or len(low[at]) > 1) else None
        if token.pauses or low[at] in FUNCTION or low[at] in _TIMES or QUANTITY.fullmatch(low[at]):
            return None
        strange = strange or _strange(token, False) or (cased and _strange(token, True))
    return None


def _number(low: list[str], i: int) -> tuple[int, int]:
    """First and last token of the number that begins with token ``i``; last < first if there is none."""
    if _HOUSE.fullmatch(low[i]):
        return i, i
    last = i - 1
    if low[i] in SAID and low[i - 1] not in SAID:
        while last + 1 < len(low) and (low[last + 1] in SAID or (last >= i and low[last + 1] == "hundred")):
            last += 1
    return i, last


def _strange(token: Token, cased: bool) -> bool:
    """Whether a word is in no dictionary and is no day or brand; with ``cased``, it must have a capital."""
    word = token.word
    if len(word) < LEAST_STREET or token.pauses or not word.replace("-", "").isalpha() or is_familiar(word):
        return False
    return not is_word(word) and (word[0].isupper() or not cased)


def _counts(low: list[str], i: int) -> bool:
    """Whether the word after a number is what the number counts."""
    return i < len(low) and (QUANTITY.fullmatch(low[i]) is not None or low[i] in _TIMES)
