"""``discreet audit``: commands for owners and auditors."""

from __future__ import annotations

import json
import sqlite3

from typer.testing import CliRunner

from discreet.cli.app import app
from tests.discreet.share.conftest import Place, place, recording  # noqa: F401  (fixtures)
from timeline import ExitCode


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["audit", *map(str, arguments)])
    return done.exit_code, done.output


def test_a_whole_log_passes_and_a_changed_one_does_not(place: Place) -> None:  # noqa: F811
    place.export("transcript")
    code, text = run("verify", "--export", place.out / "out")
    assert (code, "in order" in text) == (0, True)
    with sqlite3.connect(place.project.registry.folder / "sharing" / "audit.sqlite") as db:
        db.execute("DELETE FROM lines WHERE number = 3")
    db.close()
    code, text = run("verify", "--json")
    assert code == ExitCode.UNSAFE
    assert json.loads(text)["damage"] == ["line 3 is missing"]


def test_lines_are_listed_for_people_and_programs(place: Place) -> None:  # noqa: F811
    place.export("transcript")
    assert "export  allowed" in run("list")[1]
    assert json.loads(run("list", "--project", "study-1", "--json")[1])[-1]["action"] == "export"
    assert run("list", "--project", "other")[1] == ""


def test_unusual_days_are_listed(place: Place) -> None:  # noqa: F811
    for _ in range(3):
        place.project.note("export", outcome="refused")
    assert "3 refused requests in one day" in run("anomalies")[1]
    assert json.loads(run("anomalies", "--json")[1])[0]["kind"] == "refused"


def test_bundle_and_assessment_are_written_once(place: Place) -> None:  # noqa: F811
    for command in (
        ("bundle", "--out", place.out / "bundle"),
        ("dpia", "--project", "study-1", "--out", place.out / "dpia.md"),
    ):
        assert run(*command)[0] == 0
        assert run(*command)[0] == ExitCode.OUTPUT
    assert "impact assessment" in run("dpia", "--project", "study-1")[1]
