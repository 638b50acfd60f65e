"""Text files that an attacker might send to make a reader fail: changed valid ones, and new ones of the same words."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

Dice = random.Random
NUMBERS = [
    *("0", "-0", "-1", "1e308", "-1e308", "1e999", "NaN", "nan", "Infinity", "inf", "-inf", "1e-320", "0x10", "1_0"),
    *("9" * 30, "9" * 5000, "3.0000000000000001", "2020-13-45", "true", "null", '""'),
]
"""Replacements for a number."""
STRINGS = [
    *("", " ", "\\n", "\n", "\\u0000", "\\ud800", "\\u2028", "\\u202e", "\x00", "\x7f", "\ufeff", "\U0001f600"),
    *("a" * 300, "[PERSON]", "../../etc/passwd", "%s%n", "{0}", "<v Eve>", "-->", '"""', "'''", "p1"),
]
"""Additions to a string."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_STRING = re.compile(r'"[^"\n]*"')
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_DEEP = ["[", "{", '{"a":', "a.", "[[", "(", '{"changes":[']


def _number(text: str, dice: Dice) -> str:
    return _instead(_NUMBER, text, dice, lambda _: dice.choice(NUMBERS))


def _string(text: str, dice: Dice) -> str:
    return _instead(_STRING, text, dice, lambda old: f'"{old[1:-1]}{dice.choice(STRINGS)}"')


def _word(text: str, dice: Dice) -> str:
    words = _WORD.findall(text) or ["x"]
    return _instead(_WORD, text, dice, lambda _: dice.choice(words))


def _instead(what: re.Pattern[str], text: str, dice: Dice, new: Callable[[str], str]) -> str:
    found = list(what.finditer(text))
    if not found:
        return text + new('""')
    one = dice.choice(found)
    return text[: one.start()] + new(one[0]) + text[one.end() :]


def _deeper(text: str, dice: Dice) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + dice.choice(_DEEP) * dice.choice([1, 3, 200, 5000]) + text[at:]


def _cut(text: str, dice: Dice) -> str:
    a, b = sorted(dice.randrange(len(text) + 1) for _ in range(2))
    return text[:a] + text[b:]


def _again(text: str, dice: Dice) -> str:
    a, b = sorted(dice.randrange(len(text) + 1) for _ in range(2))
    return text[:b] + text[a:b] * dice.choice([1, 1, 2, 20]) + text[b:]


def _lines(text: str, dice: Dice) -> str:
    lines = text.split("\n")
    a, b = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines)


def _sign(text: str, dice: Dice) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + dice.choice("[]{}\",:=.#'\\\n\t -0") + text[at + dice.randrange(2) :]


CHANGES = (_number, _number, _string, _string, _word, _deeper, _cut, _again, _lines, _sign)


def mutated(valid: str, dice: Dice) -> bytes:
    """A valid text with one to five changes; sometimes with bytes that are not UTF-8."""
    text = valid
    for _ in range(dice.choice([1, 1, 1, 2, 3, 5])):
        text = dice.choice(CHANGES)(text, dice)[:2_000_000]
    data = text.encode("utf-8", "surrogatepass")
    if dice.random() < 0.05:
        at = dice.randrange(len(data) + 1)
        data = data[:at] + dice.randbytes(dice.randrange(1, 9)) + data[at:]
    return data


def _value(dice: Dice, words: Sequence[str], depth: int, pair: str) -> str:
    kind = dice.randrange(6 if depth > 0 else 3)
    if kind == 0:
        return dice.choice([*NUMBERS[:8], "0.5", "1", "3", "12.25"])
    if kind == 1:
        return f'"{dice.choice(words)}"'
    if kind == 2:
        return f'"{dice.choice(STRINGS)}"'
    inner = [_value(dice, words, depth - 1, pair) for _ in range(dice.randrange(4))]
    if kind == 3:
        return "[" + ", ".join(inner) + "]"
    key = '"{}"' if pair == ":" else "{}"
    return "{" + ", ".join(f"{key.format(dice.choice(words))} {pair} {value}" for value in inner) + "}"


def composed(valid: str, dice: Dice) -> bytes:
    """A new text from the words of a valid one, in its grammar: JSON, TOML or lines."""
    words = sorted(set(_WORD.findall(valid))) or ["x"]
    if valid.lstrip().startswith("{"):
        text = "{" + ", ".join(f'"{dice.choice(words)}": {_value(dice, words, 3, ":")}' for _ in range(8)) + "}"
    elif "=" in valid:
        rows = [f"{dice.choice(words)} = {_value(dice, words, 2, '=')}" for _ in range(dice.randrange(1, 8))]
        tables = [dice.choice(["[{}]", "[[{}]]"]).format(dice.choice(words)) for _ in range(dice.randrange(3))]
        rows += tables
        dice.shuffle(rows)
        text = "\n".join(rows)
    else:
        fields = [*words, *NUMBERS[:8], "0.5", "1", "<NA>", "-->", "00:00:01.000"]
        lines = (" ".join(dice.choice(fields) for _ in range(dice.randrange(1, 11))) for _ in range(5))
        text = valid.split("\n", 1)[0] + "\n" + "\n".join(lines)
    return text.encode("utf-8", "surrogatepass")
