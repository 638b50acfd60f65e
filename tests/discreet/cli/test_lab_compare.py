"""``discreet lab compare`` and ``select`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from discreet.cli.app import app
from timeline import ExitCode


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["lab", *map(str, arguments)])
    return done.exit_code, done.output


def test_a_comparison_needs_something_to_compare(tmp_path: Path) -> None:
    code, said = run("compare", tmp_path, "-o", tmp_path / "out")
    assert code == ExitCode.INPUT
    assert "nothing to compare" in said
    for wrong in (("--built-in", "vocoder"), ("--model", "only-a-name"), ("--converted", "../up=x")):
        code, said = run("compare", tmp_path, "-o", tmp_path / "out", *wrong)
        assert code == ExitCode.INPUT
        assert "Traceback" not in said


def test_a_choice_is_made_and_where_none_passes_that_is_an_exit_code(tmp_path: Path) -> None:
    values = {"eer": 0.45, "wer": 0.05, "pitch": 0.8, "energy": 0.8, "dnsmos": 3.0, "rtf": 0.5}
    file = tmp_path / "comparison.json"
    file.write_text(json.dumps({"systems": [{"name": "good", "values": values}]}), "utf-8")
    code, said = run("select", file, "-o", tmp_path / "report")
    assert code == 0
    assert "good is chosen" in said
    assert (tmp_path / "report" / "report.html").is_file()
    file.write_text(json.dumps({"systems": [{"name": "leaky", "values": {**values, "eer": 0.1}}]}), "utf-8")
    code, said = run("select", file, "-o", tmp_path / "report", "--json")
    assert code == ExitCode.REFUSED
    assert json.loads(said)["chosen"] is None
