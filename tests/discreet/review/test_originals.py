"""What lies behind a redaction: for owners alone, and every look is in the audit log before it happens."""

from __future__ import annotations

import hashlib
import io
import wave
from pathlib import Path

import numpy as np
import pytest

from capture import CaptureSettings, Picture, SafeWriter
from discreet.results.sealed_details import source_token
from discreet.review.originals import LONGEST, Originals
from discreet.share.project import Project
from registered import Registry
from timeline import InputError, RefusedError, Timeline

SETTINGS = CaptureSettings(preset="ultrafast")


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds: a tone in the second one, pictures that get darker."""
    path = tmp_path_factory.mktemp("original") / "meeting.mp4"
    with SafeWriter(path, Picture(64, 48, 5.0), 16000, 1, SETTINGS) as out:
        for n in range(15):
            out.write_frame(n / 5, np.full((48, 64, 3), 240 - 12 * n, np.uint8))
            loud = 0.5 if 5 <= n < 10 else 0.0
            out.write_audio((np.sin(np.arange(3200) * 0.3) * loud).astype(np.float32)[:, None])
    return path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    pytest.importorskip("cedarpy")
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    return Project.create("study-1", Registry.open(None), "research", "A university", "mail@example.org")


def timeline_of(recording: Path, project: Project, **redaction: str) -> Timeline:
    source = source_token(project.registry, hashlib.sha256(recording.read_bytes()).hexdigest())
    facts = {"id": "r1", "kind": "word", "start": 1.0, "end": 1.5, "operator": "beep", "reason": "x", **redaction}
    return Timeline.model_validate(
        {"recording": {"duration": 3.0}, "redactions": [facts], "provenance": {"source": source, "created": "now"}}
    )


def opened(recording: Path, project: Project, timeline: Timeline | None = None) -> Originals:
    found = timeline or timeline_of(recording, project)
    return Originals.open(recording, found, project.registry, "study-1", SETTINGS)


def looks(project: Project) -> list[tuple[str, object]]:
    return [(e.outcome, e.detail["what"]) for e in project.log.entries() if e.action == "original"]


def test_an_owner_hears_and_sees_what_was_taken_out_and_each_look_is_logged(recording: Path, project: Project) -> None:
    originals = opened(recording, project)
    with wave.open(io.BytesIO(originals.sound(1.2, 1.8))) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        assert file.getnframes() == pytest.approx(1.1 * 16000, abs=2)
    assert np.abs(samples).max() > 10_000
    assert originals.picture(1.0).startswith(b"\xff\xd8")
    assert looks(project) == [("allowed", "open"), ("allowed", "sound"), ("allowed", "picture")]


def test_the_log_names_no_file_and_no_account(recording: Path, project: Project) -> None:
    opened(recording, project).picture(1.0)
    text = "".join(entry.model_dump_json() for entry in project.log.entries())
    assert "meeting" not in text
    assert str(recording.parent) not in text


def test_who_is_no_owner_sees_nothing_and_the_try_is_logged(
    recording: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeline = timeline_of(recording, project)
    monkeypatch.setattr("discreet.review.originals.account", lambda: "visitor")
    with pytest.raises(RefusedError, match="may not see"):
        opened(recording, project, timeline)
    assert looks(project) == [("refused", "open")]


def test_where_the_look_cannot_be_logged_nothing_is_shown(
    recording: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    originals = opened(recording, project)

    def broken(*args: object, **more: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(originals.project, "note", broken)
    monkeypatch.setattr("discreet.review.originals.AudioFile", lambda *a, **k: pytest.fail("it was read"))
    with pytest.raises(OSError, match="disk full"):
        originals.sound(1.0, 1.1)


def test_another_recording_is_refused(recording: Path, project: Project, tmp_path: Path) -> None:
    timeline = timeline_of(recording, project)
    other = tmp_path / "other.mp4"
    other.write_bytes(recording.read_bytes() + b"x")
    with pytest.raises(InputError, match="not the recording"):
        opened(other, project, timeline)


def test_a_recording_that_was_cut_is_refused_for_its_times_differ(recording: Path, project: Project) -> None:
    with pytest.raises(InputError, match="cut out"):
        opened(recording, project, timeline_of(recording, project, operator="remove"))


@pytest.mark.parametrize(("start", "end"), [(-1.0, 1.0), (2.0, 1.0), (0.0, 99.0), (0.0, LONGEST + 1)])
def test_a_look_is_short_and_within_the_recording(recording: Path, project: Project, start: float, end: float) -> None:
    with pytest.raises(InputError, match="at most"):
        opened(recording, project).sound(start, end)
