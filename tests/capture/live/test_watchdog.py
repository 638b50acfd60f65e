"""The watchdog: a silent source, a hanging encoder and a full disk end a recording while it can still be finished."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from capture.live.watchdog import Watchdog
from capture.live_settings import RecordSettings
from timeline import DeviceError, OutputError

SETTINGS = RecordSettings(reserve_mb=0)


class Shared:
    """Notes what a recording is ended with."""

    def __init__(self, begun: bool = True) -> None:
        self.ledger = SimpleNamespace(begun=begun)
        self.errors: list[Exception] = []

    def fail(self, error: Exception) -> None:
        self.errors.append(error)


def worker(busy: float, doing: str = "reading") -> Any:
    return SimpleNamespace(busy=lambda now: busy, doing=doing, source=SimpleNamespace(name="Desk cam"))


def look(tmp_path: Path, shared: Shared, reader: Any = None, file: float = 0.0, settings: Any = SETTINGS) -> list[str]:
    Watchdog(shared, tmp_path / "a.mp4", settings).look(9.0, [(reader, "camera"), (None, "microphone")], worker(file))
    return [type(error).__name__ for error in shared.errors]


def test_a_recording_that_goes_on_is_left_alone(tmp_path: Path) -> None:
    assert look(tmp_path, Shared(), worker(0.1)) == []


@pytest.mark.parametrize("begun", [True, False])
def test_a_source_may_be_silent_as_long_as_the_settings_say(tmp_path: Path, begun: bool) -> None:
    patience = SETTINGS.stall_seconds if begun else SETTINGS.start_seconds
    assert look(tmp_path, Shared(begun), worker(patience)) == []
    assert look(tmp_path, shared := Shared(begun), worker(patience + 0.1)) == [DeviceError.__name__]
    assert "camera Desk cam" in str(shared.errors[0])


def test_a_reader_that_waits_for_others_is_not_silent(tmp_path: Path) -> None:
    assert look(tmp_path, Shared(), worker(99.0, "handing over")) == []


def test_an_encoder_that_hangs_ends_the_recording(tmp_path: Path) -> None:
    assert look(tmp_path, Shared(), file=SETTINGS.hang_seconds + 0.1) == [OutputError.__name__]


def test_a_disk_without_the_reserve_ends_the_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=199e6))
    assert look(tmp_path, Shared(), settings=RecordSettings(reserve_mb=200)) == [OutputError.__name__]
    assert look(tmp_path, Shared(), settings=RecordSettings(reserve_mb=198)) == []


def test_a_disk_that_does_not_answer_is_no_reason_to_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> None:
        raise OSError("no such folder")

    monkeypatch.setattr("shutil.disk_usage", refuse)
    assert look(tmp_path, Shared()) == []
