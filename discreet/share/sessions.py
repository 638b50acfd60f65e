"""The sessions of an export: read from results, with everybody who did not agree left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from discreet.config.settings import Settings
from discreet.results.folder import RECORDINGS, TIMELINE
from discreet.results.reading import read_timeline
from discreet.share.identity_links import key_of
from discreet.share.inclusion import Inclusion, Inclusions
from discreet.share.project import Project
from discreet.share.recording import as_made, write_further_masked
from discreet.share.request import ExportRequest
from sharing.levels import Session, sampled
from timeline import InputError, RefusedError, Timeline

WITH_RECORDING = ("deidentified", "demo")
"""Levels that hold the recording."""


def collect(
    project: Project, request: ExportRequest, settings: Settings, staging: Path
) -> tuple[list[Session], dict[str, Mapping[str, str]]]:
    """The sessions of a request, and who was left out of each and why.

    Args:
        project: decides about everybody.
        request: names the results.
        settings: how recordings are read and written.
        staging: a private folder for recordings that have to be masked further.

    Raises:
        RefusedError: nobody in them agreed.
        InputError: a folder holds no results, or two are the same session.
    """
    decides = Inclusions(project, request.asked)
    minutes = project.governance.sampling.minutes_per_person
    sessions: list[Session] = []
    left_out: dict[str, Mapping[str, str]] = {}
    for number, folder in enumerate(request.folders):
        _refuse_links(folder)
        timeline = read_timeline(folder)
        inclusion = decides.of(timeline, request.who)
        token = project.tokens.session(key_of(project.registry, timeline))
        session = Session(token, timeline, inclusion.people)
        if minutes is not None:
            session = sampled(session, minutes, lambda *what: project.tokens.draw("sample", *what))
        # Beside a part of the turns the whole recording must not stand.
        if request.level in WITH_RECORDING and session.timeline is timeline:
            recording = _recording(folder, timeline, inclusion, staging / f"{number}", settings)
            session = replace(session, recording=recording)
        sessions.append(session)
        left_out[token] = inclusion.left_out
    if len({session.token for session in sessions}) != len(sessions):
        raise InputError("two of the folders are the same session", "give each once")
    if not any(session.people for session in sessions):
        raise RefusedError(
            "nobody in these recordings agreed to this purpose in its present words",
            f"discreet share reconsent --project {project.name} --purpose {request.asked.purpose}",
        )
    return sessions, left_out


def _refuse_links(folder: Path) -> None:
    """Raise InputError for a link in place of a result: what it leads to was perhaps never made safe."""
    for name in (TIMELINE, *RECORDINGS[:2]):
        if (folder / name).is_symlink():
            raise InputError(f"{folder / name} is a link", "give the results themselves")


def _recording(folder: Path, timeline: Timeline, inclusion: Inclusion, place: Path, settings: Settings) -> Path | None:
    """The safe recording as it may leave, None where the results have none."""
    made = next((folder / name for name in RECORDINGS[:2] if (folder / name).is_file()), None)
    if made is None:
        return None
    if as_made(timeline, inclusion.people):
        return made
    target = place.with_suffix(made.suffix)
    write_further_masked(made, target, timeline, inclusion.people, settings.capture)
    return target
