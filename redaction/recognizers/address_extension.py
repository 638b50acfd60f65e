"""Extending an address over what lies between and after its parts: the town, even if it was misheard.

"... maple street, sesame up with you, india, three nine one four three": a few words between a street and the country
or code that follows it are the town.
"""

from __future__ import annotations

from collections.abc import Iterable

from redaction.recognizers.settings import ADDRESS_TAIL
from redaction.text.entity import Entity, merge
from redaction.text.lexicon import FUNCTION, is_word
from redaction.text.utterance import Token, Utterance

_GAPS = {"LOCATION": 4, "ADDRESS": 4, "NUMBER": 4, "US_BANK_NUMBER": 4, "PERSON": 1}
"""Entity -> the words before it within which it may still be part of the address."""
_OTHER = frozenset(
    """
    because but when if so since while where who which please call phone cell mobile fax number email e-mail card
    account my your his her our their i i'm he she we they it it's is are was were have has had will would can could
    """.split()  # noqa: SIM905 - so many words are easier read as a text
)
"""Words with which something else begins."""
_NO_TOWN = (FUNCTION - {"or", "a", "an", "the", "on", "and", "to", "of", "up", "us", "her", "many", "no"}) | _OTHER


def join_address_parts(finds: Iterable[Entity], utterance: Utterance) -> list[Entity]:
    """The finds, and what lies between the parts of one address or between its last part and the sentence's end."""
    all_ = list(finds)
    out = list(all_)
    for find in merge(f for f in all_ if f.entity == "ADDRESS" and f.score >= 0.5):
        end = find.end
        while (further := _next(all_, utterance, end)) is not None:
            end = further
        if not utterance.cased:
            end = tail(utterance, end)
        if end > find.end:
            out.append(Entity(find.start, end, "ADDRESS", min(find.score, 0.5), "what goes on with an address"))
    return out


def _next(finds: list[Entity], utterance: Utterance, end: int) -> int | None:
    """The end of the next part of an address, after a part that ends at ``end``; None if there is none."""
    if utterance.text[end - 1 : end] in ("?", "!"):
        return None
    best = None
    for find in finds:
        if find.entity in _GAPS and find.end > end and find.start >= end:
            between = list(utterance.within(end, find.start))
            plain = utterance.cased and sum(_is_plain(token) for token in between) > 1
            if len(between) <= _GAPS[find.entity] and not plain and not any(map(_parts, between)):
                best = max(best or 0, find.end)
    return best


def _parts(token: Token) -> bool:
    """Whether a word cannot stand within an address."""
    return token.ends_sentence or token.low in _OTHER


def _is_plain(token: Token) -> bool:
    """Whether this is an English word in lower case; in text with capitals, a town's name has at most one."""
    return len(token.word) > 2 and token.word.islower() and is_word(token.word)


def tail(utterance: Utterance, end: int, most: int = ADDRESS_TAIL) -> int:
    """Extend ``end`` by up to ``most`` words to the end of the sentence, if a town's name may begin there."""
    if utterance.text[end - 1 : end] in (".", "?", "!"):
        return end
    tokens = []
    for token in utterance.within(end):
        tokens.append(token)
        if token.ends_sentence or len(tokens) > most:
            break
    over = bool(tokens) and (tokens[-1].ends_sentence or tokens[-1].end == utterance.tokens[-1].end)
    if not over or len(tokens) > most or tokens[0].low in _NO_TOWN:
        return end
    return tokens[-1].end
