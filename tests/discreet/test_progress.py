"""``--quiet`` hides how far a run is, never what was lost."""

import io

import pytest
from rich.console import Console

from discreet.progress import Cancelled, Quiet, terminal

LOST = "who is who could not be kept in [bold]people[/bold]"


def test_quiet_says_nothing_but_what_was_lost(capfd: pytest.CaptureFixture[str]) -> None:
    ui = Quiet()
    ui.stage("Faces")(0.5)
    ui.note("kept from the run before")
    assert capfd.readouterr() == ("", "")
    ui.warn(LOST)
    assert capfd.readouterr() == ("", f"discreet: {LOST}\n")


def test_a_terminal_says_both_to_the_letter() -> None:
    shown = io.StringIO()
    with terminal(Console(file=shown, width=200)) as ui:
        ui.note("a [note]")
        ui.warn(LOST)
    assert "a [note]\n" in shown.getvalue()
    assert f"discreet: {LOST}\n" in shown.getvalue()


def test_a_stage_stops_at_its_next_report_once_cancelled() -> None:
    ui = Quiet()
    progress = ui.stage("Faces")
    progress(0.1)
    ui.cancel()
    with pytest.raises(Cancelled):
        progress(0.2)
