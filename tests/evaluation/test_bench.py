"""The benchmark's figures: tracks come out of the document as they went in, and a meeting is four lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation import bench
from timeline import Recording, Timeline, Track

ROW = {
    "meeting": "dev",
    "people": "2 of 4 enrolled",
    "der": 0.031,
    "der_25": 0.004,
    "right_person": 0.99,
    "wrong_name": 0.001,
    "auc": 0.97,
    "f1": 0.9,
    "attacked": True,
    "stranger_frames": 1200,
    "leaks_first": 0,
    "leaks_later": 3,
    "leak_share": 0.0025,
    "visible": 0.95,
    "mouth_covered": 0.04,
    "leaks": [],
    "listed": "5 people listed of 4",
    "own_voices": {"strangers": {"windows": 20, "voice": 0.05, "waveform": 0.0}},
    "rtf": 0.8,
    "cpu": 1.25,
    "peak_rss_mb": 1500.0,
    "stages": {"faces": {"rtf": 0.5, "peak_rss_mb": 1500.0}},
}


def test_tracks_are_those_of_the_document() -> None:
    boxes = [(0.0, 1.0, 2.0, 3.0, 4.0), (0.5, 5.0, 6.0, 7.0, 8.0)]
    tracks = [
        Track(id="t1", person=None, start=0.0, end=0.5, boxes=boxes, speaking=[(0.2, 0.7)]),
        Track(id="t2", person=None, start=0.0, end=0.5, boxes=[]),
    ]
    found, empty = bench.face_tracks(Timeline(recording=Recording(duration=1.0, width=9, height=9), tracks=tracks))
    assert found.times.tolist() == [0.0, 0.5]
    assert found.boxes.tolist() == [list(box[1:]) for box in boxes]
    assert (found.speaking_times.tolist(), found.speaking.tolist()) == ([0.2], [0.7])
    assert empty.boxes.shape == (0, 4)


def test_a_meeting_is_told_with_its_leaks_or_that_it_was_not_attacked(capsys: pytest.CaptureFixture[str]) -> None:
    bench.print_meeting(ROW)
    told = capsys.readouterr().out
    assert len(told.splitlines()) == 5
    assert "5 people listed of 4" in told
    assert "strangers: 5.0% by voice, 0.0% by waveform of 20 windows" in told
    assert "1.25 CPU-s a second" in told
    assert "leaks 0 in the first 0.3 s, 3 after, of 1200 face frames (0.25%); visible 95.0%" in told
    assert "faces 0.50 (1500 MB)" in told
    bench.print_meeting(ROW | {"attacked": False})
    assert "not attacked" in capsys.readouterr().out


def test_a_registry_without_the_details_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    out = tmp_path / "out"

    def processed(recording: Path, folder: Path, registry: Path) -> None:
        folder.mkdir()
        (folder / "timeline.json").write_text(Timeline(recording=Recording(duration=1.0)).to_json(), "utf-8")

    monkeypatch.setattr(bench, "process_meeting", processed)
    with pytest.raises(SystemExit, match="does not hold the details"):
        bench.run_process(Path("m.mp4"), out, tmp_path / "registry")
