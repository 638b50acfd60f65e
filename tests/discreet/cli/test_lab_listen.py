"""``discreet lab listen`` and ``ratings`` on the command line, from converted speech to what listeners say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from discreet.cli.app import app
from discreet.lab.systems import write_take
from timeline import ExitCode


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["lab", *map(str, arguments)])
    return done.exit_code, done.output


def test_a_comparison_becomes_a_page_and_answers_become_figures(tmp_path: Path) -> None:
    sound = (0.1 * np.sin(np.arange(8000) / 9)).astype(np.float32)
    for speaker in ("ann", "ben"):
        write_take(tmp_path / "own" / speaker / "1.wav", sound)
        for system in ("original", "warp", "again"):
            write_take(tmp_path / "made" / system / "converted" / "01" / speaker / "1.wav", sound)
    code, said = run("listen", tmp_path / "own", tmp_path / "made", "-o", tmp_path / "kit", "--kind", "ab")
    assert code == 0, said
    page = (tmp_path / "kit" / "listen.html").read_text("utf-8")
    assert 'kind = "ab"' in page
    names = json.loads((tmp_path / "kit" / "key.json").read_text("utf-8"))["systems"]
    assert set(names.values()) == {"reference", "again", "warp"}, "the original is the reference"
    hidden = {name: neutral for neutral, name in names.items()}
    for number, won in enumerate((1, 1, 0)):
        ratings = {hidden["again"]: [won, 1], hidden["warp"]: [1 - won, 0]}
        (tmp_path / f"{number}.json").write_text(json.dumps({"ratings": ratings}))
    code, said = run("ratings", tmp_path / "kit" / "key.json", *sorted(tmp_path.glob("?.json")), "--json")
    assert code == 0
    assert json.loads(said)["systems"]["again"]["mean"]["value"] > 0.8


def test_nothing_to_listen_to_is_one_line(tmp_path: Path) -> None:
    code, said = run("listen", tmp_path, tmp_path, "-o", tmp_path / "kit")
    assert code == ExitCode.INPUT
    assert "Traceback" not in said
