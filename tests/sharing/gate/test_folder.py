"""The gate lets clean results pass and refuses every plant, naming its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.data.planted_words import ENCODINGS, NAME, PLANTS, second_track, wav
from sharing.gate import Finding, Gate
from timeline import Timeline


def change_timeline(folder: Path, change: Callable[[dict[str, object]], None]) -> None:
    path = folder / "timeline.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def test_clean_results_pass(clean: Path, gate: Gate) -> None:
    assert gate.check(clean) == []


def test_clean_sound_passes(clean: Path, gate: Gate) -> None:
    wav(clean, b"")
    assert gate.check(clean) == []


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("plant", PLANTS)
def test_a_plant_is_refused_and_its_file_named(clean: Path, gate: Gate, plant: str, encoding: str) -> None:
    file, put = PLANTS[plant]
    put(clean, ENCODINGS[encoding](NAME))
    found = gate.check(clean)
    assert found
    assert {finding.file for finding in found} == {file}


def test_a_second_sound_track_is_refused(clean: Path, gate: Gate) -> None:
    second_track(clean, b"")
    assert any("beyond one picture and one sound" in finding.reason for finding in gate.check(clean))


@pytest.mark.parametrize("where", ["key", "note", "word", "twice"])
def test_a_timeline_that_holds_more_than_discreet_writes_is_refused(clean: Path, gate: Gate, where: str) -> None:
    def change(document: dict[str, object]) -> None:
        words = document["words"]
        assert isinstance(words, list)
        if where == "key":
            document["remark"] = NAME
        elif where == "note":
            document["provenance"]["notes"] = [NAME]  # type: ignore[index]
        elif where == "word":
            words[0]["text"] = NAME

    change_timeline(clean, change)
    if where == "twice":
        path = clean / "timeline.json"
        path.write_text('{"schema": "discreet/timeline/1", ' + path.read_text()[1:])
    assert [finding.file for finding in gate.check(clean)] == ["timeline.json"]


@pytest.mark.parametrize("encoding", ["plain", "base64"])
def test_a_name_in_a_timeline_as_discreet_writes_it_is_found_by_line(clean: Path, gate: Gate, encoding: str) -> None:
    path = clean / "timeline.json"
    document = json.loads(path.read_text())
    document["provenance"]["notes"] = [ENCODINGS[encoding](NAME).decode()]
    timeline = Timeline.model_validate(document)
    path.write_text(timeline.to_json())
    (found,) = gate.check(clean)
    assert (found.kind, found.file) == ("word", "timeline.json")
    assert NAME.split()[0] not in str(found)
    line = int(found.place.removeprefix("line "))
    assert "notes" in path.read_text().splitlines()[line - 1]


def test_a_name_in_a_file_name_is_refused_and_not_a_reason_to_write_it_elsewhere(clean: Path, gate: Gate) -> None:
    (clean / "gareth_llewellyn.txt").write_text("")
    assert {finding.kind for finding in gate.check(clean)} == {"word", "file"}


def test_a_link_is_refused(clean: Path, gate: Gate) -> None:
    (clean / "safe.mp4").unlink()
    (clean / "safe.mp4").symlink_to("/dev/null")
    assert [finding.reason for finding in gate.check(clean)] == ["a link or device, not a file"]


def test_a_folder_without_a_timeline_is_refused(tmp_path: Path, gate: Gate) -> None:
    assert [finding.file for finding in gate.check(tmp_path)] == ["timeline.json"]


def test_a_cut_recording_is_refused(clean: Path, gate: Gate) -> None:
    path = clean / "safe.mp4"
    path.write_bytes(path.read_bytes()[:-7])
    assert [finding.kind for finding in gate.check(clean)] == ["container"]


def test_what_a_checker_finds_is_reported_and_a_checker_that_fails_is_a_finding(clean: Path, gate: Gate) -> None:
    def sees(path: Path, name: str, timeline: Timeline) -> Sequence[Finding]:
        return [Finding(kind="face", file=name, place="1.2 s", score=0.8, reason="a bare face")]

    def fails(path: Path, name: str, timeline: Timeline) -> Sequence[Finding]:
        raise ValueError(NAME)

    found = replace(gate, checkers=(sees, fails)).check(clean)
    assert [finding.kind for finding in found] == ["face", "file"]
    assert NAME not in str(found[1])
