"""The gate accepts the report of a run, and refuses everything that was put into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from capture import CaptureSettings, Picture, SafeWriter
from discreet.results.report_check import ReportCheck, text_of
from discreet.results.report_page import pictures_in, report_page
from discreet.results.report_pictures import SIDE, Portrait, portraits
from sharing import Gate, Terms
from timeline import Timeline, public_form

SETTINGS = CaptureSettings(preset="ultrafast")


def made() -> Timeline:
    """Ann, who is shown at the left, and a stranger, who is masked at the right."""
    return Timeline.model_validate(
        {
            "recording": {"duration": 2.0, "width": 160, "height": 96, "fps": 5.0},
            "people": [
                {"id": "p1", "name": "Ann Lee", "pseudonym": "Speaker 1", "registered": True, "seen": True},
                {"id": "p2", "pseudonym": "Speaker 2"},
            ],
            "tracks": [
                {"id": "t1", "person": "p1", "start": 0, "end": 2, "boxes": [[0.4, 20, 30, 24, 32]], "masked": False},
                {"id": "t2", "person": "p2", "start": 0, "end": 2, "boxes": [[1.0, 110, 30, 24, 32]], "masked": True},
            ],
        }
    )


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A face-like blob at the left, a flat mask at the right."""
    path = tmp_path_factory.mktemp("video") / "safe.mp4"
    with SafeWriter(path, Picture(160, 96, 5.0), settings=SETTINGS) as out:
        for n in range(10):
            picture = np.full((96, 160, 3), 60 + 4 * n, np.uint8)
            cv2.circle(picture, (32, 46), 14, (120, 160, 220), -1)
            cv2.circle(picture, (28, 42), 3, (20, 20, 20), -1)
            picture[30:62, 110:134] = 90
            out.write_frame(n / 5, picture)
    return path


@pytest.fixture(scope="module")
def pictures(video: Path) -> list[Portrait]:
    return portraits(video, made(), SETTINGS)


@pytest.fixture
def folder(tmp_path: Path, video: Path, pictures: list[Portrait]) -> Path:
    timeline = made()
    (tmp_path / "safe.mp4").write_bytes(video.read_bytes())
    (tmp_path / "timeline.json").write_text(public_form(timeline).to_json(), encoding="utf-8")
    page = report_page(public_form(timeline), pictures)
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    return tmp_path


def findings(folder: Path, *terms: str) -> list[str]:
    gate = Gate({}, frozenset({"safe.mp4"}), Terms(terms), (), {"report.html": ReportCheck(Terms(terms))})
    return [str(finding) for finding in gate.check(folder)]


def change(folder: Path, how: Callable[[str], str]) -> None:
    path = folder / "report.html"
    before = path.read_text(encoding="utf-8")
    after = how(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


def test_the_report_of_a_run_may_leave(folder: Path) -> None:
    pictures = pictures_in((folder / "report.html").read_text(encoding="utf-8"))
    assert [picture.person for picture in pictures] == ["p1", "p2"]
    assert findings(folder, "Carl Meyer") == []


def test_the_picture_of_somebody_masked_is_the_mask(folder: Path) -> None:
    _, masked = pictures_in((folder / "report.html").read_text(encoding="utf-8"))
    picture = cv2.imdecode(np.frombuffer(masked.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    middle = picture[SIDE // 2 - 8 : SIDE // 2 + 8, SIDE // 2 - 8 : SIDE // 2 + 8]
    assert middle.std() < 3


def test_a_picture_of_anything_else_is_refused(folder: Path) -> None:
    timeline = public_form(made())
    shown, masked = pictures_in((folder / "report.html").read_text(encoding="utf-8"))
    swapped = Portrait(masked.person, masked.at, masked.frame, shown.jpeg)
    (folder / "report.html").write_text(report_page(timeline, [shown, swapped]), encoding="utf-8")
    assert any("does not show what the safe recording shows" in line for line in findings(folder))


def test_words_written_into_a_picture_are_refused(folder: Path) -> None:
    timeline = public_form(made())
    shown, masked = pictures_in((folder / "report.html").read_text(encoding="utf-8"))
    picture = cv2.imdecode(np.frombuffer(masked.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    cv2.putText(picture, "Carl", (40, 70), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 1)
    written = Portrait(masked.person, masked.at, masked.frame, cv2.imencode(".jpg", picture)[1].tobytes())
    (folder / "report.html").write_text(report_page(timeline, [shown, written]), encoding="utf-8")
    assert any("does not show" in line for line in findings(folder))


def test_a_note_behind_the_jpeg_is_refused(folder: Path) -> None:
    timeline = public_form(made())
    shown, masked = pictures_in((folder / "report.html").read_text(encoding="utf-8"))
    longer = Portrait(shown.person, shown.at, shown.frame, shown.jpeg + b"Carl Meyer")
    (folder / "report.html").write_text(report_page(timeline, [longer, masked]), encoding="utf-8")
    assert any("picture 1" in line for line in findings(folder))


@pytest.mark.parametrize(
    "how",
    [
        lambda page: page.replace("Speaker 2", "Carl Meyer"),
        lambda page: page.replace("<h1>", "<script>alert(1)</script><h1>"),
        lambda page: page + "\n",
        lambda page: page.replace("<main>", '<main hidden="Carl">'),
    ],
)
def test_what_the_document_does_not_give_is_refused(folder: Path, how: Callable[[str], str]) -> None:
    change(folder, how)
    assert any("not what the timeline gives" in line for line in findings(folder))


def test_a_name_that_must_not_stand_is_found(folder: Path) -> None:
    assert any("report.html" in line for line in findings(folder, "Ann Lee"))
    assert not any("report.html" in line for line in findings(folder, "grid", "system", "jpeg"))


def test_without_the_recording_pictures_are_refused(folder: Path) -> None:
    (folder / "safe.mp4").unlink()
    assert any("no safe recording" in line for line in findings(folder))


def test_bytes_that_are_no_text_are_refused(folder: Path) -> None:
    (folder / "report.html").write_bytes(b"\xff\xfe<html>")
    assert any("no report" in line for line in findings(folder))


def test_the_text_of_a_page_is_what_people_read() -> None:
    page = report_page(Timeline.model_validate({"recording": {"duration": 1.0}}))
    assert "Discreet report" in text_of(page)
    assert "font" not in text_of(page)
