"""Which models the gate looks and listens with, and what then stays unchecked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from discreet.config.settings import Settings
from discreet.share.checks.faces import BareFaces, Recognition
from discreet.share.checks.voices import OwnVoices
from discreet.share.identity_links import links
from registered import Enrolled, Gallery, Registry
from sharing import Checker, Finding
from timeline import Timeline

DETECTORS = ("centerface", "scrfd-500m", "retinaface-mnet", "yunet")
"""Face detectors in the order in which they are taken; the run's own come last."""
GATE_DETECTOR = DETECTORS[0]
"""The one whose scores the gate's threshold was measured on."""
RECOGNISERS = ("arcface-mbf", "sface")
SAME = 0.45
"""Cosine from which on two pictures show one person, for recognisers that were not measured."""
VOICEPRINTS = ("titanet-l", "titanet-s", "campplus", "ecapa", "ecapa+campplus")


@dataclass(frozen=True)
class HiddenPeople:
    """Who is looked and listened for.

    Attributes:
        people: everybody enrolled.
        seen: ids of those of them who may be seen.
        heard: ids of those who may be heard.
        shown: ids in a document of those who may be seen.
    """

    people: tuple[Enrolled, ...]
    seen: frozenset[str]
    heard: frozenset[str]
    shown: Callable[[Timeline], frozenset[str]]


def hidden_people(registry: Registry) -> HiddenPeople:
    """Whom to look for in results: by what people agree to today, whatever they agreed to at the time of the run."""
    answers = registry.consents()
    seen = frozenset(id for id, one in answers.items() if one.seen)

    def shown(timeline: Timeline) -> frozenset[str]:
        known = links(registry, timeline)
        withdrawn = {id for id, person in known.items() if person not in seen}
        return frozenset(person.id for person in timeline.people if person.seen) - withdrawn

    heard = frozenset(id for id, one in answers.items() if one.heard)
    return HiddenPeople(tuple(registry.people()), seen, heard, shown)


class LazyChecker:
    """A checker that is made when the first recording is handed to it: what holds none needs no models.

    Args:
        make: makes the checker; what it raises counts as a finding of the gate.
    """

    def __init__(self, make: Callable[[], Checker]) -> None:
        self._make = make
        self._made: Checker | None = None

    def __call__(self, path: Path, name: str, timeline: Timeline) -> Sequence[Finding]:
        """See :class:`sharing.Checker`."""
        if self._made is None:
            self._made = self._make()
        return self._made(path, name, timeline)


@dataclass(frozen=True)
class Checks:
    """The checkers, and what none of them covers, for people."""

    checkers: tuple[Checker, ...]
    not_checked: tuple[str, ...]


def checks_for(store: Any, settings: Settings, hidden: HiddenPeople) -> Checks:
    """The checkers for faces and voices.

    Args:
        store: ``weights.Store``.
        settings: those of the run, as far as they are known.
        hidden: who is looked and listened for.

    No model is loaded before a recording is checked.
    """
    faces, about_faces = _faces(store, settings, hidden)
    voices, about_voices = _voices(store, settings, hidden)
    return Checks((faces, *voices), (*about_faces, *about_voices))


def _faces(store: Any, settings: Settings, hidden: HiddenPeople) -> tuple[Checker, list[str]]:
    own = settings.vision.detect.detector.split("+")
    name = (
        _first((*(name for name in DETECTORS if name not in own), *own), lambda name: _is_stored(store, name)) or own[0]
    )
    recogniser = _recogniser(store, settings, hidden)
    said = [f"faces that {name} cannot find: dim, turned away, or under some 2 % of the picture's width"]
    if name in own:
        said.append(f"faces with another detector than the run's: none is here (discreet weights fetch {DETECTORS[0]})")
    if recogniser is None and hidden.people:
        said.append("whether a shown face is somebody else's: there are no face templates to compare with")
    return LazyChecker(lambda: _bare_faces(store, settings, hidden, name, recogniser)), said


def _bare_faces(
    store: Any, settings: Settings, hidden: HiddenPeople, detector: str, recogniser: str | None
) -> BareFaces:
    from vision import DetectSettings, make_detector, make_recogniser, same_person
    from vision.detection import FaceSearch

    detect = DetectSettings(width=settings.vision.detect.width)
    search = FaceSearch(make_detector(store, detector, settings.vision), detect).overview
    recognition = None
    if recogniser is not None:
        gallery = Gallery.of(recogniser, ((p.id, p.faces, p.quality) for p in hidden.people))
        unseen = frozenset(gallery.ids) - hidden.seen
        same = same_person(store, recogniser)
        made = make_recogniser(store, recogniser, settings.vision)
        recognition = Recognition(made, gallery, unseen, SAME if same is None else same)
    return BareFaces(search, hidden.shown, recognition, settings.capture)


def _recogniser(store: Any, settings: Settings, hidden: HiddenPeople) -> str | None:
    """The recogniser that has templates of somebody who may not be seen; None where there is none."""
    unseen = [person for person in hidden.people if person.id not in hidden.seen]
    own = settings.vision.recognise.recogniser
    names = (*(name for name in RECOGNISERS if name != own), own)
    return _first(names, lambda name: _is_stored(store, name) and any(name in person.faces for person in unseen))


def _voices(store: Any, settings: Settings, hidden: HiddenPeople) -> tuple[tuple[Checker, ...], list[str]]:
    unheard = [person for person in hidden.people if person.id not in hidden.heard]
    said = ["original voices of people who are not enrolled: there is nothing to compare them with"]
    own = settings.diarization.voiceprint

    def usable(name: str) -> bool:
        here = all(_is_stored(store, part) for part in name.split("+"))
        return here and any(name in person.voices for person in unheard)

    name = _first((*(name for name in VOICEPRINTS if name != own), own), usable)
    without = sum(name not in person.voices for person in unheard)
    if without:
        said.append(f"original voices of {without} enrolled people without a voice template of a model that is here")
    if name is None:
        return (), said
    if name == own:
        said.append("original voices with another model than the run's: there are no templates of one")
    ids = frozenset(person.id for person in unheard)
    return (LazyChecker(lambda: _own_voices(store, settings, hidden, name, ids)),), said


def _own_voices(store: Any, settings: Settings, hidden: HiddenPeople, name: str, unheard: frozenset[str]) -> OwnVoices:
    from diarization import SpeechFinder, make_voiceprint

    embedder = make_voiceprint(store, settings.diarization.model_copy(update={"voiceprint": name}))
    gallery = Gallery.of(name, ((p.id, p.voices, p.quality) for p in hidden.people))
    return OwnVoices(embedder, SpeechFinder.from_store(store), gallery, unheard, settings.capture)


def _is_stored(store: Any, name: str) -> bool:
    """Whether a model of the list is on this machine; of a plugin's models the store knows nothing."""
    known = name in {*DETECTORS, *RECOGNISERS, *(part for names in VOICEPRINTS for part in names.split("+"))}
    return known and bool(store.has(name))


def _first(names: tuple[str, ...], usable: Callable[[str], bool]) -> str | None:
    return next((name for name in names if usable(name)), None)
