"""``discreet evaluate voice``: one line for bad input, JSON and a page for good."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from discreet.cli.app import app
from timeline import ExitCode
from weights import Store

VOICES = Path(__file__).resolve().parents[4] / "shared" / "media" / "voices"


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["evaluate", "voice", *map(str, arguments)])
    return done.exit_code, done.output


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    code, said = run(tmp_path / "own", tmp_path / "made")
    assert code == ExitCode.INPUT
    assert "is not a folder" in said
    assert "Traceback" not in said


def test_errors_are_json_where_json_goes_to_the_terminal(tmp_path: Path) -> None:
    code, said = run(tmp_path / "own", tmp_path / "made", "--json", "-")
    assert code == ExitCode.INPUT
    assert json.loads(said)["exit_code"] == ExitCode.INPUT


@pytest.mark.slow
def test_real_voices_give_a_report_and_a_page(tmp_path: Path) -> None:
    if not VOICES.is_dir() or not Store().has("ecapa"):
        pytest.skip("needs ../shared/media and ecapa")
    for folder in sorted(VOICES.iterdir())[:4]:
        long = [soundfile.read(path, dtype="float32")[0] for path in sorted(folder.glob("*.flac"))]
        for number, sound in enumerate([x for x in long if len(x) > 20000][:2]):
            for name in ("own", "made/a", "made/b"):
                path = tmp_path / name / folder.name / f"{number}.wav"
                path.parent.mkdir(parents=True, exist_ok=True)
                soundfile.write(path, np.clip(sound[:20000], -1, 1), 16000)
    code, said = run(
        tmp_path / "own", tmp_path / "made", "--json", tmp_path / "report.json", "--html", tmp_path / "report.html",
        "--no-quality", "--no-check", "--quiet",
    )  # fmt: skip
    assert code == 0, said
    assert "the strongest attacker" in said
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report["attacks"]["ecapa ignorant"]["eer"]["value"] <= 0.05, "nothing was converted"
    assert "<svg" in (tmp_path / "report.html").read_text("utf-8")


def test_a_place_that_cannot_be_written_is_said_before_the_work(tmp_path: Path) -> None:
    for name in ("own", "made"):
        for take in ("ann/1.wav", "ann/2.wav", "ben/1.wav", "ben/2.wav"):
            (tmp_path / name / take).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / take).touch()
    code, said = run(tmp_path / "own", tmp_path / "made", "--html", tmp_path / "no" / "x.html")
    assert code == ExitCode.OUTPUT
    assert "there is no folder" in said
