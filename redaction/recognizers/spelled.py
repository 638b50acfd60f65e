"""What is spelled out: "lee at example dot com", "S-M-I-T-H", "S as in Sam", "sierra mike india"."""

from __future__ import annotations

import re

from redaction.recognizers.settings import LEAST_SPELLED
from redaction.text.entity import Entity
from redaction.text.lexicon import is_common
from redaction.text.number_words import NATO
from redaction.text.utterance import Utterance

_ENDINGS = (
    r"(?:com|org|net|edu|gov|io|co|uk|us|ca|de|fr|es|it|nl|eu|info|biz|me|tv|app|dev|health|ai|ch|at|au|nz|ie|in)"
)
# "Call me at five. It is late": a full stop and a capital are not part of an address, and a host has a letter.
_DOT = r"(?:\s*\.(?=\S)|\s*\.\s+(?=(?-i:[a-z]))|\s+dot\s+)"
_HOST = (
    rf"(?=[a-z0-9-]*[a-z])[a-z0-9]+(?:[-.]?[a-z0-9]+)*(?:\s+(?:dash|hyphen)\s+[a-z0-9]+)*"
    rf"(?:{_DOT}[a-z0-9-]+)*{_DOT}{_ENDINGS}\b"
)
_JOINT = r"(?:\s+(?:dot|underscore|under\s+score|dash|hyphen|minus|plus|period)\s+|[._+-])"
_EMAIL = re.compile(
    rf"(?:(?:[a-z0-9][\s.-]+){{3,}})?[a-z0-9]+(?:{_JOINT}[a-z0-9]+)*(?:\s+(?:\d+|[a-z]))*\s*(?:\s+at\s+|@|\(at\))\s*{_HOST}",
    re.I,
)
_AT = re.compile(r"\sat\s|@|\(at\)", re.I)
"""What every address holds. Without it :data:`_EMAIL` would try every place of a long run of digits and dashes, such as
a recogniser writes when it repeats itself.
"""
_WEB = re.compile(
    rf"\b(?:(?:w\s*w\s*w|www|double\s+u\s+double\s+u\s+double\s+u){_DOT}{_HOST}|[a-z0-9-]+\s+dot\s+{_ENDINGS}\b)", re.I
)
_BARE_HOST = re.compile(
    r"(?:[^\W_][\w'’-]*\s+){1,2}at\s+(?=[\w.-]*[^\W\d_])[\w-]{2,}(?:\.[\w-]{2,})*\.[a-z]{2,4}\b(?!\.\w)"
)
"""Any ending counts, since it may be misheard: "Anna Torvald at Fleckens.da"."""
_SPELL = re.compile(
    r"\b(?:spell(?:ed|ing|s)?|that's|that is|letters?|initials?|last name|first name|surname|name)\b[\s,:]*\Z", re.I
)
_HYPHENED = re.compile(r"(?<![\w-])[A-Za-z](?:-[A-Za-z]){2,}(?![\w-])")
_SPACED = re.compile(r"(?<![\w'’-])[A-Za-z](?:[.,]?\s+[A-Za-z]|\.[A-Za-z](?!\w)){2,}(?![\w'’])\.?")
_AS_IN = re.compile(
    r"(?<!\w)[A-Za-z],?\s+(?:as\s+in|for|like\s+in|like)\s+[A-Za-z]+(?:[,.]?\s+(?:and\s+)?[A-Za-z],?\s+(?:as\s+in|for|like\s+in|like)\s+[A-Za-z]+)*"
)
_RADIO = re.compile(rf"\b{NATO}(?:[\s,.-]+(?:{NATO}|[A-Za-z]|\d)\b){{2,}}", re.I)
_WORDS_OF_ONE = {"a", "i", "o"}


def spelled_emails(utterance: Utterance) -> list[Entity]:
    """E-mail and web addresses as they are said."""
    text = utterance.text
    finds = [
        Entity(m.start(), m.end(), "EMAIL_ADDRESS", 0.85, "an e-mail address as it is said")
        for m in (_EMAIL.finditer(text) if _AT.search(text) else ())
    ]
    finds += [
        Entity(m.start(), m.end(), "EMAIL_ADDRESS", 0.5, "an e-mail address as it is said")
        for m in _BARE_HOST.finditer(text)
    ]
    return finds + [Entity(m.start(), m.end(), "URL", 0.6, "a web address as it is said") for m in _WEB.finditer(text)]


def spelled_letters(utterance: Utterance) -> list[Entity]:
    """Words spelled letter by letter: three letters if hyphenated and announced, or in radio alphabet; else four."""
    text = utterance.text
    out: list[Entity] = []
    for match in _HYPHENED.finditer(text):
        if match.group().count("-") + 1 >= LEAST_SPELLED or _announced(text, match.start()):
            out.append(_spelled(match.start(), match.end()))
    for match in _SPACED.finditer(text):
        single = re.findall(r"[A-Za-z]", match.group())
        if all(letter.lower() in _WORDS_OF_ONE for letter in single):
            continue
        if len(single) >= LEAST_SPELLED or _announced(text, match.start()):
            out.append(_spelled(match.start(), match.end()))
    for match in _AS_IN.finditer(text):
        pairs = re.findall(r"(?<!\w)([A-Za-z]),?\s+(?:as\s+in|for|like\s+in|like)\s+([A-Za-z])", match.group())
        # "I like ice cream" is not a spelling: it takes two letters, or one that is not a word.
        good = [a for a, b in pairs if a.lower() == b.lower() and a.lower() not in _WORDS_OF_ONE]
        if good and (len(pairs) > 1 or "as in" in match.group().lower()):
            out.append(_spelled(match.start(), match.end()))
    return out + [_spelled(m.start(), m.end()) for m in _RADIO.finditer(text)]


def _spelled(start: int, end: int) -> Entity:
    return Entity(start, end, "SPELLED", 0.7, "spelled letter by letter")


def _announced(text: str, at: int) -> bool:
    before = text[max(0, at - 40) : at]
    if _SPELL.search(before):
        return True
    # "Lee, L E E": directly after a name.
    last = before.rstrip(" ,.;:").rsplit(" ", 1)[-1]
    return bool(last) and last[:1].isupper() and not is_common(last)
