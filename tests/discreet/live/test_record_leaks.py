"""A marker planted on a stranger's face is nowhere in the recording, whatever becomes of the detector."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from capture import VideoFile, probe
from capture.devices.synthetic import SyntheticPictures
from capture.media_info import Picture
from capture.sources import Image
from discreet.config.settings import load
from discreet.live import record as recording
from discreet.live.record import record_meeting
from discreet.live.request import RecordingRequest, RecordingResult, masked_whole
from discreet.pipeline.context import RunContext
from registered import Registry
from timeline import Timeline
from vision import Detections
from weights import Store

Needs = Callable[..., None]
SIZE = Picture(640, 360, 30.0)
COLOURS = (np.array([255, 0, 255]), np.array([0, 255, 0]))
SECONDS = 3.0
FAULT = 2.0
"""Seconds after which the detector fails."""


def planted(store: Store) -> Image:
    """A stranger's photo with a checkerboard of two colours, which are nowhere else, over nose and cheeks."""
    photo = cv2.imread(str(store.path("demo-photos") / "biden.jpg"))
    assert photo is not None
    from vision import make_detector

    found = make_detector(store, "yunet")(photo, 0.5)
    x, y, w, h = found.boxes[int(np.argmax(found.boxes[:, 2]))]
    left, top = max(0, round(x - 0.5 * w)), max(0, round(y - 0.4 * h))
    face: Image = np.asarray(photo[top : round(y + 1.4 * h), left : round(x + 1.5 * w)], np.uint8)
    scale = 200 / face.shape[0]
    face = np.asarray(cv2.resize(face, None, fx=scale, fy=scale), np.uint8)
    middle = round((x + w / 2 - left) * scale), round((y + 0.55 * h - top) * scale)
    for i in range(-2, 2):
        for j in range(-2, 2):
            row, column = middle[1] + 10 * i, middle[0] + 10 * j
            face[row : row + 10, column : column + 10] = COLOURS[(i + j) % 2]
    return face


def marker(picture: Image) -> int:
    """Pixels of either colour of the marker."""
    near = [np.abs(picture.astype(np.int16) - colour).max(axis=2) < 90 for colour in COLOURS]
    return int(sum(int(found.sum()) for found in near))


class Faulty:
    """A detector that works for a second and then does not."""

    def __init__(self, inner: Any, how: str) -> None:
        self.inner, self.how, self.begun = inner, how, 0.0

    def __call__(self, picture: npt.NDArray[np.uint8], threshold: float) -> Detections:
        """See ``vision.detection.base.Detector``."""
        self.begun = self.begun or time.monotonic()
        age = time.monotonic() - self.begun
        if FAULT < age < FAULT + 1.0 or (age > FAULT and self.how == "killed"):
            if self.how == "slow":
                time.sleep(0.5)
            if self.how == "raises":
                raise RuntimeError("the detector failed")
            if self.how == "killed":
                raise SystemExit
            if self.how == "finds nothing":
                return self.inner(picture, threshold).take([])
        return self.inner(picture, threshold)


def faced(store: Store, needs: Needs, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Make a camera that shows the planted face; gives a list that will hold its marker's pixels, for each picture."""
    needs(store, "yunet", "sface", "demo-photos")
    face = planted(store)
    drawn: list[int] = []

    def draw(number: int, image: Image) -> None:
        x, y = round(200 + 150 * np.sin(number / 25)), round(80 + 60 * np.cos(number / 40))
        image[y : y + face.shape[0], x : x + face.shape[1]] = face
        drawn.append(marker(image))

    def sources(wanted: Any, settings: Any, clock: Any) -> Any:
        return SyntheticPictures(clock, SIZE, draw=draw, origin=clock.now() + 1.0, band=0), None

    monkeypatch.setattr(recording, "sources", sources)
    return drawn


def made(folder: Path, store: Store, seconds: float) -> RecordingResult:
    """A recording of it, with nobody enrolled."""
    settings = load(None, ["record.preset=ultrafast", "record.crf=16", "record.reserve_mb=0"])
    context = RunContext.of(settings, store, Registry.open(folder / "people", "file"))
    return record_meeting(RecordingRequest(folder / "a.mp4", duration=seconds), context)


def test_the_marker_would_be_found(tmp_path: Path, store: Store, needs: Needs, monkeypatch: pytest.MonkeyPatch) -> None:
    faced(store, needs, monkeypatch)

    class Through:
        latency = 0.0

        def push(self, t: float, picture: Image) -> list[tuple[float, Image]]:
            return [(t, picture)]

        def flush(self) -> list[tuple[float, Image]]:
            return []

        status, tracks = staticmethod(dict), staticmethod(list)

        def close(self) -> None: ...

    monkeypatch.setattr("vision.live.masker.LiveMasker.from_store", lambda *args: Through())
    made(tmp_path, store, 0.5)
    assert min(marker(picture) for _, picture in VideoFile(tmp_path / "a.mp4")) > 200


SLOW = [pytest.param(how, marks=pytest.mark.slow) for how in ("works", "slow", "finds nothing")]


@pytest.mark.parametrize("how", [*SLOW, "raises", "killed"])
def test_the_marker_is_nowhere(
    tmp_path: Path, store: Store, needs: Needs, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    drawn = faced(store, needs, monkeypatch)
    from vision import make_detector

    monkeypatch.setattr("vision.live.masker.make_detector", lambda *args: Faulty(make_detector(*args), how))
    done = made(tmp_path, store, SECONDS)
    assert done.recorded.error is None
    assert min(drawn) > 600  # the marker can be found where it is
    assert max(marker(picture) for _, picture in VideoFile(tmp_path / "a.mp4")) < 20
    # How much of it is there depends on how busy the machine is; what is there must hold pictures after the fault.
    assert probe(tmp_path / "a.mp4").duration > FAULT
    timeline = Timeline.from_json((tmp_path / "a.timeline.json").read_bytes())
    if how not in ("works", "slow"):
        assert masked_whole(done.recorded) > 0
        assert any(redaction.operator == "whole picture" for redaction in timeline.redactions)
