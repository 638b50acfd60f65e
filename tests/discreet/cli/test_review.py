"""``discreet review``, ``open`` and ``library``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from discreet.cli.app import app
from timeline import ExitCode, Recording, Timeline


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What would have been opened on the desktop."""
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    opened: list[str] = []
    monkeypatch.setattr("typer.launch", lambda url: opened.append(url) or 0)
    return opened


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "meetings" / "one-safe"
    folder.mkdir(parents=True)
    (folder / "timeline.json").write_text(Timeline(recording=Recording(duration=2.0)).to_json(), encoding="utf-8")
    for name in ("report.html", "safe.mp4"):
        (folder / name).write_text("x", encoding="utf-8")
    return folder


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.parametrize(("show", "name"), [("report", "report.html"), ("recording", "safe.mp4"), ("folder", ".")])
def test_open_opens_what_is_asked_for(results: Path, started: list[str], show: str, name: str) -> None:
    assert run("open", results, "--show", show).exit_code == 0
    assert started == [str(results / name)]


def test_open_says_what_is_missing(results: Path, started: list[str]) -> None:
    (results / "report.html").unlink()
    assert run("open", results).exit_code == ExitCode.INPUT
    assert run("open", results, "--show", "music").exit_code == ExitCode.USAGE
    assert run("open", results.parent).exit_code == ExitCode.INPUT
    assert started == []


def test_library_lists_recordings_and_results_with_their_state(results: Path) -> None:
    (results.parent / "two.mp4").write_text("x")
    rows = json.loads(run("library", results.parent, "--json").output)
    assert [(Path(row["path"]).name, row["state"]) for row in rows] == [
        ("one-safe", "processed"),
        ("two.mp4", "recorded"),
    ]
    assert "processed" in run("library", results.parent).output


def test_library_of_an_empty_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "nothing here" in run("library", tmp_path / "empty").output


@pytest.mark.parametrize("missing", ["timeline.json", "safe.mp4"])
def test_review_refuses_what_is_not_whole(results: Path, missing: str) -> None:
    (results / missing).unlink()
    assert run("review", results).exit_code == ExitCode.INPUT


def test_review_opens_the_address_and_ends_when_nobody_comes(
    results: Path, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discreet.review.server.lifetime.FIRST", 0.0)
    done = run("review", results)
    assert done.exit_code == 0, done.output
    assert "no browser opened the page" in done.output
    assert started[0].startswith("http://127.0.0.1:")
