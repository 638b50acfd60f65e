"""Writes figures as words: *twenty five dollars* for ``$25``, which recognisers write and synthesisers cannot say."""

from __future__ import annotations

import re

from voice.resynthesis.settings import LONGEST_NUMBER

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_POWERS = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_SIGNS = {
    "%": "percent", "&": "and", "+": "plus", "=": "equals", "@": "at", "/": "slash", "#": "number", "°": "degrees",
}  # fmt: skip
_MONEY = {"$": "dollars", "£": "pounds", "€": "euros"}
_FIGURE = re.compile(r"([$£€])?(\d[\d,]*)(?:\.(\d+))?(?:(st|nd|rd|th|s)\b)?", re.ASCII)


def in_words(text: str) -> str:
    """``text`` with its figures and signs written as words; everything else stays."""
    text = _FIGURE.sub(lambda found: f" {_said(found)} ", text)
    return "".join(f" {_SIGNS[letter]} " if letter in _SIGNS else letter for letter in text)


def _said(found: re.Match[str]) -> str:
    money, whole, part, ending = found.groups()
    digits = whole.replace(",", "")
    words = _whole(digits, grouped="," in whole, amount=money is not None)
    if ending in ("st", "nd", "rd", "th"):
        words[-1] = ordinal(words[-1])
    elif ending == "s":
        words[-1] = words[-1][:-1] + "ies" if words[-1].endswith("y") else words[-1] + "s"
    if money and part:
        cents = cardinal(int((part + "0")[:2]))
        return " ".join([*words, _MONEY[money], *cents])
    if part:
        words += ["point", *(_ONES[int(digit)] for digit in part)]
    return " ".join([*words, _MONEY[money]] if money else words)


def _whole(digits: str, *, grouped: bool, amount: bool) -> list[str]:
    if (len(digits) > 1 and digits[0] == "0") or len(digits) > LONGEST_NUMBER:
        return [_ONES[int(digit)] for digit in digits]
    value = int(digits)
    if len(digits) == 4 and not grouped and not amount and value % 1000 >= 100:
        return _year(value)
    return cardinal(value)


def _year(value: int) -> list[str]:
    """Four digits as years and house numbers are said: nineteen eighty four, nineteen oh five, nineteen hundred."""
    high, low = divmod(value, 100)
    if low == 0:
        return [*cardinal(high), "hundred"]
    return [*cardinal(high), *(["oh"] if len(str(low)) == 1 else []), *cardinal(low)]


def cardinal(value: int) -> list[str]:
    """A number, at least zero, in words."""
    if value < len(_ONES):
        return [_ONES[value]]
    for power, name in _POWERS:
        if value >= power:
            high, low = divmod(value, power)
            return [*cardinal(high), name, *(cardinal(low) if low else [])]
    tens, ones = divmod(value, 10)
    return [_TENS[tens], *([_ONES[ones]] if ones else [])]


def ordinal(word: str) -> str:
    """The ordinal of a number's last word: *third* for *three*."""
    if word in _ORDINALS:
        return _ORDINALS[word]
    return word[:-1] + "ieth" if word.endswith("y") else word + "th"
