"""The picture of the review page."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from evaluation.data.review_page import chromium, long_timeline, write_results
from evaluation.runs.review_picture import SIZE, take


@pytest.mark.skipif(chromium() is None, reason="Debian's chromium is not installed (setup.sh --dev)")
def test_the_picture_shows_the_page_and_leaves_the_results_alone(tmp_path: Path) -> None:
    results = write_results(tmp_path / "results", long_timeline(4.0, 8, 8))
    before = {path: path.read_bytes() for path in results.rglob("*") if path.is_file()}
    take(results, tmp_path / "page.jpg")
    picture = cv2.imread(str(tmp_path / "page.jpg"))
    assert picture is not None
    assert picture.shape == (SIZE["height"], SIZE["width"], 3)
    assert picture.std() > 20
    assert {path: path.read_bytes() for path in results.rglob("*") if path.is_file()} == before
