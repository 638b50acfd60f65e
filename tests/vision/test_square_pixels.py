"""Anamorphic pictures are looked at as they are displayed, and faces are given in stored pixels."""

import itertools
import json
from dataclasses import dataclass

import numpy as np
import pytest

from capture import VideoFile
from timeline import FaceTrack
from vision import FaceStage, MaskPlan, VisionSettings
from vision.live.messages import FaceObservation, Frame, FrameResult
from vision.live.worker import on_square_pixels
from vision.settings import MAX_STRETCH
from vision.square_pixels import SquarePixels

SETTINGS = VisionSettings()


def covered(boxes: np.ndarray, face: tuple[float, ...]) -> float:
    """Share of ``face`` under ``boxes``, by its pixels."""
    x, y, w, h = (round(v) for v in face)
    under = np.zeros((h, w), np.bool_)
    for left, top, wide, high in boxes - np.array([x, y, 0, 0]):
        under[max(0, round(top)) : max(0, round(top + high)), max(0, round(left)) : max(0, round(left + wide))] = True
    return float(under.mean())


def test_every_face_of_a_strongly_anamorphic_recording_is_masked_from_its_first_picture(store, needs, media) -> None:
    needs(store, "yunet", "sface")
    path = media / "cases" / "f_halfd1.mp4"
    if not path.is_file():
        pytest.skip("the case f_halfd1 is not on this machine")
    faces = json.loads(path.with_suffix(".faces.json").read_text(encoding="utf-8"))["f_halfd1"]
    video = VideoFile(path)
    settings = SETTINGS.model_copy(update={"speaker": SETTINGS.speaker.model_copy(update={"scorer": "none"})})
    first = list(itertools.islice(video, 25))
    stage = FaceStage.from_store(store, settings, None, {})
    plan = MaskPlan(stage.run(first, video.size, video.info.fps, sar=video.info.sar), video.size, settings.mask)
    bare = [
        (row, face)
        for row, (t, _) in enumerate(first)
        for face in faces[row]
        if covered(plan.boxes(t), tuple(face)) < 0.8  # their boxes hold hair and neck, too
    ]
    assert not bare


@pytest.mark.parametrize(
    ("size", "sar", "square"),
    [
        ((352, 576), 32 / 11, (1024, 576)),
        ((1440, 1080), 4 / 3, (1920, 1080)),
        ((720, 480), 0.5, (720, 960)),
        ((720, 576), 12 / 11, (720, 576)),
        ((640, 480), 1.0, (640, 480)),
        ((640, 480), float("nan"), (640, 480)),
        ((640, 480), 0.0, (640, 480)),
        ((640, 480), 1e9, (round(640 * MAX_STRETCH), 480)),
    ],
)
def test_pictures_are_stretched_to_square_pixels_within_bounds(size, sar, square) -> None:
    pixels = SquarePixels(size, sar)
    assert pixels.size == square
    assert pixels.picture(np.zeros((size[1], size[0], 3), np.uint8)).shape == (square[1], square[0], 3)


def test_boxes_are_given_in_stored_pixels() -> None:
    pixels = SquarePixels((352, 576), 32 / 11)
    track = FaceTrack("t1", np.zeros(1), np.array([[320, 100, 160, 160]], np.float32))
    assert np.allclose(pixels.tracks([track])[0].boxes, [[110, 100, 55, 160]])


def test_where_pixels_are_square_nothing_is_touched() -> None:
    pixels, picture = SquarePixels((64, 48), 1.0), np.zeros((48, 64, 3), np.uint8)
    assert pixels.picture(picture) is picture
    assert pixels.small(picture) is picture


@dataclass
class Job:
    """Remembers the shapes it was given, and finds one face."""

    seen: list[tuple[int, ...]]

    def __call__(self, frame: Frame) -> FrameResult:
        self.seen += [frame.picture.shape[:2], frame.small[0][1].shape[:2]]
        return FrameResult(frame.t, (FaceObservation(1, 1, np.array([100, 10, 50, 40], np.float32), True),))


def test_the_live_worker_looks_at_square_pixels_too() -> None:
    job = Job([])
    frame = Frame(0.0, np.zeros((288, 352, 3), np.uint8), ((0.0, np.zeros((100, 122, 3), np.uint8)),))
    result = on_square_pixels(job, SquarePixels((352, 288), 2.0))(frame)
    assert job.seen == [(288, 704), (50, 122)]
    assert np.allclose(result.faces[0].box, [50, 10, 25, 40])
