"""Choosing surrogate names: consistent within a meeting, and never the name of anybody involved.

A name is drawn from a short list by a keyed hash of how the private name sounds. So all spellings of one name get the
same surrogate, and nobody can infer the name from the surrogate without the key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from redaction.text.lexicon import bare_word, sound
from timeline import Redaction, Word

KINDS = {"PERSON": ("first", "last"), "LOCATION": ("place",)}
"""Entities that have surrogates; all others are beeped."""
_TITLES = frozenset(
    ["mr", "mrs", "ms", "miss", "mister", "dr", "doctor", "prof", "professor", "sir", "madam", "uncle", "aunt"]
)


@dataclass(frozen=True, slots=True)
class SurrogateName:
    """A name of the list: its kind (``first``, ``last`` or ``place``), its spelling, and its phonemes."""

    kind: str
    text: str
    phonemes: str


@cache
def names() -> tuple[SurrogateName, ...]:
    """The list of surrogate names."""
    lines = (files("redaction.operators") / "surrogates.txt").read_text("utf-8").splitlines()
    return tuple(SurrogateName(*line.split("\t")) for line in lines if line and not line.startswith("#"))


def names_in(text: str) -> tuple[SurrogateName, ...] | None:
    """The names of the list that make up ``text``, in order; None if it contains anything else."""
    known = {name.text.lower(): name for name in names()}
    whole = known.get(" ".join(text.split()).lower())
    if whole is not None:
        return (whole,)
    parts = [known.get(part.lower()) for part in text.split()]
    found = tuple(part for part in parts if part is not None)
    return found if found and len(found) == len(parts) else None


class SurrogateChooser:
    """Chooses surrogates for private names.

    Args:
        secret: the key; the same key gives the same surrogate for the same name, as long as that is free.
        heard: everything said in the meeting, and the names of all enrolled people: no surrogate is, or sounds like,
            any of these words.
    """

    def __init__(self, secret: bytes, heard: Iterable[str]) -> None:
        self._secret = secret
        parts = [bare_word(part).lower() for text in heard for part in text.split()]
        taken, sounds = set(parts), {sound(part) for part in parts if part}
        self._free = [n for n in names() if n.text.lower() not in taken and sound(n.text) not in sounds]
        self._given: dict[tuple[str, str], SurrogateName] = {}

    def allows(self, name: SurrogateName) -> bool:
        """Whether the name is, and sounds like, nobody's."""
        return name in self._free

    def choose(
        self, redactions: Sequence[Redaction], said: Mapping[str, Sequence[Word]]
    ) -> dict[str, tuple[SurrogateName, ...]]:
        """Redaction id -> the names said in its place; ids without a surrogate are missing."""
        spoken = {
            r.id: (r.entity, _tokens(r.entity, said[r.id])) for r in redactions if r.id in said and r.entity in KINDS
        }
        # Somebody once called by first and last name is the same person when called by the last name alone.
        last = {_key(tokens[-1]) for entity, tokens in spoken.values() if entity == "PERSON" and len(tokens) > 1}
        out: dict[str, tuple[SurrogateName, ...]] = {}
        for id, (entity, tokens) in spoken.items():
            if not tokens:
                continue
            if entity != "PERSON":
                wanted = [("place", " ".join(tokens))]
            elif len(tokens) > 1:
                wanted = [("first", tokens[0]), ("last", tokens[-1])]
            else:
                wanted = [("last" if _key(tokens[0]) in last else "first", tokens[0])]
            chosen = [self._one(kind, _key(token)) for kind, token in wanted]
            if all(chosen):
                out[id] = tuple(name for name in chosen if name is not None)
        return out

    def _one(self, kind: str, key: str) -> SurrogateName | None:
        if (kind, key) not in self._given:
            used = set(self._given.values())
            free = [n for n in self._free if n.kind == kind]
            free = [n for n in free if n not in used] or free
            if not free:
                return None
            self._given[kind, key] = max(free, key=lambda n: self._rank(kind, key, n.text))
        return self._given[kind, key]

    def _rank(self, *parts: str) -> bytes:
        return hmac.new(self._secret, "\0".join(parts).encode(), hashlib.sha256).digest()


def _tokens(entity: str | None, words: Sequence[Word]) -> list[str]:
    tokens = [bare_word(word.text).lower() for word in words]
    return [t for t in tokens if t and not (entity == "PERSON" and t in _TITLES)]


def _key(token: str) -> str:
    return " ".join(sound(part) or part for part in token.split())
