"""A standard stream that is closed, full or no longer read ends no run: the exit code tells what was done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from timeline import ExitCode

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")

COMMANDS = [
    (["config", "show"], ExitCode.OK),
    (["config", "sho"], ExitCode.USAGE),
    (["share", "gate", "/no such folder", "--json"], ExitCode.INPUT),
]


def run(args: list[str], redirected: str, tmp_path: Path) -> tuple[int, str]:
    """The exit code under a shell's redirection, and what came on standard error where that was left open."""
    said = tmp_path / "said"
    command = f'exec "$0" -m discreet "$@" {redirected}' + ("" if "2>" in redirected else f" 2>'{said}'")
    env = os.environ | {"DISCREET_HOME": str(tmp_path / "home"), "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(["bash", "-c", command, sys.executable, *args], env=env, timeout=120, check=False)
    return done.returncode, said.read_text() if said.exists() else ""


@pytest.mark.parametrize(("args", "code"), COMMANDS)
def test_a_closed_output_changes_no_exit_code(args: list[str], code: int, tmp_path: Path) -> None:
    found, said = run(args, ">&-", tmp_path)
    assert found == code
    assert "Traceback" not in said


@pytest.mark.parametrize(("args", "code"), COMMANDS)
def test_a_full_output_is_told_in_one_line(args: list[str], code: int, tmp_path: Path) -> None:
    found, said = run(args, ">/dev/full", tmp_path)
    wrote = code == ExitCode.OK or "--json" in args
    assert found == (code or ExitCode.OUTPUT)
    assert ("discreet: standard output could not be written: No space left on device" in said) == wrote
    assert "Traceback" not in said


@pytest.mark.parametrize("streams", ["<&- >&- 2>&-", ">/dev/full 2>/dev/full"])
def test_no_stream_at_all_is_needed(streams: str, tmp_path: Path) -> None:
    full = ">/dev/full 2" in streams
    assert run(["config", "show"], streams, tmp_path)[0] == (ExitCode.OUTPUT if full else ExitCode.OK)


def test_a_reader_that_had_enough_is_no_error(tmp_path: Path) -> None:
    command = '"$0" -m discreet "$@" | head -c 9 >/dev/null; exit ${PIPESTATUS[0]}'
    env = os.environ | {"DISCREET_HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, *("config", "show")],
        env=env,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (ExitCode.OK, b"")
