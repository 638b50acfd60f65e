"""Numbers as they are said: "four one five, five five five, oh one three two", "double seven", "4539 8904 7888 5136".

A number of four digits or more can be a phone, a card, an account, a record or a code. Years, amounts and quantities
are not private; everything else is, and the words before it tell its kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from redaction.recognizers.public_numbers import is_counted, is_public
from redaction.recognizers.settings import (
    BLOCK,
    CARD_DIGITS,
    CODE_DIGITS,
    CODE_LETTERS,
    CONTEXT_LETTERS,
    LEAST_DIGITS,
    LEAST_SPOKEN,
    LONG_NUMBER,
    LONGEST_CODE,
    MOST_MISSING,
    NEAR_LETTERS,
    PHONE_DIGITS,
    QUANTITY_DIGITS,
    REST,
    WORD_DIGITS,
)
from redaction.text.entity import Entity
from redaction.text.lexicon import bare_word
from redaction.text.number_words import NUMBERS, TEENS, TENS, UNITS
from redaction.text.utterance import Utterance

_UNITS = UNITS | {"o": "0", "nought": "0"}
_ONES = frozenset(UNITS) - {"zero", "oh"}
SAID = NUMBERS | {"o", "nought"}
"""Words that are numbers."""
_SCALES = {"hundred", "thousand", "million", "billion", "trillion"}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_FILLERS = {
    "uh",
    "um",
    "er",
    "dash",
    "hyphen",
    "space",
    "then",
    "and",
    "point",
    "dot",
    "slash",
    "x",
    "ext",
    "extension",
}
_ALIKE = {"for": "4", "fore": "4", "to": "2", "too": "2", "ate": "8", "won": "1"}
"""What a recogniser writes for a digit among digits."""
_LENGTHS = {"CREDIT_CARD": 16, "US_SSN": 9, "PHONE_NUMBER": 10}
"""Number of digits that such a number usually has."""
QUANTITY = re.compile(
    r"dollars?|bucks|euros?|pounds?|cents|percent|people|persons|patients|students|members|users|miles?|meters|metres|"
    r"kilometers|feet|foot|inches|hours?|minutes?|seconds|days?|weeks|months|years?|times|calories|steps|words|pages|"
    r"grams|milligrams|kilos|kilograms|liters|tons|degrees|square|jobs|votes|shares|copies|families|soldiers|men|women|"
    r"children|kids|employees|units"
)
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("US_SSN", re.compile(r"\b(social security|ssn|social)\b")),
    ("CREDIT_CARD", re.compile(r"\b(card|visa|mastercard|amex|american express|cvv|expir\w*)\b")),
    (
        "PHONE_NUMBER",
        re.compile(
            r"\b(phone|call|(?<!security )(?<!card )number is|cell|mobile|text|reach|fax|dial|telephone|contact)\b"
        ),
    ),
    (
        "NUMBER",
        re.compile(
            r"\b(account|record|case|policy|insurance|member|patient|id|pin|code|passcode|password|licen[cs]e|passport|"
            r"mrn|routing|claim|reference|confirmation|order|zip|post ?code|ends? in|last four|extension|"
            r"badge|room|plate)\b"
        ),
    ),
)
_AMOUNT = re.compile(r"^[$€£¥]|%$|^\d{1,3}(,\d{3})+(\.\d+)?$|^\d+[.:]\d{1,2}(am|pm)?$|^\d+(st|nd|rd|th|s)$", re.I)
_DATE = re.compile(r"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})|\d{1,2}:\d{2}(:\d{2})?|"
                   r"(19|20)\d{2}[-–/](19|20)?\d{2})$")  # fmt: skip
_SAID_DATE = re.compile(
    r"(?:(?:nineteen|twenty|eighteen)\W+(?:hundred\W+)?[\w-]+(?:\W+\w+)?|two\W+thousand(?:\W+\w+){0,2}|(?:18|19|20)\d{2})\W+(?:dash|slash|hyphen)\b|"
    r"[\w-]+(?:\W+\w+)?\W+slash\W+[\w-]+(?:\W+\w+)?\W+slash\b",
    re.I,
)
"""How a date that is read off a screen begins: "nineteen eighty four dash six dash", "six slash two slash"."""
_DOLLARS = re.compile(r"\$\d{3,4}\W*")
_WHEN = re.compile(
    r"\b(?<!ends )(?<!ending )(?:in|since|until|till|during|before|after|year|extension (?:to|into|through))\s+\Z"
)


_NO_CODE = re.compile(r"[A-Z]{3,}")
_CODE = re.compile(
    rf"[A-Za-z]|[A-Z]{{2,5}}|(?=[A-Z\d-]*\d)[A-Z\d]+(?:-[A-Z\d]+)*|[A-Z](?:-[A-Z\d]+)+|{'|'.join(_UNITS)}"
)


@dataclass(slots=True)
class _Run:
    first: int
    last: int
    digits: str
    spoken: bool
    cardinal: bool = False


def numbers(utterance: Utterance) -> list[Entity]:
    """Every private number in ``utterance``, spoken or written."""
    text, tokens = utterance.text, utterance.tokens
    words = [token.text for token in tokens]
    out: list[Entity] = []
    for run in _runs(words):
        if _SAID_DATE.match(text, tokens[run.first].start):
            continue
        before = text[max(0, tokens[run.first].start - CONTEXT_LETTERS) : tokens[run.first].start].lower()
        _complete(run, words, _context(before))
        _code(run, words)
        follower = tokens[run.last + 1].low if run.last + 1 < len(tokens) else ""
        if is_counted(words[run.first : run.last + 1]) or is_public(words[run.first : run.last + 1], before):
            continue
        kind = _kind(run, before, follower)
        if kind:
            entity, score, why = kind
            out.append(Entity(tokens[run.first].start, tokens[run.last].end, entity, score, why))
    return out


def _runs(tokens: list[str]) -> list[_Run]:
    runs: list[_Run] = []
    run: _Run | None = None
    times, gap = 1, 0
    for i, token in enumerate(tokens):
        low = bare_word(token).lower()
        if _DOLLARS.fullmatch(token) and any(
            _DOLLARS.fullmatch(t) for t in tokens[max(0, i - 1) : i] + tokens[i + 1 : i + 2]
        ):
            token = token.lstrip("$")  # "$5317, $8730, $0265": a number in groups of four
        digits, spoken, cardinal = _digits(token)
        if low in _TIMES:
            nxt = bare_word(tokens[i + 1]).lower() if i + 1 < len(tokens) else ""
            if nxt in _UNITS or (nxt.isdigit() and len(nxt) == 1):
                times = _TIMES[low]
                if run is None:
                    run = _Run(i, i, "", True)
                continue
        if digits is None and run is not None and low in _ALIKE and _amid(run, tokens, i):
            digits, spoken, cardinal = _ALIKE[low], True, False
        if digits is None:
            if run is not None and low in _FILLERS and gap == 0:
                gap = 1
                continue
            if run is not None:
                runs.append(run)
            run, times, gap = None, 1, 0
            continue
        if run is None:
            run = _Run(i, i, "", spoken)
        if (
            low.split("-")[-1] in TENS
            and (bare_word(tokens[i + 1]).lower() if i + 1 < len(tokens) else "") not in _ONES
        ):
            digits += "0"
        run.digits += digits * times
        run.last, run.cardinal = i, run.cardinal or cardinal
        times, gap = 1, 0
    if run is not None:
        runs.append(run)
    return runs


def _amid(run: _Run, tokens: list[str], i: int) -> bool:
    """Whether token ``i`` stands after two digits and before one, or between two groups of four that are not years."""
    if i + 1 >= len(tokens) or run.last != i - 1:
        return False
    before = _digits(tokens[i - 1])[0] or _ALIKE.get(bare_word(tokens[i - 1]).lower(), "")
    behind = _digits(tokens[i + 1])[0] or ""
    if len(before) >= BLOCK and len(behind) >= REST:
        return not (_is_year(before[-4:]) and _is_year(behind))
    more = _digits(tokens[i + 2])[0] if i + 2 < len(tokens) and tokens[i + 1][-1] not in ".?!" else None
    # "nine to five" are hours, "nine to five five" are digits
    return len(before) == len(behind) == 1 and (len(run.digits) > 1 or (more is not None and len(more) == 1))


def _complete(run: _Run, tokens: list[str], context: str | None) -> None:
    """Include digits at the edges that were written as words, if digits are missing: "card for five three ..."."""
    missing = _LENGTHS.get(context or "", 0) - len(run.digits)
    while 0 < missing <= MOST_MISSING and run.first and (digit := _one(tokens[run.first - 1])):
        run.first, run.digits, missing = run.first - 1, digit + run.digits, missing - 1
    while 0 < missing <= MOST_MISSING and run.last + 1 < len(tokens) and tokens[run.last][-1] not in ".?!":
        step = 1
        digit = _one(tokens[run.last + 1])
        if digit is None and run.last + 2 < len(tokens) and tokens[run.last + 1][-1] not in ".?!":
            # A single word among the digits of an incomplete number was a digit, too: "... five two so seven one".
            step, digit = 2, _one(tokens[run.last + 2])
            digit = (
                "0" + digit if digit is not None and bare_word(tokens[run.last + 1]).lower() not in _FILLERS else None
            )
        if digit is None:
            break
        run.last, run.digits, missing = run.last + step, run.digits + digit, missing - step


def _one(token: str) -> str | None:
    """The digit that a token stands for or may be misheard from ("for" is 4), or None."""
    low = bare_word(token).lower()
    return _ALIKE.get(low) or _UNITS.get(low) or (low if len(low) == 1 and low.isdigit() else None)


def _code(run: _Run, tokens: list[str]) -> None:
    """Include the letters and digits before a long number: an IBAN begins with some."""
    if len(run.digits) < LONG_NUMBER:
        return
    first = run.first
    while first and _CODE.fullmatch(tokens[first - 1].strip(".,")) and run.first - first < LONGEST_CODE:
        first -= 1
    if any(bare_word(token).lower() not in _UNITS for token in tokens[first : run.first]):
        while first < run.first and (
            bare_word(tokens[first]).lower() in ("a", "i") or _NO_CODE.fullmatch(bare_word(tokens[first]))
        ):
            first += 1
        run.first = first


def _digits(token: str) -> tuple[str | None, bool, bool]:
    """The digits that a token stands for (None: no number), whether it is spoken, and whether it is an amount."""
    core = token.strip(".,;:!?\"'()[]<>")
    low = core.lower()
    if low in _SCALES:
        return "", True, True
    if low == "o" and core != "O":
        return None, True, False
    for table in (_UNITS, TEENS, TENS):
        if low in table:
            return table[low], True, False
    if "-" in low and all(part in _UNITS or part in TENS or part in TEENS for part in low.split("-")):
        return "".join(_digits(part)[0] or "" for part in low.split("-")), True, False
    if not any(c.isdigit() for c in core) or _AMOUNT.search(core) or _DATE.match(core):
        return None, False, False
    letters = sum(c.isalpha() for c in core)
    digits = "".join(c for c in core if c.isdigit())
    if letters and len(digits) < (CODE_DIGITS if letters <= CODE_LETTERS else WORD_DIGITS):
        # codes such as "MRN-104233" count; "B12" or "covid19" does not
        return None, False, False
    return digits, False, False


def _kind(run: _Run, before: str, follower: str) -> tuple[str, float, str] | None:
    count = len(run.digits)
    context = _context(before)
    if count < LEAST_DIGITS or (run.cardinal and context is None):
        return None
    if QUANTITY.fullmatch(follower) and count < QUANTITY_DIGITS:
        return None
    # "Account 2014" is a number; in "the account was closed in 2014" it is a year.
    near = re.split(r"[.?!]\s", before)[-1][-NEAR_LETTERS:]
    if count == 4 and _is_year(run.digits) and (_context(near) is None or _WHEN.search(before)):
        return None
    if (
        context is None
        and count == 4
        and (_is_year(run.digits) or (run.spoken and run.last - run.first + 1 < LEAST_SPOKEN))
    ):
        return None
    how = "a number said digit by digit" if run.spoken else "a number of four digits or more"
    if context == "US_SSN" or (context is None and count == 9 and run.spoken):
        return "US_SSN", 0.8, how
    if count in (15, 16) or (context == "CREDIT_CARD" and count >= CARD_DIGITS):
        return "CREDIT_CARD", 0.8, how
    if context in ("PHONE_NUMBER", None) and count >= PHONE_DIGITS[0] and (context or count <= PHONE_DIGITS[1]):
        return "PHONE_NUMBER", 0.7, how
    return "NUMBER", 0.6 if context else 0.5, how


def _context(before: str) -> str | None:
    best: tuple[int, str] | None = None
    for entity, pattern in _KINDS:
        for match in pattern.finditer(before):
            if best is None or match.end() > best[0]:
                best = (match.end(), entity)
    return best[1] if best else None


def _is_year(digits: str) -> bool:
    return digits[:2] in ("18", "19", "20") or (len(digits) == 4 and digits[:2] in ("17", "21"))
