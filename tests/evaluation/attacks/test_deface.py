"""deface is run as its users run it, or not at all where it is not installed."""

from pathlib import Path

import pytest

from evaluation.attacks import deface


def test_without_the_program_nothing_is_compared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DEFACE", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert deface.program() is None
    with pytest.raises(FileNotFoundError, match="DEFACE"):
        deface.deface(tmp_path / "in.mp4", tmp_path / "out.mp4")


def test_it_is_given_the_clip_the_target_and_the_options(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "deface"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/said\n')
    program.chmod(0o755)
    monkeypatch.setenv("DEFACE", str(program))
    seconds = deface.deface(tmp_path / "in.mp4", tmp_path / "out.mp4", deface.OPTIONS[1])
    assert (tmp_path / "said").read_text().split() == [
        str(tmp_path / "in.mp4"),
        "-o",
        str(tmp_path / "out.mp4"),
        "--scale",
        "640x360",
    ]
    assert 0.0 <= seconds < 5.0
