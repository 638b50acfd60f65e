"""``discreet share procedures``, ``participants`` and ``destroy``."""

from __future__ import annotations

from typer.testing import CliRunner

from discreet.cli.app import app
from tests.discreet.share.conftest import Place, place, recording  # noqa: F401  (fixtures)
from timeline import ExitCode


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["share", *map(str, arguments), "--project", "study-1"])
    return done.exit_code, done.output


def test_documents_are_printed_or_written(place: Place) -> None:  # noqa: F811
    assert "Anonymisation procedures" in run("procedures")[1]
    assert run("participants", "--out", place.out / "page.md")[0] == 0
    assert "How to withdraw" in (place.out / "page.md").read_text()


def test_an_export_is_destroyed_and_certified(place: Place) -> None:  # noqa: F811
    made = place.export("transcript")
    place.project.ledger.recall([made.record.id], "withdrawn", made.record.at)
    assert made.record.id in run("destroy")[1]
    code, text = run("destroy", place.out / "out", "--certificate", place.out / "certificates", "--yes")
    assert (code, "none found" in text) == (0, True), text
    assert made.record.id not in run("destroy")[1]


def test_what_is_no_export_is_told(place: Place) -> None:  # noqa: F811
    assert run("destroy", place.out, "--yes")[0] == ExitCode.INPUT
