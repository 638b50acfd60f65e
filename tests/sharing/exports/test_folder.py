"""The export folder: what was added, changed or bears a private word is found before it leaves."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import pytest

from sharing.exports import ExportFolder, Inspection, hashes, keep_until
from sharing.gate import Terms
from sharing.levels import Artefact
from timeline import Recording, Timeline

TIMELINE = Timeline(recording=Recording(duration=1.0))
ARTEFACT = Artefact(
    timelines={"S-1": TIMELINE}, texts={"S-1/timeline.json": TIMELINE.to_json(), "S-1/a.txt": "0", "counts.csv": "x\n"}
)
HOW = Inspection({"a.txt": lambda timeline: str(len(timeline.words))}, Terms(["Zoe Okonkwo"]))


@pytest.fixture
def folder(tmp_path: Path) -> ExportFolder:
    made = ExportFolder(tmp_path)
    made.put(ARTEFACT)
    return made


def test_what_was_put_there_passes(folder: ExportFolder) -> None:
    assert folder.inspect(ARTEFACT, HOW) == []
    assert hashes(folder.folder).keys() == {"data/S-1/timeline.json", "data/S-1/a.txt", "data/counts.csv"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("S-1/a.txt", "1"),
        ("S-1/b.txt", "0"),
        ("counts.csv", "y\n"),
        ("counts.csv", "zoe okonkwo\n"),
        ("notes.txt", ""),
        ("S-2/a.txt", "0"),
        ("S-1/timeline.json", "{}"),
    ],
)
def test_whatever_else_is_there_is_found(folder: ExportFolder, name: str, content: str) -> None:
    path = folder.folder / "data" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    assert {finding.file for finding in folder.inspect(ARTEFACT, HOW)} <= {f"data/{name}", f"data/{name.split('/')[0]}"}
    assert folder.inspect(ARTEFACT, HOW)


def test_a_private_word_in_a_text_of_no_timeline_is_found(tmp_path: Path) -> None:
    artefact = Artefact(texts={"counts.csv": "a\nZoe Okonkwo\n"})
    made = ExportFolder(tmp_path)
    made.put(artefact)
    (found,) = made.inspect(artefact, HOW)
    assert (found.kind, found.file, found.place) == ("word", "data/counts.csv", "line 2")


def test_the_last_day_counts_from_the_export() -> None:
    assert keep_until(dt.datetime(2026, 3, 1, 23, tzinfo=dt.UTC), 30) == dt.date(2026, 3, 31)


def test_a_recording_replaces_a_link_and_is_not_written_through_it(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / "safe.mp4").write_bytes(b"safe")
    place = tmp_path / "out" / "data" / "s1" / "safe.mp4"
    place.parent.mkdir(parents=True)
    place.symlink_to(tmp_path / "victim")
    ExportFolder(tmp_path / "out").put(Artefact(texts={}, recordings={"s1/safe.mp4": tmp_path / "safe.mp4"}))
    assert (tmp_path / "victim").read_bytes() == b"precious"
    assert place.read_bytes() == b"safe"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
