"""The README's picture: a frame away from private words, above who speaks when."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from capture import Picture, SafeWriter
from evaluation.runs import readme_picture as made
from timeline import Person, Recording, Redaction, Timeline, Turn

TIMELINE = Timeline(
    recording=Recording(duration=4.0, width=320, height=240, fps=5.0),
    people=[Person(id="p1", name="Ann", pseudonym="Speaker 1", registered=True, seen=True)],
    turns=[Turn(start=2.0, end=4.0, person="p1")],
    redactions=[Redaction(id="r1", kind="word", entity="PERSON", operator="beep", start=1.8, end=2.2, reason="a name")],
)


def test_bars_stand_where_somebody_speaks() -> None:
    picture = made.draw(TIMELINE, np.zeros((240, 320, 3), np.uint8))
    assert picture.shape == (480 + 2 * made.MARGIN + 2 * made.ROW, 640, 3)
    across = (640 - made.LABEL - made.MARGIN) / 4.0
    row = picture[480 + made.MARGIN + made.ROW // 2]
    assert row[made.LABEL + round(3.0 * across)].tolist() == list(made.SPEECH)
    assert row[made.LABEL + round(1.0 * across)].tolist() == list(made.GREY)


def test_a_frame_near_a_private_word_is_never_taken() -> None:
    assert made._distance(TIMELINE, 2.0) == math.inf
    assert made._distance(TIMELINE, 0.9) == math.inf
    assert made._distance(TIMELINE, 3.5) == 1.5


def test_the_picture_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SafeWriter(tmp_path / "safe.mp4", Picture(320, 240, 5.0), None) as writer:
        for number in range(20):
            writer.write_frame(number / 5, np.full((240, 320, 3), 10 * number, np.uint8))
    (tmp_path / "timeline.json").write_text(TIMELINE.to_json(), "utf-8")
    target = tmp_path / "demo.jpg"
    monkeypatch.setattr(sys, "argv", ["readme_picture", str(tmp_path), str(target)])
    made.main()
    written = cv2.imread(str(target))
    assert written is not None
    assert abs(float(written[:480].mean()) - 30.0) < 6.0, "of 0.6 s: the nearest to the middle that is allowed"
