"""The sample job for continuous integration goes red on a planted leak, and only then."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from discreet.results import EXPORTS, REPORT, report_text
from timeline import ExitCode, Recording, Timeline

ROOT = Path(__file__).resolve().parents[3]


def results(folder: Path) -> Path:
    timeline = Timeline(recording=Recording(duration=2.0))
    texts = {name: export(timeline) for name, export in EXPORTS.items()}
    texts |= {"timeline.json": timeline.to_json(), REPORT: report_text(timeline)}
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def job(home: Path, *folders: Path) -> int:
    env = {**os.environ, "DISCREET": f"{sys.executable} -m discreet", "DISCREET_HOME": str(home)}
    script = ROOT / "examples" / "ci" / "gate.sh"
    run = subprocess.run(["sh", script, *folders], env=env | {"DISCREET_KEYRING": "file"}, cwd=ROOT, check=False)
    return run.returncode


def test_one_folder_with_a_leak_turns_the_job_red(tmp_path: Path) -> None:
    clean, other = results(tmp_path / "clean"), results(tmp_path / "other")
    assert job(tmp_path / "home", clean) == 0
    (clean / "notes.txt").write_text("Ann was there.")
    assert job(tmp_path / "home", clean, other) == ExitCode.UNSAFE
