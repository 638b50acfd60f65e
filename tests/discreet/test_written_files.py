"""Every file that a command writes: its owner's alone, and never through a link, whatever name somebody planted."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner
from written_files import Writes, watched

from capture import SafeWriter
from capture.clock import VirtualClock
from capture.live_settings import RecordSettings
from capture.media_info import Picture
from capture.writing.fragmented_mp4 import FragmentWriter
from discreet.cli.app import app
from registered import Consent, Enrolled, Registry, parse_answers
from timeline import ExitCode, Person, Recording, Timeline, Turn, Word, share_files
from weights import Store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions and links")

MODELS = ("yunet", "sface", "silero-vad", "segmentation-3.0", "ecapa", "campplus", "whisper-base", "spacy-en-sm")
TINY = ["width=96", "height=64", "sample_rate=16000", "preset=ultrafast", "reserve_mb=0"]
Needs = Callable[..., None]


def noise(path: Path, picture: bool = True) -> None:
    """Two seconds of moving noise without a face, and of faint noise that nobody speaks."""
    dice = np.random.default_rng(1)
    with SafeWriter(path, Picture(160, 120, 10) if picture else None, 16000) as writer:
        for i in range(20):
            if picture:
                writer.write_frame(i / 10, dice.integers(0, 255, (120, 160, 3), np.uint8))
            writer.write_audio(dice.normal(0, 1e-3, 1600).astype(np.float32))


@dataclass
class Command:
    """One use of the command line, in a folder of its own.

    Attributes:
        prepare: makes what it needs in the folder.
        args: gives its arguments.
        models: whether it needs them.
    """

    prepare: Callable[[Path], object]
    args: Callable[[Path], list[str]]
    models: bool = True


def enrolled(root: Path) -> None:
    registry = Registry.open(root / "people")
    for name in ("Anna", "Otto"):
        registry.add(Enrolled.new(name, Consent.granting(parse_answers("all"))))


def earlier_result(root: Path) -> None:
    enrolled(root)
    people = [Person(id="p1", name="Anna", pseudonym="Speaker 1", registered=True), Person(id="p2", pseudonym="Sue")]
    timeline = Timeline(
        recording=Recording(duration=9),
        people=people,
        turns=[Turn(start=1, end=2, person="p1"), Turn(start=2, end=3, person="p2")],
        words=[Word(start=1.1, end=1.5, text="hello", person="p2")],
    )
    (root / "out").mkdir(mode=0o700)
    for name in ("timeline.json", "transcript.vtt", "report.txt"):
        path = root / "out" / name
        if not path.is_symlink():
            path.touch(0o600)
    if not (root / "out" / "timeline.json").is_symlink():
        (root / "out" / "timeline.json").write_text(timeline.to_json(), "utf-8")


def cut_recording(root: Path) -> None:
    writer = FragmentWriter(root / "cut.mp4", Picture(96, 64, 10), 16000, RecordSettings())
    for i in range(30):
        writer.add_picture(i / 10, np.full((64, 96, 3), i, np.uint8))
        writer.add_sound(np.zeros(1600, np.float32))
    writer.finish()


def people_of(root: Path) -> list[str]:
    return ["--registered", str(root / "people")]


COMMANDS = {
    "process": Command(
        lambda root: noise(root / "in.mp4"),
        lambda root: ["process", str(root / "in.mp4"), "-o", str(root / "out"), "--overwrite", "--annotated"],
    ),
    "redact": Command(
        lambda root: noise(root / "in.m4a", picture=False),
        lambda root: [
            *("redact", str(root / "in.m4a"), "-o", str(root / "out.m4a"), "--review", str(root / "review.toml")),
            *("--overwrite",),
        ],
    ),
    "record": Command(
        lambda root: None,
        lambda root: [
            *("record", "--outfile", str(root / "session" / "a.mp4"), "--cam", "synthetic", "--mic", "synthetic"),
            *("--duration", "1", *(part for value in TINY for part in ("--set", f"record.{value}"))),
        ],
    ),
    "recover": Command(cut_recording, lambda root: ["recover", str(root / "cut.recording.mp4")], models=False),
    "relabel": Command(
        earlier_result,
        lambda root: ["people", "rename", "Sue", "Otto", "--in", str(root / "out" / "timeline.json")],
        models=False,
    ),
    "consent": Command(enrolled, lambda root: ["people", "consent", "Anna", "none"], models=False),
    "forget": Command(enrolled, lambda root: ["people", "forget", "Anna", "--yes"], models=False),
}
OPTIONS = {"recover": []}
CHOSEN = ("people", "out", "session")
"""Folders that the user names: what they link to is the user's choice."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("discreet.live.record.RealClock", lambda: VirtualClock(patience=30.0))
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(params=COMMANDS)
def name(request: pytest.FixtureRequest, store: Store, needs: Needs) -> str:
    if COMMANDS[request.param].models:
        needs(store, *MODELS)
    return str(request.param)


def run(name: str, root: Path) -> tuple[int, str, Writes]:
    """Run the command; its exit code, what it said, and what it wrote."""
    with watched(root) as writes:
        done = CliRunner().invoke(app, [*COMMANDS[name].args(root), *OPTIONS.get(name, people_of(root))])
    return done.exit_code, done.output, writes


def fresh(name: str, root: Path) -> Path:
    root.mkdir()
    COMMANDS[name].prepare(root)
    return root


def modes(root: Path, paths: set[Path]) -> dict[str, int]:
    return {str(p.relative_to(root)): stat.S_IMODE(p.lstat().st_mode) for p in paths if p.exists()}


def test_every_file_is_opened_safely_and_is_its_owners_alone(name: str, tmp_path: Path) -> None:
    root = fresh(name, tmp_path / "a")
    before = os.umask(0)
    try:
        code, said, writes = run(name, root)
    finally:
        os.umask(before)
    assert code == ExitCode.OK, said
    assert writes.files
    assert [each for each in writes.opened if not each.safe] == []
    assert set(modes(root, writes.files).values()) <= {0o600}
    assert set(modes(root, writes.folders).values()) <= {0o700}


def test_a_group_may_share_a_folder(tmp_path: Path, store: Store, needs: Needs) -> None:
    needs(store, *MODELS)
    root = fresh("record", tmp_path / "a")
    before = os.umask(0o022)
    try:
        args = [*COMMANDS["record"].args(root), *people_of(root), "--set", "files.shared=true"]
        done = CliRunner().invoke(app, args)
    finally:
        os.umask(before)
        share_files(False)
    assert done.exit_code == ExitCode.OK, done.output
    found = modes(root / "session", set((root / "session").iterdir()))
    assert found == {"a.mp4": 0o644, "a.timeline.json": 0o644, "a.faces": 0o600, "a.spool": 0o600}
    assert set(modes(root, {path for path in (root / "people").rglob("*") if path.is_file()}).values()) == {0o600}


def test_no_link_that_bears_the_name_of_a_file_or_folder_is_written_through(name: str, tmp_path: Path) -> None:
    _, _, writes = run(name, fresh(name, tmp_path / "a"))
    victims = tmp_path / "victims"
    victims.mkdir()
    root = fresh(name, tmp_path / "b")
    planted: dict[Path, Path] = {}
    for number, path in enumerate(sorted([*writes.files, *writes.folders])):
        link, victim = root / path.relative_to(tmp_path / "a"), victims / str(number)
        if link.exists() or path.name in CHOSEN or any(above in planted for above in link.parents):
            continue
        if path in writes.folders:
            victim.mkdir(0o755)
            (victim / "mine").write_text("precious")
        else:
            victim.write_text("precious")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(victim)
        planted[link] = victim
    assert planted
    for _ in range(len(planted) + 1):
        code, said, _ = run(name, root)
        for victim in planted.values():
            assert (victim / "mine" if victim.is_dir() else victim).read_text() == "precious"
            assert not victim.is_dir() or [each.name for each in victim.iterdir()] == ["mine"]
            assert stat.S_IMODE(victim.stat().st_mode) in (0o755, 0o644)
        if code == ExitCode.OK:
            break
        refused = [link for link in planted if str(link) in said.replace("\n", "") and link.is_symlink()]
        assert code in (ExitCode.INPUT, ExitCode.OUTPUT, ExitCode.PEOPLE), said
        assert refused, said
        for link in refused:
            link.unlink()
    assert code == ExitCode.OK, said
