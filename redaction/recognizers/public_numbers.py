"""Numbers that are nobody's: somebody counts, or names a road or a version."""

from __future__ import annotations

import re
from collections.abc import Sequence

from redaction.recognizers.settings import LEAST_SPOKEN
from redaction.text.lexicon import bare_word
from redaction.text.number_words import UNITS

_VERSION = re.compile(r"(?=.*(?<!\d)\d(?!\d))\d{1,2}\.\d{1,2}\.\d{1,2}")
_ROAD = re.compile(r"[ABM]\d{4}")


def is_counted(said: Sequence[str]) -> bool:
    """Whether somebody counts from one upwards, or down to one: "one, two, three, four"."""
    digits = [UNITS.get(bare_word(word).lower(), "") for word in said]
    up = [str(n) for n in range(1, len(said) + 1)]
    return len(said) >= LEAST_SPOKEN and digits in (up, up[::-1])


def is_public(said: Sequence[str], before: str) -> bool:
    """Whether a single token is the number of a road or of a version: "the B4009", "3.11.4"."""
    if len(said) != 1:
        return False
    word = bare_word(said[0])
    return bool(_VERSION.fullmatch(word) or (_ROAD.fullmatch(word) and re.search(r"\bthe\s+\Z", before)))
