"""Names known to be private: the user's list, enrolled people, and names found anywhere in the meeting.

A recogniser spells the same name in several ways ("Siobhan", "Shivaun"), and a named-entity model finds it in one
sentence and not in the next. A name that is private once is private at every mention.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from redaction.recognizers.settings import LEAST_NAME, LEAST_SPLIT_NAME, NEAR_LESS
from redaction.text.entity import Entity
from redaction.text.lexicon import bare_word, is_common, is_family, is_given, is_word, likeness, sound
from redaction.text.utterance import Utterance

_SENTENCE_END = (".", "?", "!", ":")


@dataclass(frozen=True, slots=True)
class MentionRule:
    """What counts as a mention of a known name, and how it is reported.

    Attributes:
        entity: what a mention is, e.g. ``PERSON``.
        reason: why it is private.
        score: of an exact mention, 0..1; a similar-sounding one has :data:`NEAR_LESS` less.
        near: also take words that sound like one of the names.
        parts: whether a single word of a name is a mention (true of people, not of phrases).
        common: also take a common word in lower case ("rose"), because the user listed it.
        plain: in text without capitals, also take English words that are hardly ever names ("apple").
    """

    entity: str = "PERSON"
    reason: str = "a name that is private elsewhere in the meeting"
    score: float = 0.9
    near: bool = True
    parts: bool = True
    common: bool = False
    plain: bool = False


_PEOPLE = MentionRule()


class KnownNames:
    """Finds every mention of some names. Its repr shows none.

    Args:
        names: names or phrases. Names of several words are looked for as a whole and, with ``parts``, word by word.
        rule: what counts as a mention.
    """

    def __init__(self, names: Iterable[str], rule: MentionRule = _PEOPLE) -> None:
        self._rule = rule
        self._phrases: set[tuple[str, ...]] = set()
        self._singles: set[str] = set()
        for name in names:
            words = tuple(bare_word(word).lower() for word in name.split() if bare_word(word))
            if len(words) == 1:
                self._singles.add(words[0])
            elif words:
                self._phrases.add(words)
                if rule.parts:
                    self._singles.update(word for word in words if len(word) >= LEAST_NAME)
        self._keys: dict[str, list[str]] = {}
        for word in self._singles:
            if len(word) > LEAST_NAME and not is_common(word):
                self._keys.setdefault(sound(word), []).append(word)

    def __repr__(self) -> str:
        return f"KnownNames({len(self._singles)} names, {self._rule.entity})"

    def __call__(self, utterance: Utterance) -> list[Entity]:
        """Every mention in ``utterance``."""
        tokens, cased = utterance.tokens, utterance.cased
        lower = [token.low for token in tokens]
        out: list[Entity] = []

        def add(start: int, end: int, how: str = "") -> None:
            score = round(self._rule.score - NEAR_LESS, 2) if how else self._rule.score
            reason = how.format(self._rule.reason) if how else self._rule.reason
            out.append(Entity(start, end, self._rule.entity, score, reason))

        for i, token in enumerate(tokens):
            for phrase in self._phrases:
                if tuple(lower[i : i + len(phrase)]) == phrase:
                    add(token.start, tokens[i + len(phrase) - 1].end)
            if self._rule.near and i + 1 < len(tokens) and self._split(lower[i], lower[i + 1]):
                add(token.start, tokens[i + 1].end, "sounds like {}, written as two words")
            first = i == 0 or tokens[i - 1].text.endswith(_SENTENCE_END)
            capital = token.text.lstrip("\"'([>")[:1].isupper()
            for part in _parts(lower[i]):
                if part in self._singles:
                    # "Will" is a name, "will" hardly ever is.
                    if self._rule.common or not is_word(part) or self._said_as_name(part, cased, capital and not first):
                        add(token.start, token.end)
                elif self._rule.near and self._sounds_like(part, capital):
                    add(token.start, token.end, "sounds like {}")
        return out

    def _said_as_name(self, part: str, cased: bool, capital: bool) -> bool:
        """Whether an English word is used as a name: by its capital or, in text without capitals, by lists of names."""
        return capital if cased else self._rule.plain or is_given(part) or is_family(part)

    def _split(self, one: str, two: str) -> bool:
        """Whether a recogniser split a name into two words ("Shiv on"); two common words must be spelled very
        similarly.
        """
        word = one + two
        if len(word) < LEAST_SPLIT_NAME or not one or not two or one in self._singles or two in self._singles:
            return False
        least = 0.75 if is_common(one) and is_common(two) else 0.5
        return any(likeness(word, name) >= least for name in self._keys.get(sound(word), ()))

    def _sounds_like(self, word: str, capital: bool) -> bool:
        if len(word) <= LEAST_NAME or is_common(word):
            return False
        least = 0.34 if capital else 0.5
        return any(likeness(word, name) >= least for name in self._keys.get(sound(word), ()))


def _parts(word: str) -> list[str]:
    """A word and, if it is hyphenated, its parts."""
    pieces = [bare_word(piece) for piece in word.split("-")] if "-" in word else []
    return [word, *(piece for piece in pieces if piece)]


class Allowed:
    """Words that are never private. Removes finds that consist of such a word or phrase."""

    def __init__(self, words: Iterable[str]) -> None:
        self._phrases = {" ".join(bare_word(part).lower() for part in word.split()) for word in words}

    def __call__(self, utterance: Utterance, finds: Iterable[Entity]) -> list[Entity]:
        """The finds that are still private."""
        if not self._phrases:
            return list(finds)
        return [find for find in finds if self._key(utterance.text[find.start : find.end]) not in self._phrases]

    @staticmethod
    def _key(text: str) -> str:
        return " ".join(bare_word(part).lower() for part in text.split())
