"""Changes names in earlier results: the people's labels in a ``timeline.json``, and the texts made from it.

Nothing but the labels changes: what was masked, changed or silenced in the recording stays as it was. A name is only
written if it belongs to an enrolled person who agrees to be named today. The run's own labels are stored in
``timeline.labels.json`` beside the timeline, by number and registry id, never by name, so that every change can be
undone.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError

from discreet.results.folder import ANNOTATED, EXPORTS, PAGE, REPORT, TIMELINE, locked, output_error, rewrite
from discreet.results.reading import parse_timeline
from discreet.results.report import report_text
from discreet.results.report_page import renewed
from registered import Enrolled, Registry, name_key
from timeline import Document, InputError, PeopleError, Person, Timeline, read_file

LABELS = "timeline.labels.json"
Kind = Literal["tracks", "turns", "words", "redactions"]
_LISTS: tuple[Kind, ...] = get_args(Kind)


class EarlierLabel(Document):
    """A person of the document before a change; ``enrolled`` is the registry's id of the name, if there was one."""

    person: Person
    enrolled: str | None = None
    place: int = Field(ge=0)
    items: dict[Kind, list[Annotated[int, Field(ge=0)]]] = Field(default_factory=dict)


class Change(Document):
    """One change, with the labels before it."""

    when: str
    what: Literal["rename", "merge"]
    was: list[EarlierLabel]


class Labels(Document):
    """The sidecar file: every change, oldest first."""

    schema_: Literal["discreet/labels/1"] = Field("discreet/labels/1", alias="schema")
    changes: list[Change] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Relabelled:
    """The result of a change: the rewritten files, and notes for the user."""

    files: list[Path]
    notes: list[str]


def rename(path: Path, old: str, new: str, registry: Registry) -> Relabelled:
    """Rename a person of the timeline to ``new``: an enrolled person who agrees to be named, or the pseudonym.

    Raises:
        InputError: there is no timeline, or of a version that this one cannot read; or nobody, or more than one person,
            has the label ``old``.
        PeopleError: nobody of that name agreed to be named, or somebody else in the recording has it.
        OutputError: it cannot be written.
    """
    with _opened(path) as (timeline, labels):
        person = _called(timeline, old, path)
        after = person.model_copy(update={"name": _name(new, person, timeline, registry)})
        if after.name is not None:
            after = after.model_copy(update={"registered": True})
        was = [_was(timeline, person, registry, items=False)]
        people = [after if p.id == person.id else p for p in timeline.people]
        return _write(path, timeline.model_copy(update={"people": people}), _with(labels, "rename", was))


def merge(path: Path, kept: str, other: str, registry: Registry) -> Relabelled:
    """Merge two people of the timeline: the first keeps id and label; consent is what both had given.

    Raises:
        InputError: as :func:`rename`; or one of the two may not be quoted, but words of either are in the transcript.
        OutputError: it cannot be written.
    """
    with _opened(path) as (timeline, labels):
        one, two = _called(timeline, kept, path), _called(timeline, other, path)
        if one.id == two.id:
            raise InputError(f"{kept!r} and {other!r} are one person in {path}", "name two different people")
        quoted = one.quoted and two.quoted
        if not quoted and any(w.person in (one.id, two.id) and w.redaction is None for w in timeline.words):
            raise InputError(
                f"{path}: one of the two may not be quoted, and words of the other are written out",
                "process the recording again: then what this person says is silenced",
            )
        after = one.model_copy(update={"seen": one.seen and two.seen, "heard": one.heard and two.heard})
        # An enrolled person without a name here did not agree to it: the stricter answer wins.
        name = None if two.registered and two.name is None else one.name
        after = after.model_copy(
            update={"quoted": quoted, "registered": one.registered or two.registered, "name": name}
        )
        was = [_was(timeline, one, registry), _was(timeline, two, registry)]
        people = [after if p.id == one.id else p for p in timeline.people if p.id != two.id]
        return _write(path, _moved(timeline, two.id, one.id, people), _with(labels, "merge", was))


def restore(path: Path, registry: Registry) -> Relabelled:
    """Undo the last change. A name comes back only if its owner still agrees to be named.

    Raises:
        InputError: there is no change to undo; or as :func:`rename`.
    """
    with _opened(path) as (timeline, labels):
        if not labels.changes:
            raise InputError(f"no change of labels is known for {path}", "see: discreet people rename --help")
        *before, last = labels.changes
        people = {person.id: person for person in timeline.people}
        order = [person.id for person in timeline.people]
        lists: dict[str, list[Any]] = {name: list(getattr(timeline, name)) for name in _LISTS}
        for was in last.was:
            name = _still(was.enrolled, registry)
            people[was.person.id] = was.person.model_copy(update={"name": name})
            if was.person.id not in order:
                order.insert(was.place, was.person.id)
            for kind, places in was.items.items():
                if max(places, default=-1) >= len(lists[kind]):
                    raise InputError(f"{LABELS} does not belong to {path}", "restore the one that does, or remove it")
                for place in places:
                    lists[kind][place] = lists[kind][place].model_copy(update={"person": was.person.id})
        after = timeline.model_copy(update={"people": [people[id] for id in order], **lists})
        return _write(path, after, labels.model_copy(update={"changes": before}))


# -- the document -----------------------------------------------------------------------------------------------------


def _called(timeline: Timeline, label: str, path: Path) -> Person:
    """The one person with that name, pseudonym or id."""
    key = name_key(label)
    for names in ([p.name for p in timeline.people], [p.pseudonym for p in timeline.people]):
        found = [
            p for p, name in zip(timeline.people, names, strict=True) if name is not None and name_key(name) == key
        ]
        if len(found) > 1:
            ids = " or ".join(p.id for p in found)
            raise InputError(f"{len(found)} people are called {label!r} in {path}", f"name one by id: {ids}")
        if found:
            return found[0]
    for person in timeline.people:
        if person.id == label:
            return person
    known = ", ".join(f"{p.label} ({p.id})" for p in timeline.people) or "nobody"
    raise InputError(f"nobody is called {label!r} in {path}", f"in it are: {known}")


def _name(new: str, person: Person, timeline: Timeline, registry: Registry) -> str | None:
    """The name to write; None for the person's own pseudonym."""
    if name_key(new) == name_key(person.pseudonym):
        return None
    enrolled = registry.find(new)
    if enrolled is None:
        raise PeopleError(
            f"nobody called {new!r} is enrolled", "Discreet writes only names of enrolled people who agreed to it"
        )
    if not enrolled.consent.answers().named:
        raise PeopleError(
            f"{enrolled.name!r} has not agreed to be named",
            f"`discreet people consent` records it; or use the pseudonym {person.pseudonym!r}",
        )
    for other in timeline.people:
        if other.id != person.id and other.name is not None and name_key(other.name) == name_key(enrolled.name):
            raise PeopleError(
                f"{enrolled.name!r} is somebody else in that recording ({other.id})",
                f"if both are one person: discreet people merge {other.id} {person.id} --in ...",
            )
    return enrolled.name


def _still(id: str | None, registry: Registry) -> str | None:
    enrolled: Enrolled | None = registry.find(id) if id is not None else None
    return enrolled.name if enrolled is not None and enrolled.consent.answers().named else None


def _was(timeline: Timeline, person: Person, registry: Registry, items: bool = True) -> EarlierLabel:
    """The person as they are, without the name: a withdrawn name must not remain in the undo file."""
    enrolled = registry.find(person.name) if person.name is not None else None
    places = {
        name: [i for i, item in enumerate(getattr(timeline, name)) if item.person == person.id] for name in _LISTS
    }
    return EarlierLabel(
        person=person.model_copy(update={"name": None}),
        enrolled=enrolled.id if enrolled is not None else None,
        place=[p.id for p in timeline.people].index(person.id),
        items={name: found for name, found in places.items() if found} if items else {},
    )


def _moved(timeline: Timeline, origin: str, to: str, people: Sequence[Person]) -> Timeline:
    lists: dict[str, list[Any]] = {
        name: [
            item.model_copy(update={"person": to}) if item.person == origin else item
            for item in getattr(timeline, name)
        ]
        for name in _LISTS
    }
    return timeline.model_copy(update={"people": list(people), **lists})


def _with(labels: Labels, what: Literal["rename", "merge"], was: list[EarlierLabel]) -> Labels:
    when = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return labels.model_copy(update={"changes": [*labels.changes, Change(when=when, what=what, was=was)]})


# -- the files --------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tuple[Timeline, Labels]]:
    """The timeline and its sidecar; the folder is locked meanwhile."""
    if path.is_dir():
        path /= TIMELINE
    with locked(path.parent):
        try:
            text = read_file(path)
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}", "give the path of a timeline.json") from None
        yield parse_timeline(path, text), _labels(path.with_name(LABELS))


def _labels(path: Path) -> Labels:
    try:
        return Labels.model_validate_json(read_file(path))
    except FileNotFoundError:
        return Labels.model_validate({})
    except (OSError, ValidationError):
        raise InputError(f"{path} cannot be read", "restore it, or remove it: then no change can be undone") from None


def _write(path: Path, timeline: Timeline, labels: Labels) -> Relabelled:
    """Write the sidecar first, so that the change can be undone, and the timeline last."""
    folder = path if path.is_dir() else path.parent
    try:  # the timeline must be valid before it is written
        timeline = Timeline.model_validate(timeline.model_dump(by_alias=True))
    except ValidationError:
        raise InputError(f"{path}: the change does not fit the timeline", f"see {LABELS} beside it") from None
    texts = {LABELS: labels.model_dump_json(by_alias=True) + "\n"}
    texts |= {name: export(timeline) for name, export in EXPORTS.items() if (folder / name).exists()}
    if (folder / REPORT).exists():
        texts[REPORT] = report_text(timeline)
    if (folder / PAGE).exists():
        texts[PAGE] = renewed(folder / PAGE, timeline)
    texts[TIMELINE if path.is_dir() else path.name] = timeline.to_json()
    for name, text in texts.items():
        try:
            rewrite(folder, name, text)
        except OSError as error:
            raise output_error(error, folder / name) from error
    notes = ["What was masked, changed or silenced in the recording stays as it was."]
    if (folder / ANNOTATED).exists():
        notes.append(f"{ANNOTATED} still shows the former labels: remove it, or process the recording again.")
    return Relabelled([folder / name for name in texts], notes)
