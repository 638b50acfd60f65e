"""Names that the words before them introduce: "my name is ...", "call me ...", "Mrs. ...", "my son ..."."""

from __future__ import annotations

import re

from redaction.recognizers.settings import LONGEST_NAME
from redaction.text.entity import Entity
from redaction.text.lexicon import FUNCTION, PARTICLES, is_common, is_familiar, is_family, is_given, is_word
from redaction.text.utterance import Token, Utterance

_NAME_ONLY = (
    r"(?:my|his|her|their|the|your|last|first|full|maiden|middle|sur)\s*name(?:\s+is|'s|’s|\s+was)|name\s+is|named"
)
_STRONG = re.compile(
    rf"\b(?:{_NAME_ONLY}|call\s+me|calls?\s+(?:him|her|them|me)|(?:user|name)\s*[:,]|called|goes\s+by|known\s+as|introduce\s+(?:you\s+to\s+)?|"
    r"(?:mr|mrs|ms|miss|mister|missus|dr|doctor|professor|prof|sir|aunt|auntie|uncle|grandma|grandpa|sister|brother|officer|judge|nurse)\.?)[\s,:]+",
    re.I,
)
_NAMED = re.compile(
    rf"\b(?:{_NAME_ONLY.removesuffix('|named')}|(?:everyone|everybody|people|they|friends)\s+calls?\s+me|(?:mr|mrs|mister|missus)\.?)\s+",
    re.I,
)
"""Phrases that hardly anything but a name follows: after them, a common word is a misheard name."""
_WEAK = re.compile(
    r"\b(?:i'm|i’m|i\s+am|this\s+is|it's|here\s+is|meet|hi|hello|hey|thanks|thank\s+you|bye|goodbye|dear|welcome|with|and\s+then|"
    r"(?:my|his|her|our|your|their)\s+(?:wife|husband|son|daughter|brother|sister|mother|mom|mum|father|dad|boss|friend|partner|"
    r"boyfriend|girlfriend|ex|cousin|aunt|uncle|niece|nephew|colleague|neighbou?r|therapist|doctor|teacher|roommate|baby|dog|cat|kid))[\s,]+",
    re.I,
)
_STOP = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "miss",
        "not",
        "sorry",
        "fine",
        "good",
        "okay",
        "ok",
        "the",
        "a",
        "an",
        "my",
        "your",
        "just",
    ]
)
_NO_NAME = frozenset(
    """
    important written spelled spelt pronounced called given mentioned listed known private confidential secret wrong
    correct incorrect right misspelled changed different difficult hard easy long short common unusual weird funny
    cool pretty nice still going supposed mud there't something anything nothing
    """.split()  # noqa: SIM905 - so many words are easier read as a text
)
"""Words that describe a name."""


def introduced_names(utterance: Utterance) -> list[Entity]:
    """Names introduced by context: with a capital or, in text without capitals, uncommon words."""
    text, cased = utterance.text, utterance.cased
    out: list[Entity] = []
    for pattern, score, strong in ((_STRONG, 0.75, True), (_WEAK, 0.5, False)):
        for match in pattern.finditer(text):
            # Directly after "name", a recogniser may have left the capital out.
            asked = strong and "name" in match.group().lower()
            span = _name(utterance, match.end(), cased and not asked, strong) if asked else None
            span = _name(utterance, match.end(), cased, strong) or span
            if span:
                out.append(Entity(*span, "PERSON", score, "introduced as a name by the words before it"))
    if not cased:
        for match in _NAMED.finditer(text):
            misheard = _misheard(utterance, match.end())
            if misheard:
                out.append(Entity(*misheard, "PERSON", 0.5, "introduced as a name by the words before it"))
    return out


def _misheard(utterance: Utterance, at: int) -> tuple[int, int] | None:
    """The span of a misheard name: up to three words, ending before the first function word; None without any."""
    tokens: list[Token] = []
    for token in utterance.within(at):
        word = token.low
        if (
            len(tokens) == LONGEST_NAME - 1
            or not word.isalpha()
            or word in FUNCTION
            or word in _STOP
            or word in _NO_NAME
        ):
            break
        tokens.append(token)
        if token.pauses:
            break
    # After a name that was understood, a common word continues the sentence.
    while len(tokens) > 1 and is_word(tokens[-1].text) and not is_family(tokens[-1].text):
        if len(tokens) == 2 and is_word(tokens[0].text) and not is_given(tokens[0].text):
            break
        tokens.pop()
    return (at, tokens[-1].end) if tokens else None


def _name(utterance: Utterance, at: int, cased: bool, strong: bool) -> tuple[int, int] | None:
    end = None
    for count, token in enumerate(utterance.within(at)):
        word = token.word
        if count >= LONGEST_NAME or not word or not _may_be(word, cased, strong, count):
            break
        if token.low not in PARTICLES:
            end = token.end
        if token.pauses and len(word) > 2:
            break
    return (at, end) if end is not None else None


def _may_be(word: str, cased: bool, strong: bool, count: int) -> bool:
    low = word.lower()
    if low in PARTICLES and (count or strong):
        return True
    if (
        not word[0].isalpha()
        or low in _STOP
        or low in FUNCTION
        or is_familiar(word)
        or (len(word) > 1 and word.isupper())
    ):
        return False
    if cased:
        # "I'm Fine": a capital on a common word is weak evidence, unless a name is announced.
        return word[0].isupper() and (strong or not is_common(word) or is_given(word))
    return (not is_word(word) or (count > 0 and is_family(word))) and (strong or len(word) > 2)
