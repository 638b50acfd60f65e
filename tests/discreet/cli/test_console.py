"""How a command ends: one line, the documented exit code, and nothing private from a fault."""

from __future__ import annotations

import json

import pytest
import typer

from discreet.cli.console import ending
from timeline import DiscreetError, ExitCode, InputError, ModelError, UnsafeError


@pytest.mark.parametrize("error", [InputError("no such file", "check the path"), ModelError("none"), UnsafeError("no")])
def test_an_error_ends_with_its_line_remedy_and_code(error: DiscreetError, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, ending():
        raise error
    assert ended.value.exit_code == error.exit_code
    told = capsys.readouterr()
    assert (told.out, str(error) in told.err, error.remedy in told.err) == ("", True, True)


def test_for_programs_an_error_is_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), ending(as_json=True):
        raise InputError("no such file: Zoë.mp4", "check the path")
    told = json.loads(capsys.readouterr().out)
    assert told == {"error": "no such file: Zoë.mp4", "remedy": "check the path", "exit_code": int(ExitCode.INPUT)}


def test_a_fault_is_told_by_type_and_place_never_by_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, ending():
        raise KeyError("Okonkwo")
    assert ended.value.exit_code == ExitCode.INTERNAL
    told = capsys.readouterr().err
    assert "KeyError" in told
    assert "Okonkwo" not in told


def test_an_interruption_has_its_own_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, ending():
        raise KeyboardInterrupt
    assert ended.value.exit_code == ExitCode.INTERRUPTED
    assert "interrupted" in capsys.readouterr().err
