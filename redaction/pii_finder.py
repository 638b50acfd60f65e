"""Finding private words: presidio, our own recognisers for speech, known names, and the policy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from redaction.recognizers.address_extension import join_address_parts
from redaction.recognizers.announced_addresses import announced_addresses, announced_emails
from redaction.recognizers.announcements import announced
from redaction.recognizers.capitalised import capitals, cities, countries, grown, pairs
from redaction.recognizers.dates import birth_dates
from redaction.recognizers.filters import cut_at_sentence, has_rare, not_of_holidays, plausible, without_common_words
from redaction.recognizers.introduced_names import introduced_names
from redaction.recognizers.known_names import Allowed, KnownNames, MentionRule
from redaction.recognizers.places import places
from redaction.recognizers.presidio import PresidioFinder, spacy_pipeline
from redaction.recognizers.record_numbers import record_numbers
from redaction.recognizers.spelled import spelled_emails, spelled_letters
from redaction.recognizers.spoken_numbers import numbers
from redaction.recognizers.street_addresses import addresses
from redaction.recognizers.unannounced_addresses import bare_addresses
from redaction.settings import MENTION_SCORE, SEED_SCORE, RedactionSettings
from redaction.surface_forms import SurfaceForms, forms_of, repeated
from redaction.text.entity import Entity, EntityRecogniser, merge
from redaction.text.lexicon import bare_word, is_common, is_familiar, is_family, is_given, is_word
from redaction.text.private_spans import PrivateSpan, RedactedWords, redact
from redaction.text.punctuation import punctuated
from redaction.text.utterance import Utterance
from redaction.text.windows import united, windows
from timeline import ModelError, Progress, Redaction, Segment, Word, load_plugin, silent
from weights import Store

SPEECH_RECOGNISERS: tuple[EntityRecogniser, ...] = (
    announced,
    numbers,
    record_numbers,
    spelled_emails,
    spelled_letters,
    introduced_names,
    addresses,
    announced_addresses,
    announced_emails,
    bare_addresses,
    birth_dates,
    places,
    capitals,
    pairs,
    countries,
    cities,
)
"""Our own recognisers, for the way people say private things."""

_PLACE_AGAIN = MentionRule(
    "LOCATION", "a place that is private elsewhere in the meeting", MENTION_SCORE, near=False, parts=False
)


class NerRecogniser(Protocol):
    """A recogniser that can also run its named-entity model alone."""

    def __call__(self, text: str) -> list[Entity]:
        """Everything it finds."""
        ...

    def entities(self, text: str) -> list[Entity]:
        """What the named-entity model alone finds."""
        ...


class PiiRecogniser(Protocol):
    """What a plugin of the kind pii creates."""

    def __call__(self, utterance: Utterance) -> list[Entity]:
        """What is private in ``utterance``, each with a score and a reason."""
        ...


def _plugin(store: Store, settings: RedactionSettings, name: str) -> PiiRecogniser:
    found: PiiRecogniser | None = load_plugin("pii", name, PiiRecogniser, store, settings)
    if found is None:
        raise ModelError(
            f"no plugin called {name!r} finds private words", "install it, or take it out of redaction.pii"
        )
    return found


class PiiFinder:
    """Finds private words and replaces them with placeholders.

    Args:
        settings: policy, threshold, deny and allow lists, padding.
        ner: presidio, see :class:`~redaction.recognizers.presidio.PresidioFinder`; None: only our own recognisers
            (tests).
        people: names of enrolled people; every mention of them is private, whatever they agreed to.
        more: recognisers of plugins.
    """

    def __init__(
        self,
        settings: RedactionSettings,
        ner: NerRecogniser | None = None,
        people: Iterable[str] = (),
        more: Iterable[EntityRecogniser] = (),
    ) -> None:
        self._settings = settings
        self._ner = ner
        enrolled = MentionRule("PERSON", "the name of an enrolled person", 1.0, near=settings.near, plain=True)
        self._recognisers: tuple[EntityRecogniser, ...] = (*SPEECH_RECOGNISERS, KnownNames(people, enrolled), *more)
        listed = MentionRule("DENIED", "on the user's list", 1.0, near=settings.near, parts=False, common=True)
        self._denied = KnownNames(settings.deny, listed)
        self._allowed = Allowed(settings.allow)

    @classmethod
    def from_store(cls, store: Store, settings: RedactionSettings, people: Iterable[str] = ()) -> PiiFinder:
        """Set up with the named-entity model of the store.

        Raises:
            ModelError: the model or a plugin is missing or damaged.
        """
        ner = PresidioFinder.load(spacy_pipeline(store.path(settings.ner)), settings.threshold)
        return cls(settings, ner, people, [_plugin(store, settings, name) for name in settings.pii])

    def __call__(
        self,
        words: Sequence[Word],
        segments: Sequence[Segment] | None = None,
        progress: Progress = silent,
    ) -> tuple[list[Word], list[Redaction]]:
        """Words with placeholders, and what must become inaudible; ids are ``w1``, ``w2``, ...

        Args:
            words: as they were said, with their persons if known.
            segments: stretches of speech (s), to which a word without a reliable time is widened.
            progress: called with the share done.
        """
        done, _ = self.redact(words, segments, progress)
        return done.words, done.redactions

    def redact(
        self,
        words: Sequence[Word],
        segments: Sequence[Segment] | None = None,
        progress: Progress = silent,
    ) -> tuple[RedactedWords, SurfaceForms]:
        """Like the call, plus the original words of each redaction, and the surface forms that no text may contain."""
        ranges = windows(words)
        said = punctuated(words)
        texts = [Utterance.of([words[i] for i in window], [said[i] for i in window]) for window in ranges]
        private: list[PrivateSpan] = []
        for window, text, finds in zip(ranges, texts, self._find_all(texts, progress), strict=True):
            for find in finds:
                inside = text.words(find.start, find.end)
                if inside:
                    private.append(
                        PrivateSpan(window[inside[0]], window[inside[-1]], find.entity, find.score, find.reason)
                    )
        spans = united(private)
        done = redact(words, united([*spans, *repeated(words, spans)]), self._settings, segments)
        return done, forms_of(words, spans)

    def find(self, text: str) -> list[Entity]:
        """What is private in one text, disjoint and in order: everything that the policy does not keep."""
        return self._find_all([Utterance(text)], silent)[0]

    def _find_all(self, texts: Sequence[Utterance], progress: Progress) -> list[list[Entity]]:
        finds: list[list[Entity]] = []
        seeds: set[str] = set()
        places: set[str] = set()
        for at, text in enumerate(texts):
            found = self._allowed(text, self._first(text))
            finds.append(found)
            for find in found:
                if find.score >= SEED_SCORE:
                    target = seeds if find.entity == "PERSON" else places if find.entity == "LOCATION" else None
                    if target is not None:
                        target.add(text.text[find.start : find.end])
            progress(0.9 * (at + 1) / len(texts))
        again = (
            # A lower score than what was found on the spot, so that its own reason is reported there.
            KnownNames(_names(seeds), MentionRule(score=MENTION_SCORE, near=self._settings.near)),
            KnownNames(_names(places), _PLACE_AGAIN),
        )
        out: list[list[Entity]] = []
        for text, found in zip(texts, finds, strict=True):
            found = found + self._allowed(text, [f for known in again for f in known(text)]) + self._denied(text)
            out.append(
                merge(
                    f
                    for f in found
                    if f.score >= self._settings.threshold and self._settings.action(f.entity) != "keep"
                )
            )
        progress(1.0)
        return out

    def _first(self, utterance: Utterance) -> list[Entity]:
        finds = [find for recogniser in self._recognisers for find in recogniser(utterance)]
        text = utterance.text
        titled = Utterance(_titled(utterance))
        if not utterance.cased:
            # Streets are recognised by their capitals. Here every word has one, so one of them must be uncommon.
            streets = (cut_at_sentence(find, utterance) for find in addresses(titled))
            finds += [find for find in streets if has_rare(text[find.start : find.end])]
        if self._ner is not None:
            finds += [kept for f in self._ner(text) for kept in plausible(f, utterance)]
            if titled.text != text:
                found = (without_common_words(f, utterance) for f in self._ner.entities(titled.text))
                finds += [find for find in found if find is not None]
        finds = not_of_holidays(finds, text)
        return join_address_parts([grown(find, utterance) for find in finds], utterance)


def _titled(utterance: Utterance) -> str:
    """The text, equally long: each word capitalised if it had no capitals, else words in all capitals title-cased."""
    text = utterance.text
    if not utterance.cased:
        return re.sub(r"(?<![\w'’])[^\W\d_]", lambda m: _one(m.group().upper(), m.group()), text)
    return re.sub(
        r"\b[^\W\d_]{4,}\b", lambda m: _one(m.group().title(), m.group()) if m.group().isupper() else m.group(), text
    )


def _one(new: str, old: str) -> str:
    return new if len(new) == len(old) else old


def _names(found: Iterable[str]) -> list[str]:
    """Names worth looking for elsewhere: with a letter, and not a single common word or letter."""
    out = []
    for name in found:
        words = [bare_word(w) for w in name.split()]
        words = [w for w in words if len(w) > 1 and any(c.isalpha() for c in w)]
        if words and not (len(words) == 1 and (is_familiar(words[0]) or _no_name(words[0]))):
            out.append(" ".join(words))
    return out


def _no_name(word: str) -> bool:
    """Whether a word found on its own is no name elsewhere: an English word in lower case or in no list of names."""
    return (is_common(word) and not word[0].isupper()) or (is_word(word) and not is_given(word) and not is_family(word))
