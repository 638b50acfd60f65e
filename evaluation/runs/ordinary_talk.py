"""Private words in ordinary talk: how many are found, and how many other words are redacted by mistake.

The text set has something private in nearly every sentence, in a few templates. People mostly talk of other things.
There wrong finds cost most, and names occur in sentences that no template has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from redaction import Entity

TALK = Path(__file__).with_name("ordinary.txt")
_PRIVATE = re.compile(r"\{(.+?)\}")


def talk() -> list[tuple[str, list[range]]]:
    """Lines of talk, and the places of something private in each."""
    out = []
    for line in TALK.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        parts, private = _PRIVATE.split(line), []
        for i in range(1, len(parts), 2):
            start = sum(map(len, parts[:i]))
            private.append(range(start, start + len(parts[i])))
        out.append(("".join(parts), private))
    return out


def as_heard(text: str) -> str:
    """The text at the same length in lower case and without punctuation, except apostrophes and e-mail addresses."""
    return re.sub(r"[^\w\s'@.]|\.(?!\w)", " ", text.lower())


def ordinary(name: str, find: Callable[[str], Sequence[Entity]]) -> None:
    """Print recall of private words and the share of other words that are redacted, with and without capitals."""
    for how, change in (("as written", str), ("no capitals", as_heard)):
        found = private = taken = others = 0
        for text, spans in talk():
            text = change(text)
            gone = {i for f in find(text) for i in range(f.start, f.end)}
            inside = {i for span in spans for i in span}
            private += len(spans)
            found += sum(all(i in gone for i in span if text[i].isalnum()) for span in spans)
            for word in re.finditer(r"\S+", text):
                place = set(range(word.start(), word.end()))
                if not place & inside:
                    others += 1
                    taken += bool(place & gone)
        print(
            f"ordinary talk, {how:11} {name:9} found {found / private:.3f} of {private} private, "
            f"took {taken / others:.4f} of {others} other words"
        )
