"""Filtering finds: models and patterns mistake English words for names, above all in text without capitals."""

from __future__ import annotations

import re
from dataclasses import replace

from redaction.recognizers.spoken_numbers import SAID
from redaction.text.entity import Entity
from redaction.text.lexicon import FUNCTION, MEANT, PARTICLES, is_familiar, is_family, is_given, is_word
from redaction.text.utterance import Token, Utterance

_LINKS = frozenset(["of", "the", "and", "on", "in", "a", "an", "or", "to", "up"])


def cut_at_sentence(find: Entity, utterance: Utterance) -> Entity:
    """Cut a street that was found with every word capitalised before the first word that continues the sentence."""
    end, number = find.start, False
    for token in utterance.within(find.start, find.end):
        word = token.low
        if number and word in FUNCTION - _LINKS:
            return replace(find, end=end)
        number = number or any(c.isdigit() for c in word) or word in SAID
        if word not in _LINKS:
            end = token.end
    return find


def has_rare(text: str) -> bool:
    """Whether a text contains a word that no dictionary holds."""
    return any(len(word) > 2 and not is_word(word) for word in re.findall(r"[^\W\d_]+", text))


def without_common_words(find: Entity, utterance: Utterance) -> Entity | None:
    """Strip common words from a name that was found only with changed capitals; None if all its words are common."""
    if find.entity not in ("PERSON", "LOCATION"):
        return None
    rare = [token for token in utterance.within(find.start, find.end) if not is_word(token.text)]
    if not rare:
        return None
    return replace(find, start=rare[0].start, end=rare[-1].end)


_HOLIDAY = re.compile(
    r"\b(?:christmas|new year['’]?s?) eve\b|\b(?:valentine|st\.? patrick|saint patrick|guy fawkes|martin luther king|"
    r"st\.? andrew|st\.? george|st\.? david|columbus|anzac|burns)['’]?s? (?:day|night)\b",
    re.I,
)


def not_of_holidays(finds: list[Entity], text: str) -> list[Entity]:
    """The finds without those that take a holiday for a person or a place: "Christmas Eve", "Valentine's Day"."""
    days = [match.span() for match in _HOLIDAY.finditer(text)]
    return [
        find
        for find in finds
        if find.entity not in ("PERSON", "LOCATION") or not any(a <= find.start and find.end <= b for a, b in days)
    ]


def plausible(find: Entity, utterance: Utterance) -> list[Entity]:
    """The plausible parts of a model's find.

    The small model mistakes many first names for organisations, so a single uncommon capitalised word may be a person.
    It also mistakes words at the start of a sentence for people and, in text without capitals, any word.
    """
    if find.entity == "PERSON":
        return _people(find, utterance)
    if find.entity == "LOCATION":
        return _place(find, utterance)
    said = list(utterance.within(find.start, find.end))
    if find.entity == "ORGANIZATION" and len(said) == 1:
        word = said[0].word
        if word.istitle() and word.isalpha() and len(word) > 2 and not (is_word(word) or is_familiar(word)):
            return [Entity(find.start, find.end, "PERSON", 0.45, "a name by the named-entity model, of unsure kind")]
    return [find]


def _place(find: Entity, utterance: Utterance) -> list[Entity]:
    """Strip function words and times of day from the ends of a place: "this morning from Oakhurst"."""
    tokens = list(utterance.within(find.start, find.end))

    def outside(token: Token) -> bool:
        return token.low in FUNCTION | _TIMES or (utterance.cased and token.word.islower() and is_word(token.word))

    while tokens and outside(tokens[-1]):
        tokens.pop()
    while tokens and outside(tokens[0]):
        tokens.pop(0)
    if not tokens or (len(tokens) == 1 and is_familiar(tokens[0].word)):
        return []
    return [replace(find, start=tokens[0].start, end=tokens[-1].end)]


def _people(find: Entity, utterance: Utterance) -> list[Entity]:
    """The names in a find, without words between people and words at its ends that are not names."""
    cased = utterance.cased
    before = utterance.text[: find.start].rstrip()
    first = not before or before[-1] in ".?!"
    names: list[list[Token]] = [[]]
    for token in utterance.within(find.start, find.end):
        if _between(token.word, cased):
            names.append([])
        elif names[-1] or _may_name(token, cased, first and token.start == find.start):
            names[-1].append(token)
    out = []
    for name in names:
        while name and not _may_name(name[-1], cased, first and name[-1].start == find.start):
            name.pop()
        if name:
            out.append(replace(find, start=name[0].start, end=name[-1].end))
    return out


_TIMES = frozenset(["morning", "afternoon", "evening", "night", "week", "month", "year"])


def _between(word: str, cased: bool) -> bool:
    """Whether a word in a find stands between two people, or between a person and something else."""
    if word in PARTICLES:
        return False
    return not word or word in FUNCTION or (cased and word.islower() and is_word(word))


_NO_NAME = re.compile(r"[ACDFHIJKOPQRT-Z]\d{1,2}")
"""Sizes of paper, vitamins and hormones: "A4", "T4"; no British postcode begins like them."""


def _may_name(token: Token, cased: bool, first: bool) -> bool:
    """Whether a word that a model takes for part of a name may be one; ``first``: its capital means nothing."""
    word = token.word
    if token.low in FUNCTION or is_familiar(word) or _NO_NAME.fullmatch(word):
        return False
    if not is_word(word):
        return True
    if cased and not first:
        return word[:1].isupper()
    return (is_given(word) or is_family(word)) and (cased or token.low not in MEANT)
