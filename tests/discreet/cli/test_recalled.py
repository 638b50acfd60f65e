"""A withdrawal is told with every recipient and file, and with what could not be done."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import typer

from discreet.cli.recalled import report_recalled
from discreet.share.withdrawal import Recalled
from sharing.exports import ExportRecord
from timeline import ExitCode

RECORD = ExportRecord(
    id="E-AAAAAAAAAAAAA",
    at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    recipient="lab",
    role="researcher",
    purpose="study",
    level="transcript",
    keep_until=dt.date(2027, 1, 1),
    files={"data/turns.csv": "0" * 64},
    place="/for [lab]",
)


def test_recipients_files_and_failures_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        report_recalled(Recalled([("study-1", RECORD)], [Path("recalls.json")], ["study-2: the disk is full"]))
    assert ended.value.exit_code == ExitCode.OUTPUT
    told = capsys.readouterr()
    assert "E-AAAAAAAAAAAAA of study-1, given to lab, /for [lab]" in told.out
    assert "data/turns.csv" in told.out
    assert "list of recalls: recalls.json" in told.out
    assert "not done in study-2: the disk is full" in told.err


def test_without_failures_it_ends_well_and_says_what_it_cannot_reach(capsys: pytest.CaptureFixture[str]) -> None:
    report_recalled(Recalled([("study-1", RECORD)], [], []))
    assert "write to the recipients" in capsys.readouterr().out
    report_recalled(Recalled())
    assert capsys.readouterr().out == "0 exports were recalled\n"
