"""``discreet people newvoice``."""

from pathlib import Path

from typer.testing import CliRunner

from discreet.cli.app import app
from registered import Enrolled, Registry
from timeline import ExitCode


def test_somebody_is_given_another_voice(tmp_path: Path) -> None:
    registry = Registry.open(tmp_path, "file")
    before = registry.add(Enrolled.new("Ada"))
    done = CliRunner().invoke(app, ["people", "newvoice", "Ada", "--registered", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert before.id in done.output
    assert Registry.open(tmp_path, "file").get("Ada").voice_key != before.voice_key


def test_somebody_unknown_is_an_error(tmp_path: Path) -> None:
    Registry.open(tmp_path, "file")
    done = CliRunner().invoke(app, ["people", "newvoice", "Nobody", "--registered", str(tmp_path)])
    assert done.exit_code == ExitCode.PEOPLE
