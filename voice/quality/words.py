"""How many words are heard otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence


def plain_words(text: str) -> list[str]:
    """Lower case, letters, digits and apostrophes only."""
    return re.sub(r"[^\w' ]|_", " ", text.lower().replace("’", "'")).split()


def word_errors(reference: Sequence[str], heard: Sequence[str]) -> int:
    """Least number of words to replace, insert or remove (Levenshtein distance) to get ``reference`` from ``heard``."""
    row = list(range(len(heard) + 1))
    for i, wanted in enumerate(reference, 1):
        before, row[0] = row[0], i
        for j, word in enumerate(heard, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != wanted))
    return row[-1]
