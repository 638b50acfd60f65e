"""Counts the words that are heard differently."""

from __future__ import annotations

import re
from collections.abc import Sequence


def plain_words(text: str) -> list[str]:
    """The words of ``text`` in lower case, reduced to letters, digits and apostrophes."""
    return re.sub(r"[^\w' ]|_", " ", text.lower().replace("’", "'")).split()


def word_errors(reference: Sequence[str], heard: Sequence[str]) -> int:
    """Fewest words to replace, insert or remove (Levenshtein distance) to turn ``heard`` into ``reference``."""
    row = list(range(len(heard) + 1))
    for i, wanted in enumerate(reference, 1):
        before, row[0] = row[0], i
        for j, word in enumerate(heard, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != wanted))
    return row[-1]
