"""How far results have got."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from discreet.review import decide
from discreet.review.decision_kinds import Approve
from discreet.review.open_items import attention
from discreet.review.states import States
from discreet.share.identity_links import key_of
from discreet.share.project import Project
from registered import Registry
from sharing.exports import ExportRecord
from timeline import Timeline

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    return Registry.open(None)


def exported(registry: Registry, timeline: Timeline) -> Project:
    pytest.importorskip("cedarpy")
    project = Project.create("study-1", registry, "research", "A university", "mail@example.org")
    session = project.tokens.session(key_of(registry, timeline))
    record = ExportRecord(
        id="E-ABCDEFGHIJKLM", at=NOW, recipient="r", role="researcher", purpose="study", level="transcript",
        keep_until=NOW.date(), sessions=(session,),
    )  # fmt: skip
    project.ledger.add(record)
    return project


def test_results_without_decisions_are_processed(registry: Registry, results: Path, timeline: Timeline) -> None:
    assert States(registry)(results, timeline) == "processed"


def test_they_are_reviewed_when_nothing_is_left_to_decide(
    registry: Registry, results: Path, timeline: Timeline
) -> None:
    first, *rest = [item.id for item in attention(timeline)]
    decide(results, lambda d: d.with_decision(Approve(items=(first,)), "Ann"))
    assert States(registry)(results, timeline) == "processed"
    decide(results, lambda d: d.with_decision(Approve(items=tuple(rest)), "Ann"))
    assert States(registry)(results, timeline) == "reviewed"


def test_decisions_of_another_recording_count_for_nothing(
    registry: Registry, results: Path, timeline: Timeline
) -> None:
    items = tuple(item.id for item in attention(timeline))
    decide(results, lambda d: d.with_decision(Approve(items=items), "Ann"))
    path = results / "decisions.json"
    path.write_text(path.read_text().replace(timeline.provenance.source, "cd" * 32))
    assert States(registry)(results, timeline) == "processed"


def test_what_was_exported_is_published_until_it_is_recalled(
    registry: Registry, results: Path, timeline: Timeline
) -> None:
    project = exported(registry, timeline)
    assert States(registry)(results, timeline) == "published"
    project.ledger.recall(["E-ABCDEFGHIJKLM"], "withdrawn", NOW)
    assert States(registry)(results, timeline) == "recalled"
    other = timeline.model_copy(update={"provenance": timeline.provenance.model_copy(update={"created": "later"})})
    assert States(registry)(results, other) == "processed"
