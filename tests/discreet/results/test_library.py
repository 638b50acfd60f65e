"""What lies under a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.results.library import State, library
from timeline import InputError, Timeline


def results(folder: Path) -> Path:
    folder.mkdir(parents=True)
    people = [{"id": "p1", "pseudonym": "Speaker 1"}]
    timeline = Timeline.model_validate({"recording": {"duration": 7.5}, "people": people})
    (folder / "timeline.json").write_text(timeline.to_json(), encoding="utf-8")
    (folder / "safe.mp4").write_bytes(b"x")
    return folder


def processed(folder: Path, timeline: Timeline) -> State:
    return "processed"


def found(folder: Path) -> dict[str, str]:
    return {one.path.relative_to(folder).as_posix(): one.state for one in library(folder, processed)}


def test_recordings_and_results_are_listed_by_path(tmp_path: Path) -> None:
    results(tmp_path / "b" / "meeting-safe")
    (tmp_path / "b" / "meeting.MP4").write_bytes(b"x")
    (tmp_path / "a.wav").write_bytes(b"x")
    (tmp_path / "notes.txt").write_text("x")
    assert found(tmp_path) == {"a.wav": "recorded", "b/meeting.MP4": "recorded", "b/meeting-safe": "processed"}


def test_a_safe_recording_is_part_of_its_results(tmp_path: Path) -> None:
    (one,) = library(results(tmp_path / "r"), processed)
    assert (one.duration, one.people) == (7.5, ("Speaker 1",))


def test_what_cannot_be_read_is_damaged(tmp_path: Path) -> None:
    (results(tmp_path / "r") / "timeline.json").write_text("{}")
    assert found(tmp_path) == {"r": "damaged"}


def test_hidden_folders_and_links_are_left_out(tmp_path: Path) -> None:
    results(tmp_path / "real" / ".discreet-staging")
    (tmp_path / "real" / "loop").symlink_to(tmp_path)
    (tmp_path / ".hidden.mp4").write_bytes(b"x")
    assert found(tmp_path) == {}


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a folder"):
        library(tmp_path / "absent", processed)
