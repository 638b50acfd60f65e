"""Names recognised by their shape: a capital on an uncommon word marks a proper name of some kind.

Speech recognisers write no capital without a reason. The small named-entity model misses many rare first names, the
ones that identify best, so this rule closes the gap: better one product name too many than one patient too few.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import pairwise

from redaction.recognizers.known_names import KnownNames, MentionRule
from redaction.recognizers.settings import LONGEST_ACRONYM, SHORTEST_NAME, SURE_ENTITY, SURE_PLACE
from redaction.text.entity import Entity
from redaction.text.lexicon import (
    FUNCTION,
    MEANT,
    PARTICLES,
    TITLES,
    bare_word,
    is_common,
    is_familiar,
    is_family,
    is_given,
    is_word,
)
from redaction.text.utterance import Utterance

_AFTER = frozenset(["phd", "md", "jr", "sr", "esq", "rn", "dds", "ii", "iii"])
_VERB = re.compile(r"(?:ed|ing|ly|'\w+|[^s]s)$")
"""Endings of verbs and adverbs that follow a person's name."""
_FOLLOW = frozenset(
    """
    said say says told tell went came come saw see knew know thought think got get gave give took take made make left
    felt feel kept keep lost met paid sent spoke wrote began became brought bought built caught chose cut drove ate fell
    found flew forgot forgave grew hit hung heard hurt held let lay lied led lent meant put quit read ran rang rose sat
    sang slept sold shot shut stood stole stuck swore taught tore threw understood woke won wore want like love hate
    need hope look call help start stop try ask talk wait work live move play pay turn leave keep
    finish find feel bring buy drive eat fly forget hear hold lead mean run send sing sit sleep speak stand teach
    understand win write join agree happen learn change watch follow answer explain share open close pick drop wear
    drink cook clean smile laugh cry sound seem visit arrive miss break still already almost perhaps
    morning evening night yesterday later maybe first last next once twice back home around away together alone
    everyone everything everybody nobody nothing something someone good great right sorry big little
    """.split()  # noqa: SIM905 - so many words are easier read as a text
)
"""Words that follow a person's name but are not part of it."""
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]{2,})?")
_NUMBER = re.compile(r"\d{4,6}(?:-\d{4})?")
_PARTS = re.compile(r"[^-\\:/\"“”(),;>]+")


def capitals(utterance: Utterance) -> list[Entity]:
    """Capitalised words that are uncommon; in text without capitals, any uncommon word."""
    cased = utterance.cased
    reason = "a capitalised word that is no common one" if cased else "no common word, in text without capitals"
    parts: list[tuple[int, str, bool]] = []
    for token in utterance.tokens:
        for part in _PARTS.finditer(token.text):
            word = bare_word(part.group())
            if word:
                start = token.start + part.start() + part.group().index(word)
                parts.append((start, word, _is_name(word, cased)))
    return [
        Entity(start, start + len(word), "PERSON", 0.4, reason)
        for i, (start, word, name) in enumerate(parts)
        if name or (not is_common(word) and _is_name(word, cased, rare=True) and _beside_name(utterance.text, parts, i))
    ]


def _beside_name(text: str, parts: list[tuple[int, str, bool]], i: int) -> bool:
    """Whether an uncommon dictionary word stands directly beside a word that is in no dictionary."""
    start, word, _ = parts[i]
    before = i > 0 and parts[i - 1][2] and not text[parts[i - 1][0] + len(parts[i - 1][1]) : start].strip(" -")
    after = i + 1 < len(parts) and parts[i + 1][2] and not text[start + len(word) : parts[i + 1][0]].strip(" -")
    return before or after


def _is_name(word: str, cased: bool, rare: bool = False) -> bool:
    """Whether a word has the shape of a name and is in no dictionary; with ``rare``, it may be in one."""
    if (
        len(word) < SHORTEST_NAME
        or not _LETTERS.fullmatch(word)
        or (word.isupper() and len(word) <= LONGEST_ACRONYM)
        or (cased and not word[0].isupper())
    ):
        return False
    return (rare or not is_word(word)) and word.lower() not in FUNCTION and not is_familiar(word)


def pairs(utterance: Utterance) -> list[Entity]:
    """A given name and a family name that are both also English words: "Crystal Grant", "frank miller"."""
    out: list[Entity] = []
    for token, behind in pairwise(utterance.tokens):
        given, family = token.text, behind.word
        if not (given.isalpha() and is_given(given) and is_family(family)):
            continue
        if given[0].isupper() and family[0].isupper() if utterance.cased else not is_common(given):
            out.append(Entity(token.start, behind.end, "PERSON", 0.5, "a given name and a family name"))
    return out


@cache
def _countries() -> KnownNames:
    names = (files("redaction.recognizers") / "places.txt").read_text("utf-8").splitlines()
    return KnownNames(names, MentionRule("LOCATION", "a country or a state", 0.8, near=False, parts=False))


def countries(utterance: Utterance) -> list[Entity]:
    """Countries, US states and Canadian provinces."""
    return _countries()(utterance)


_WHERE = frozenset(["in", "near", "around", "outside"])


@cache
def _towns() -> KnownNames:
    names = (files("redaction.recognizers") / "cities.txt").read_text("utf-8").splitlines()
    return KnownNames(names, MentionRule("LOCATION", "a town", 0.5, near=False, parts=False))


def cities(utterance: Utterance) -> list[Entity]:
    """Large cities, and towns of the languages whose postcodes are known.

    Those that are names of people as well count only behind "in" and the like: a policy may keep places.
    """
    text = utterance.text
    out = []
    for find in _towns()(utterance):
        name = text[find.start : find.end]
        before = re.search(r"\b(\w+)\s+\Z", text[max(0, find.start - 16) : find.start])
        named = re.match(r"['’]s\b|\s+(?!I\b)[A-Z]", text[find.end :])
        if utterance.cased and name[0].isupper() and before and before.group(1) in _WHERE and not named:
            out.append(replace(find, score=SURE_PLACE))
        elif not (is_given(name) or is_family(name)):
            sure = utterance.cased and name[0].isupper() and not named
            out.append(replace(find, score=SURE_PLACE) if sure else find)
    return out


def grown(find: Entity, utterance: Utterance) -> Entity:
    """Extend a person's name by the title before and the name parts after it; an address by its town and code."""
    if find.entity == "PERSON":
        return _person(find, utterance)
    return _address(find, utterance.text) if find.entity == "ADDRESS" else find


def _person(find: Entity, utterance: Utterance) -> Entity:
    start, end = find.start, find.end
    text, cased = utterance.text, utterance.cased
    for _ in range(2):
        before = re.search(r"(\S+)\s+\Z", text[max(0, start - 24) : start])
        if not before or not (bare_word(before.group(1)).lower() in TITLES or _leads(before.group(1), cased)):
            break
        start -= len(before.group())
    if text[end - 1 : end] in (".", ",", ";", "?", "!", ":"):
        return replace(find, start=start)
    for _ in range(3):
        behind = re.match(r"[ ]+(\S+)", text[end : end + 40])
        word = bare_word(behind.group(1)) if behind else ""
        if not behind or not word.isalpha():
            break
        low = word.lower()
        name = _is_name(word, cased) or (is_family(word) and (word[0].isupper() or not cased))
        if not (name or low in PARTICLES or low in _AFTER):
            break
        if name or low in _AFTER:
            find = replace(find, end=end + behind.start(1) + behind.group(1).index(word) + len(word))
        end += behind.end()
        if behind.group(1) != word:
            break
    if not cased and find.score >= SURE_ENTITY and " " not in text[start : find.end]:
        find = replace(find, end=_misheard_family(text, find.end))
    return replace(find, start=start)


def _misheard_family(text: str, end: int) -> int:
    """The end of a person's name whose given name ends at ``end``, in text without capitals.

    A given name is followed by a verb, a function word, or a family name, which a recogniser may turn into a common
    word: "sean coverage". So a word that is neither of the first two counts as a family name.
    """
    behind = re.match(r"[ ]+([a-z']+)", text[end : end + 40])
    word = behind.group(1) if behind else ""
    if behind is None or len(word) < SHORTEST_NAME or word in FUNCTION or word in _FOLLOW or _VERB.search(word):
        return end
    end += behind.end()
    more = re.match(r"[ ]+([a-z']+)", text[end : end + 40])
    # "new dwarf": the second half of a misheard name, if it is a rare word.
    return end + more.end() if more and len(more.group(1)) > 2 and not is_common(more.group(1)) else end


def _leads(token: str, cased: bool) -> bool:
    """Whether a token before a name is a given name that is also an English word: "Grace Okonkwo"."""
    if not token.isalpha() or not is_given(token):
        return False
    return token[0].isupper() if cased else token.lower() not in MEANT


def _address(find: Entity, text: str) -> Entity:
    """Extend an address over capitalised words, commas and a post code."""
    end = at = find.end
    for _ in range(9):
        token = re.match(r"[\s,.>]*([^\s,>]+)", text[at:])
        if not token or (
            re.search(r"[.?!][\s>]+\Z", text[at : at + token.start(1)]) and not text[:at].endswith("Apt.")
        ):
            break
        word = bare_word(token.group(1))
        code = _NUMBER.fullmatch(word)
        if not (code or (word[:1].isupper() and word != "I") or word.lower() in PARTICLES | {"and", "of"}):
            break
        at += token.end()
        if code or (word[:1].isupper() and not (is_common(word) and word.istitle())):
            end = at
        if code or token.group(1)[-1] in "?!":
            break
    return replace(find, end=end)
