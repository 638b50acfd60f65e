"""Reading and writing ``decisions.json`` beside the results: never through a link, whole or not at all, 0600."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from discreet.results import TIMELINE
from discreet.results.folder import locked
from discreet.review.decisions import Decisions
from timeline import DiscreetError, ExitCode, Folder, InputError, Timeline, first_problem, open_file, write_error

DECISIONS = "decisions.json"
MOST_BYTES = 16 << 20
MOST_TIMELINE_BYTES = 1 << 30


class DecisionsError(DiscreetError):
    """A decisions file cannot be read, does not fit its recording, or asks for what nobody may decide."""

    exit_code = ExitCode.USAGE


def fresh(timeline: Timeline, *, second_reviewer: bool = False) -> Decisions:
    """A file without decisions for the results of ``timeline``.

    Raises:
        DecisionsError: the results do not name their recording; they are of an earlier version.
    """
    if not timeline.provenance.source:
        raise DecisionsError("these results do not say which recording they are of", "process the recording again")
    return Decisions(source=timeline.provenance.source, base=fingerprint(timeline), second_reviewer=second_reviewer)


def fingerprint(timeline: Timeline) -> str:
    """What tells the results from all others that ids and times of decisions could belong to; it holds no word."""
    rows: list[object] = [person.id for person in timeline.people]
    rows += [(track.id, track.start, track.end, track.person) for track in timeline.tracks]
    rows += [(turn.person, turn.start, turn.end) for turn in timeline.turns]
    rows += [(word.start, word.end, word.redaction) for word in timeline.words]
    rows += [(redaction.id, redaction.kind, redaction.start, redaction.end) for redaction in timeline.redactions]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]


def read_decisions(path: Path, source: str | None = None) -> Decisions:
    """The decisions in ``path``.

    Args:
        path: the file; a folder of results stands for the file in it.
        source: ``provenance.source`` of the results they must belong to; None: any.

    Raises:
        DecisionsError: it is not such a file, is too large, is a link, or belongs to another recording.
    """
    path = path / DECISIONS if path.is_dir() else path
    try:
        with os.fdopen(open_file(path), "rb") as file:
            text = file.read(MOST_BYTES + 1)
    except OSError as error:
        why = "is a link" if error.errno == errno.ELOOP else f"cannot be read: {error.strerror}"
        raise DecisionsError(f"decisions {path} {why}", "check the path") from error
    if len(text) > MOST_BYTES:
        raise DecisionsError(
            f"decisions {path} is larger than {MOST_BYTES >> 20} MB", "give the decisions.json that Discreet wrote"
        )
    try:
        decisions = Decisions.model_validate_json(text)
    except ValidationError as error:
        raise DecisionsError(
            f"decisions {path}: {first_problem(error)}", "correct the line, or restore the file"
        ) from None
    if source is not None and decisions.source != source:
        raise DecisionsError(
            f"decisions {path} belongs to another recording", "give the decisions.json of this recording's results"
        )
    return decisions


def decisions_of(folder: Path) -> tuple[Timeline, Decisions]:
    """The timeline of the results in ``folder`` and what was decided about them, nothing if there is no file yet.

    Raises:
        InputError: there are no results, or they cannot be read.
        DecisionsError: as :func:`read_decisions`.
    """
    timeline = results_in(folder)
    start = fresh(timeline)
    if not os.path.lexists(folder / DECISIONS):
        return timeline, start
    return timeline, read_decisions(folder / DECISIONS, start.source)


def results_in(folder: Path) -> Timeline:
    """The timeline of the results in ``folder``. Raises InputError if there is none that can be read."""
    path = folder / TIMELINE
    try:
        with os.fdopen(open_file(path), "rb") as file:
            text = file.read(MOST_TIMELINE_BYTES + 1)
        return Timeline.from_json(text[:MOST_TIMELINE_BYTES])
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "give the folder of results") from None
    except ValidationError:
        raise InputError(f"{path} is not a timeline of this version", "process the recording again") from None


def decide(folder: Path, change: Callable[[Decisions], Decisions]) -> Decisions:
    """Read the decisions in ``folder``, change them and write them, while nobody else does.

    Args:
        folder: of results.
        change: gives the decisions after, from those before; what it raises is raised, and nothing is written.

    Raises:
        InputError: there are no results in it.
        DecisionsError: the decisions cannot be read, or the change took away an entry.
        OutputError: another program writes in the folder, or the file cannot be written; what was there stays.
    """
    with locked(folder):
        _, before = decisions_of(folder)
        after = change(before)
        if after.source != before.source or after.entries[: len(before.entries)] != before.entries:
            raise DecisionsError("a decision may be undone, but not removed", "undo it")
        if after != before:
            write_decisions(folder, after)
        return after


def write_decisions(folder: Path, decisions: Decisions) -> None:
    """Write ``decisions.json`` in ``folder``. Raises OutputError if it cannot be written; what was there stays."""
    try:
        with Folder(folder) as here:
            here.write(DECISIONS, decisions.to_json(), private=True)
    except OSError as error:
        raise write_error(folder / DECISIONS, error) from None
