"""``discreet share export`` and what its recipient runs: the whole way as commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from tests.discreet.share.conftest import NAMES, Place, place, recording  # noqa: F401  (fixtures)
from timeline import ExitCode


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["share", *map(str, arguments)])
    return done.exit_code, done.output


def export(place: Place, out: Path, *more: object, purpose: str = "study") -> tuple[int, str]:  # noqa: F811
    asked = ("--project", "study-1", "--to", "partner", "--role", "researcher", "--purpose", purpose)
    return run(
        "export", *place.folders, *asked, "--level", "transcript", "--out", out, "--no-listen", "--no-look", *more
    )


@pytest.fixture
def key(place: Place) -> Path:  # noqa: F811
    code, text = run("key", "--project", "study-1")
    assert code == 0
    path = place.out / "study.pub"
    path.write_text(text)
    return path


def test_an_export_is_made_listed_verified_and_recalled(place: Place, key: Path) -> None:  # noqa: F811
    out = place.out / "out"
    code, text = export(place, out)
    assert code == 0, text
    assert "2 people" in text
    assert "left out" in text
    assert not any(name in text for name in NAMES)
    assert run("verify", out, "--key", key)[0] == 0
    assert "until" in run("list", "--project", "study-1")[1]
    code, text = run("revoke", NAMES[0], "--yes")
    assert code == 0
    assert "given to partner" in text
    assert "data/" in text
    assert "cannot be reached" in text
    assert "recalled" in run("list", "--project", "study-1")[1]
    recalls = place.project.folder / "recalls.json"
    code, text = run("verify", out, "--key", key, "--recalls", recalls)
    assert code == ExitCode.UNSAFE
    assert "recalled" in text


def test_programs_are_told_in_json(place: Place, key: Path) -> None:  # noqa: F811
    code, text = export(place, place.out / "out", "--json")
    made = json.loads(text)
    assert (code, made["export"]["level"]) == (0, "transcript")
    assert set(made["left_out"]) == set(made["export"]["sessions"])
    checked = json.loads(run("verify", place.out / "out", "--key", key, "--json")[1])
    assert (checked["valid"], checked["facts"]["id"]) == (True, made["export"]["id"])
    assert len(json.loads(run("list", "--project", "study-1", "--json")[1])) == 1


def test_exit_codes_tell_refusals_from_unsafe_results(place: Place) -> None:  # noqa: F811
    assert export(place, place.out / "a", purpose="reuse")[0] == ExitCode.REFUSED
    code, text = export(place, place.out / "b", "--deny", "berry")
    assert code == ExitCode.UNSAFE
    assert "line" in text
    assert not (place.out / "b").exists()


def test_who_is_who_can_be_told(place: Place) -> None:  # noqa: F811
    path = place.folders[0] / "timeline.json"
    path.write_text(path.read_text().replace("2026-01-01", "2025-01-01"))
    one = ("export", place.folders[0], "--project", "study-1", "--to", "partner", "--role", "researcher")
    rest = ("--purpose", "study", "--level", "transcript", "--no-listen", "--no-look", "--out", place.out / "out")
    assert run(*one, *rest)[0] == ExitCode.REFUSED
    assert run(*one, *rest, "--who", f"p1={NAMES[0]}")[0] == 0
    assert run(*one, *rest, "--who", "p1")[0] == ExitCode.INPUT


def test_a_folder_that_is_no_export_and_a_key_that_is_none_are_told(place: Place, key: Path) -> None:  # noqa: F811
    assert run("verify", place.out, "--key", key)[0] == ExitCode.INPUT
    assert run("verify", place.out, "--key", place.out / "none.pub")[0] == ExitCode.INPUT
