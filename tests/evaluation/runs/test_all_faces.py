"""Every measurement of faces in turn: what fails is named at the end, and stops nothing."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from types import SimpleNamespace

import pytest

from evaluation.runs import all_faces


def test_every_part_is_a_command_that_is_there() -> None:
    for commands in all_faces.COMMANDS.values():
        assert all(importlib.util.find_spec(command[0]) for command in commands)


def test_parts_run_in_turn_and_those_that_fail_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[list[str]] = []

    def one(command: list[str], check: bool) -> SimpleNamespace:
        run.append(command[2:])
        return SimpleNamespace(returncode=int(command[2] == "evaluation.runs.face_tracking"))

    monkeypatch.setattr(subprocess, "run", one)
    monkeypatch.setattr(sys, "argv", ["all_faces", "tracks", "meetings", "--no-peer"])
    with pytest.raises(SystemExit, match="failed: tracks"):
        all_faces.main()
    assert [command[0] for command in run] == ["evaluation.runs.face_tracking", "evaluation.runs.all_faces"]
    assert run[1][1:] == ["--meetings", "--no-peer", "--out", "bench-out"]
    monkeypatch.setattr(sys, "argv", ["all_faces", "detectors"])
    all_faces.main()
