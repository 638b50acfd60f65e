"""Full stops for recognisers that write none: a sentence ends where somebody pauses.

Without them, the number that ends a sentence runs into the one that begins the next, and the end of an address is
unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from redaction.settings import SEGMENT_PAUSE
from redaction.text.lexicon import FUNCTION, is_word
from timeline import Word

_MARKS = (".", "?", "!")
_ANNOUNCE = {"number", "name", "address", "email", "street", "called", "named", "mister", "missus", "doctor"}
_GOES_ON = (FUNCTION | _ANNOUNCE) - {
    "yes", "no", "okay", "ok", "well", "oh", "thanks", "please", "bye", "hi", "hey", "it", "me", "him", "her", "us",
    "them", "you", "that", "this", "here", "there", "now", "then", "today", "tomorrow", "yesterday", "soon", "too",
    "again", "out", "up", "down", "off", "on", "in", "over",
}  # fmt: skip
"""After these words a pause is only for thought: "my name is ... Okonkwo"."""


def punctuated(words: Sequence[Word]) -> list[str]:
    """The words' texts, with full stops before pauses.

    One is added if the recogniser wrote none at all, or if a capital follows.
    """
    texts = [word.text for word in words]
    none = not any(text.endswith(_MARKS) for text in texts)
    for i, (word, behind) in enumerate(pairwise(words)):
        pause = (
            behind.start - word.end >= SEGMENT_PAUSE and texts[i][-1:].isalnum() and texts[i].lower() not in _GOES_ON
        )
        if pause and (none or (texts[i + 1][:1].isupper() and is_word(texts[i + 1]))):
            texts[i] += "."
    return texts
