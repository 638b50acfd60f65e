"""Full stops for a recogniser that writes none: where somebody stops for a moment, a sentence ends.

Without them, the number that ends a sentence runs into the one that begins the next, and nobody can tell how far an
address goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from redaction.text.lexicon import FUNCTION, is_word
from redaction.text.spans import PAUSE
from timeline import Word

_MARKS = (".", "?", "!")
_ANNOUNCE = {"number", "name", "address", "email", "street", "called", "named", "mister", "missus", "doctor"}
_GOES_ON = (FUNCTION | _ANNOUNCE) - {
    "yes", "no", "okay", "ok", "well", "oh", "thanks", "please", "bye", "hi", "hey", "it", "me", "him", "her", "us",
    "them", "you", "that", "this", "here", "there", "now", "then", "today", "tomorrow", "yesterday", "soon", "too",
    "again", "out", "up", "down", "off", "on", "in", "over",
}  # fmt: skip
"""Behind these somebody only thinks: "my name is ... Okonkwo"."""


def punctuated(words: Sequence[Word]) -> list[str]:
    """The words as texts; those before a pause get a full stop, if there is none anywhere or a capital follows."""
    texts = [word.text for word in words]
    none = not any(text.endswith(_MARKS) for text in texts)
    for i, (word, behind) in enumerate(pairwise(words)):
        pause = behind.start - word.end >= PAUSE and texts[i][-1:].isalnum() and texts[i].lower() not in _GOES_ON
        if pause and (none or (texts[i + 1][:1].isupper() and is_word(texts[i + 1]))):
            texts[i] += "."
    return texts
