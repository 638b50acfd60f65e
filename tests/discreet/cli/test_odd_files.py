"""A file that is no file, where a command reads one: a pipe nobody writes into, a device without end, a folder.

One line says so, with a documented exit code; nothing waits, and no memory fills.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from registered import Consent, Enrolled, Registry, parse_answers
from timeline import ExitCode, Person, Recording, Timeline

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX pipes and devices")
PATIENCE_S = 20


@pytest.fixture(autouse=True)
def _never_for_ever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    def late(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"still waiting after {PATIENCE_S} s")

    monkeypatch.setenv("DISCREET_KEYRING", "file")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(PATIENCE_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def a_folder(path: Path) -> None:
    path.mkdir()


ODD = [a_pipe, a_device, a_folder]
Plant = Callable[[Path], None]


def people(root: Path) -> Path:
    registry = Registry.open(root / "people", "file")
    for name in ("Anna", "Otto"):
        registry.add(Enrolled.new(name, Consent.granting(parse_answers("all"))))
    return root / "people"


def result(root: Path) -> Path:
    folder = root / "out"
    folder.mkdir()
    timeline = Timeline(recording=Recording(duration=9), people=[Person(id="p1", pseudonym="Sue")])
    (folder / "timeline.json").write_text(timeline.to_json(), "utf-8")
    (folder / "safe.m4a").touch()
    return folder


def run(*args: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(each) for each in args])
    assert "a fault in the program" not in done.output
    return done.exit_code, done.output


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ["*.person", "index.sealed", "vault.json", "key"])
def test_in_a_registry(name: str, odd: Plant, tmp_path: Path) -> None:
    folder = people(tmp_path)
    path = sorted(folder.glob(name))[0]
    path.unlink()
    odd(path)
    code, said = run("people", "list", "--json", "--registered", folder)
    if name in ("*.person", "index.sealed"):
        assert code == ExitCode.OK
        assert "cannot be read" in said
        assert "discreet people accept-backup" in said
    else:
        assert code == ExitCode.PEOPLE, said


@pytest.mark.parametrize("odd", [a_pipe, a_device])
@pytest.mark.parametrize(
    ("command", "name"),
    [
        *((command, "timeline.json") for command in ("library", "rename", "export", "publish")),
        *((command, name) for command in ("library", "publish") for name in ("decisions.json", "published.json")),
        ("rename", "timeline.labels.json"),
    ],
)
def test_in_a_folder_of_results(command: str, name: str, odd: Plant, tmp_path: Path) -> None:
    folder, registry = result(tmp_path), people(tmp_path)
    (folder / name).unlink(missing_ok=True)
    odd(folder / name)
    args = {
        "library": ["library", tmp_path, "--registered", registry],
        "rename": ["people", "rename", "Sue", "Otto", "--in", folder, "--registered", registry],
        "export": ["export", folder, "--format", "srt", "-o", tmp_path / "given"],
        "publish": ["publish", folder, "--registered", registry],
    }[command]
    code, said = run(*args)
    assert code in (ExitCode.OK, ExitCode.INPUT, ExitCode.USAGE, ExitCode.OUTPUT, ExitCode.REFUSED), said


@pytest.mark.parametrize(
    "args",
    [
        ["config", "show", "--config"],
        ["config", "show", "--policy"],
        ["redact", "FILE", "--apply"],
        ["redact", "FILE", "--policy"],
        ["process", "FILE", "--decisions"],
        ["export", "--format", "srt", "-o", "given"],
        ["share", "verify", "FILE", "--key"],
    ],
    ids=lambda args: "-".join(part.strip("-") for part in args),
)
@pytest.mark.parametrize("odd", [a_device, a_folder])
def test_named_by_the_user(args: list[str], odd: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("FILE").touch()
    odd(tmp_path / "odd")
    code, said = run(*args, "odd")
    assert code in (ExitCode.INPUT, ExitCode.USAGE), said
