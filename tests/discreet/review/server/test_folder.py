"""The folder that is reviewed."""

from __future__ import annotations

from pathlib import Path

from discreet.review.server.folder import ReviewFolder


def test_the_document_stands_for_its_folder(results: Path) -> None:
    assert ReviewFolder.open(results / "timeline.json").path == results


def test_it_shows_no_name_when_it_is_printed(results: Path) -> None:
    assert "Ann" not in repr(ReviewFolder.open(results))


def test_sound_alone_can_be_reviewed(results: Path) -> None:
    (results / "safe.mp4").rename(results / "safe.m4a")
    recording = ReviewFolder.open(results).recording
    assert recording is not None
    assert recording.name == "safe.m4a"
