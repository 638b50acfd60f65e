"""The folder of results is whole or not there."""

from pathlib import Path

import pytest

from discreet.results.folder import CACHE, EXPORTS, STAGING, OutputFolder, output_error
from timeline import OutputError, Recording, Timeline

EMPTY = Timeline(recording=Recording(duration=1))


def test_results_appear_at_the_end_and_leave_nothing_else(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path / "out")
    (folder.staging / "safe.mp4").write_bytes(b"video")
    folder.cache.mkdir()
    folder.write_texts(EMPTY, "report")
    assert [p.name for p in folder.folder.iterdir() if not p.name.startswith(".")] == []
    files = folder.publish("safe.mp4")
    assert set(files) == {"safe.mp4", "timeline.json", "report.txt", *EXPORTS}
    assert all(path.is_file() for path in files.values())
    assert not (folder.folder / STAGING).exists()
    assert not (folder.folder / CACHE).exists()
    assert Timeline.from_json(files["timeline.json"].read_text(encoding="utf-8")) == EMPTY


def test_a_failed_run_leaves_no_folder(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path / "out")
    (folder.staging / "safe.mp4").write_bytes(b"half")
    folder.discard()
    assert not (tmp_path / "out").exists()


def test_a_failed_run_leaves_what_was_there_before(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    OutputFolder(out).discard()
    assert [p.name for p in out.iterdir()] == ["notes.txt"]


def test_earlier_results_are_not_replaced_unasked(tmp_path: Path) -> None:
    (tmp_path / "timeline.json").write_text("{}")
    with pytest.raises(OutputError, match="holds results already"):
        OutputFolder(tmp_path)
    OutputFolder(tmp_path, overwrite=True)


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        OutputFolder(tmp_path / "out")


def test_a_full_disk_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = OutputFolder(tmp_path / "out")

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("discreet.results.folder.os.fsync", full)
    with pytest.raises(OutputError, match="the disk is full"):
        folder.write_texts(EMPTY, "report")


def test_a_refusal_says_what_to_do() -> None:
    assert "no permission" in str(output_error(PermissionError(13, "denied"), Path("x")))


@pytest.mark.parametrize("name", ["safe.mp4", f"{STAGING}/meeting.mp4", f"{CACHE}/meeting.mp4"])
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_run_never_removes_its_own_input(tmp_path: Path, name: str, overwrite: bool) -> None:
    recording = tmp_path / name
    recording.parent.mkdir(exist_ok=True)
    recording.write_bytes(b"the only copy")
    with pytest.raises(OutputError, match="would be replaced by a result"):
        OutputFolder(tmp_path, recording, overwrite=overwrite)
    assert recording.read_bytes() == b"the only copy"


def test_an_input_beside_the_results_is_let_be(tmp_path: Path) -> None:
    (tmp_path / "meeting.mp4").write_bytes(b"the only copy")
    folder = OutputFolder(tmp_path, tmp_path / "meeting.mp4")
    (folder.staging / "safe.mp4").write_bytes(b"video")
    folder.publish("safe.mp4")
    assert (tmp_path / "meeting.mp4").read_bytes() == b"the only copy"


@pytest.mark.parametrize("name", ["safe.mp4", "report.txt", "transcript.txt"])
def test_somebody_elses_file_of_that_name_is_not_replaced_unasked(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(OutputError, match=name):
        OutputFolder(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_recording_of_an_earlier_run_does_not_stay_beside_newer_texts(tmp_path: Path) -> None:
    (tmp_path / "safe.mp4").write_bytes(b"made when everybody had agreed")
    folder = OutputFolder(tmp_path, overwrite=True)
    (folder.staging / "safe.m4a").write_bytes(b"sound")
    folder.publish("safe.m4a")
    assert [p.name for p in tmp_path.iterdir()] == ["safe.m4a"]


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    first = OutputFolder(tmp_path / "out")
    (first.staging / "safe.mp4").write_bytes(b"video")
    with pytest.raises(OutputError, match="another run is writing"):
        OutputFolder(tmp_path / "out")
    assert set(first.publish("safe.mp4")) == {"safe.mp4"}
    again = OutputFolder(tmp_path / "out", overwrite=True)
    again.discard()
    OutputFolder(tmp_path / "out", overwrite=True).discard()


def test_a_name_that_is_too_long_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="too long"):
        OutputFolder(tmp_path / ("n" * 300))
