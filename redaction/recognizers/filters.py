"""What of a find can be meant: models and patterns take English words for names, most where there are no capitals."""

from __future__ import annotations

import re
from dataclasses import replace

from redaction.recognizers.capitalised import MEANT, PARTICLES, is_cased, is_familiar
from redaction.recognizers.numbers import SAID
from redaction.text.entity import Entity
from redaction.text.lexicon import FUNCTION, bare, is_family, is_given, is_word

_LINKS = frozenset(["of", "the", "and", "on", "in", "a", "an", "or", "to", "up"])


def cut(find: Entity, text: str) -> Entity:
    """A street that was found where each word had a capital: to the first that goes on with the sentence."""
    end, number = find.start, False
    for token in re.finditer(r"\S+", text[find.start : find.end]):
        word = bare(token.group()).lower()
        if number and word in FUNCTION - _LINKS:
            return replace(find, end=end)
        number = number or any(c.isdigit() for c in word) or word in SAID
        if word not in _LINKS:
            end = find.start + token.end()
    return find


def has_rare(text: str) -> bool:
    """Whether a text holds a word that no dictionary does."""
    return any(len(word) > 2 and not is_word(word) for word in re.findall(r"[^\W\d_]+", text))


def trimmed(find: Entity, text: str) -> Entity | None:
    """A name that was found only with other capitals: without the common words around it, None where all are common."""
    if find.entity not in ("PERSON", "LOCATION"):
        return None
    rare = [m for m in re.finditer(r"\S+", text[find.start : find.end]) if not is_word(m.group())]
    if not rare:
        return None
    return replace(find, start=find.start + rare[0].start(), end=find.start + rare[-1].end())


def plausible(find: Entity, text: str) -> list[Entity]:
    """What of a find of the models can be meant.

    The small model takes many a first name for an organisation: one uncommon capitalised word may be a person. It also
    takes words at the start of a sentence and, where there are no capitals, any word for a person.
    """
    if find.entity == "PERSON":
        return _people(find, text)
    if find.entity == "LOCATION":
        return _place(find, text)
    said = text[find.start : find.end].split()
    if find.entity == "ORGANIZATION" and len(said) == 1:
        word = bare(said[0])
        if word.istitle() and word.isalpha() and len(word) > 2 and not is_word(word):
            return [Entity(find.start, find.end, "PERSON", 0.45, "a name by the named-entity model, of unsure kind")]
    return [find]


def _place(find: Entity, text: str) -> list[Entity]:
    """Without what holds the sentence together and the times of day at its ends: "this morning from Oakhurst"."""
    cased = is_cased(text)
    tokens = list(re.finditer(r"\S+", text[find.start : find.end]))

    def outside(token: str) -> bool:
        word = bare(token)
        return word.lower() in FUNCTION | _TIMES or (cased and word.islower() and is_word(word))

    while tokens and outside(tokens[-1].group()):
        tokens.pop()
    while tokens and outside(tokens[0].group()):
        tokens.pop(0)
    if not tokens:
        return []
    return [replace(find, start=find.start + tokens[0].start(), end=find.start + tokens[-1].end())]


def _people(find: Entity, text: str) -> list[Entity]:
    """The names in a find: without the words between people, and those at its ends that are no names."""
    cased = is_cased(text)
    first = not text[: find.start].strip() or text[: find.start].rstrip()[-1] in ".?!"
    names: list[list[re.Match[str]]] = [[]]
    for token in re.finditer(r"\S+", text[find.start : find.end]):
        if _between(token.group(), cased):
            names.append([])
        elif names[-1] or _may_name(token.group(), cased, first and token.start() == 0):
            names[-1].append(token)
    out = []
    for name in names:
        while name and not _may_name(name[-1].group(), cased, first and name[-1].start() == 0):
            name.pop()
        if name:
            out.append(replace(find, start=find.start + name[0].start(), end=find.start + name[-1].end()))
    return out


_TIMES = frozenset(["morning", "afternoon", "evening", "night", "week", "month", "year"])


def _between(token: str, cased: bool) -> bool:
    """Whether a word in a find stands between two people, or between one and something else."""
    word = bare(token)
    if word in PARTICLES:
        return False
    return not word or word in FUNCTION or (cased and word.islower() and is_word(word))


def _may_name(token: str, cased: bool, first: bool) -> bool:
    """Whether a word that a model takes for part of a name may be one; ``first``: its capital says nothing."""
    word = bare(token)
    if word.lower() in FUNCTION or is_familiar(word):
        return False
    if not is_word(word):
        return True
    if cased and not first:
        return word[:1].isupper()
    return (is_given(word) or is_family(word)) and (cased or word.lower() not in MEANT)
