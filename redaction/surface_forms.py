"""Surface forms: the words that were taken out, for finding them again. Kept in memory only, never shown or written.

A form is a sequence of runs of letters and digits, case folded, so that "O'Brien," and "o brien" are the same. Only
forms that reveal something are looked for: a single common word ("will", "may") occurs in every text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from redaction.attribution import UNQUOTED
from redaction.settings import FORM_DIGITS, FORM_LETTERS, FORM_PHRASE, UNQUOTED_WORDS
from redaction.text.lexicon import bare_word, is_common
from redaction.text.private_spans import PrivateSpan
from timeline import Word

AGAIN = "the same words are private elsewhere in the meeting"
_RUN = re.compile(r"[^\W_]+")

Form = tuple[str, ...]


def letter_runs(text: str) -> Form:
    """The runs of letters and digits in ``text``, case folded."""
    return tuple(_RUN.findall(unicodedata.normalize("NFKC", text).casefold()))


def is_revealing(form: Form) -> bool:
    """Whether the form reveals something on its own."""
    if len(form) == 1:
        word = form[0]
        if word.isdigit():
            return len(word) >= FORM_DIGITS
        return len(word) >= FORM_LETTERS and not is_common(word)
    return sum(map(len, form)) >= FORM_PHRASE


class SurfaceForms:
    """Looks for private words in any text. Its repr shows none.

    Args:
        said: ``(entity, words as they were said)``; each uncommon part of a person's name is looked for as well.
    """

    def __init__(self, said: Iterable[tuple[str, Sequence[str]]] = ()) -> None:
        self._by_first: dict[str, dict[Form, str]] = {}
        for entity, words in said:
            forms = [letter_runs(" ".join(bare_word(word) for word in words))]
            if entity == "PERSON":
                forms += [letter_runs(bare_word(word)) for word in words]
            for form in forms:
                if form and is_revealing(form):
                    self._by_first.setdefault(form[0], {})[form] = entity

    def __repr__(self) -> str:
        return f"SurfaceForms({sum(map(len, self._by_first.values()))})"

    def __bool__(self) -> bool:
        return bool(self._by_first)

    @property
    def rows(self) -> list[tuple[str, Form]]:
        """Every form with its entity, for keeping them sealed; :meth:`of_rows` takes them back."""
        return [(entity, form) for named in self._by_first.values() for form, entity in named.items()]

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[str, Sequence[str]]]) -> SurfaceForms:
        """What :attr:`rows` gave."""
        out = cls()
        for entity, form in rows:
            out._by_first.setdefault(form[0], {})[tuple(form)] = entity
        return out

    def without(self, other: SurfaceForms) -> SurfaceForms:
        """Without what the other looks for: somebody decided that it may stand."""
        gone = {form for _, form in other.rows}
        return self.of_rows((entity, form) for entity, form in self.rows if form not in gone)

    def joined(self, other: SurfaceForms) -> SurfaceForms:
        """A finder for the forms of both."""
        out = SurfaceForms()
        for forms in (self._by_first, other._by_first):
            for first, named in forms.items():
                out._by_first.setdefault(first, {}).update(named)
        return out

    def places(self, text: Form) -> Iterator[tuple[int, int, str]]:
        """``(first, last, entity)`` of each occurrence in the runs ``text``, ``last`` included."""
        for at, run in enumerate(text):
            for form, entity in self._by_first.get(run, {}).items():
                if text[at : at + len(form)] == form:
                    yield at, at + len(form) - 1, entity

    def within(self, text: str, *, numbers: bool = True, least: int = 0) -> str | None:
        """The entity of a form that occurs in ``text``, or None.

        Args:
            text: any text.
            numbers: also look for forms of digits alone; a text full of times and counts contains many.
            least: fewest letters and digits of a form that counts.
        """
        found = letter_runs(text)
        for first, last, entity in self.places(found):
            form = found[first : last + 1]
            if (numbers or not all(run.isdigit() for run in form)) and sum(map(len, form)) >= least:
                return entity
        return None


def forms_of(words: Sequence[Word], private: Iterable[PrivateSpan]) -> SurfaceForms:
    """The forms of the spans ``private`` of ``words``."""
    return SurfaceForms((span.entity, [w.text for w in words[span.first : span.last + 1]]) for span in private)


def unquoted_forms(before: Sequence[Word], after: Sequence[Word]) -> SurfaceForms:
    """Forms of what was left out because its speaker is not quoted: stretches of eight words.

    Args:
        before: the words before any were left out.
        after: those that were kept.
    """
    kept = {(word.start, word.end, word.text) for word in after}
    stretches: list[list[str]] = [[]]
    for word in before:
        if word.redaction is not None or (word.start, word.end, word.text) in kept:
            stretches.append([])
        else:
            stretches[-1].append(word.text)
    return SurfaceForms(
        (UNQUOTED, stretch[at : at + UNQUOTED_WORDS])
        for stretch in stretches
        for at in range(0, len(stretch) - UNQUOTED_WORDS + 1, UNQUOTED_WORDS)
    )


def repeated(words: Sequence[Word], private: Sequence[PrivateSpan]) -> list[PrivateSpan]:
    """Repetitions of private words that were not found: what is private once is always private."""
    forms = forms_of(words, private)
    if not forms:
        return []
    flat: list[str] = []
    owner: list[int] = []
    for index, word in enumerate(words):
        own = letter_runs(bare_word(word.text))
        flat += own
        owner += [index] * len(own)
    found = {i for span in private for i in range(span.first, span.last + 1)}
    out: list[PrivateSpan] = []
    for first, last, entity in forms.places(tuple(flat)):
        place = range(owner[first], owner[last] + 1)
        if not found.issuperset(place):
            out.append(PrivateSpan(place[0], place[-1], entity, 0.6, AGAIN))
    return out
