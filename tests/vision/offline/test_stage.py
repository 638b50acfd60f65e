"""The whole stage on a made-up scene: squares are faces, their colour says who it is."""

import gc
import random
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from timeline import ArrayAudio, FaceTrack
from vision.detection.base import Detections
from vision.detection.multiscale import FaceSearch
from vision.masking.plan import MaskPlan
from vision.offline.stage import FaceStage
from vision.settings import VisionSettings

SIZE = (640, 360)
SETTINGS = VisionSettings()
PEOPLE = {"p-anna": 0, "p-ben": 1}  # enrolled; person 2 and above are strangers
Face = tuple[int, float, float]
"""Who it is, and where: x, y of the corner. Every face has 60 x 72 px."""


def draw(faces: list[Face]) -> npt.NDArray[np.uint8]:
    picture = np.full((SIZE[1], SIZE[0], 3), 60, np.uint8)
    for who, x, y in faces:
        patch = np.random.default_rng(who).integers(150, 250, (72, 60)).astype(np.uint8)
        patch = cv2.GaussianBlur(patch, (0, 0), 6)
        patch = cv2.normalize(patch, None, 150, 250, cv2.NORM_MINMAX)
        part = picture[int(y) : int(y) + 72, int(x) : int(x) + 60]
        part[..., 1] = patch[: part.shape[0], : part.shape[1]]
        part[..., 0] = 10 * who
        part[..., 2] = 0
    return picture


class Squares:
    """Finds the squares. ``fails``: call numbers at which it raises."""

    def __init__(self, fails: set[int] = frozenset()) -> None:
        self.calls, self.fails = 0, fails

    def __call__(self, picture: npt.NDArray[np.uint8], threshold: float) -> Detections:
        self.calls += 1
        if self.calls in self.fails:
            raise RuntimeError("no more memory")
        rows = []
        for who in range(6):
            of = ((picture[..., 2] < 20) & (np.abs(picture[..., 0].astype(int) - 10 * who) < 4)).astype(np.uint8)
            count, _, stats, _ = cv2.connectedComponentsWithStats(of)
            rows += [stats[i, :4] for i in range(1, count) if stats[i, 4] > 200]
        boxes = np.asarray(rows, np.float32).reshape(-1, 4)
        points = np.repeat(boxes[:, None, :2] + boxes[:, None, 2:] / 2, 5, axis=1)
        return Detections(boxes, points, np.full(len(boxes), 0.9, np.float32))


class Colours:
    """Tells people by their colour: an axis each."""

    id = "colours"

    def __init__(self, quality: float = 0.9) -> None:
        self.quality = quality

    def __call__(self, picture: npt.NDArray[np.uint8], faces: Detections) -> tuple[np.ndarray, np.ndarray]:
        rows = []
        for x, y in faces.landmarks[:, 0]:
            rows.append(np.eye(8, dtype=np.float32)[round(picture[int(y), int(x), 0] / 10)])
        return np.asarray(rows, np.float32).reshape(-1, 8), np.full(len(rows), self.quality, np.float32)


@dataclass
class Gallery:
    ids = tuple(PEOPLE)
    matrix = np.eye(8, dtype=np.float32)[[0, 0, 1, 1]]
    owner = np.array([0, 0, 1, 1])
    quality = np.ones(4, np.float32)


def stage(detector: object = None, recogniser: object = None, consent: dict[str, bool] | None = None) -> FaceStage:
    search = FaceSearch(detector or Squares(), SETTINGS.detect)
    agreed = {"p-anna": True, "p-ben": False} if consent is None else consent
    return FaceStage(search, recogniser or Colours(), None, SETTINGS, Gallery(), agreed)


def film(faces, seconds: float = 4.0, fps: float = 25.0) -> Iterator[tuple[float, npt.NDArray[np.uint8]]]:
    for i in range(round(seconds * fps)):
        yield i / fps, draw(faces(i / fps))


def run(faces, seconds: float = 4.0, fps: float = 25.0, **kind: object) -> list[FaceTrack]:
    return stage(**kind).run(film(faces, seconds, fps), SIZE, fps)


def masked(tracks: list[FaceTrack], t: float, face: Face) -> float:
    """The share of a face that is masked at ``t``."""
    cover = np.zeros((SIZE[1], SIZE[0]), bool)
    for x, y, w, h in MaskPlan(tracks, SIZE, SETTINGS.mask).boxes(t):
        cover[int(y) : int(np.ceil(y + h)), int(x) : int(np.ceil(x + w))] = True
    _, x, y = face
    part = cover[max(0, int(y)) : int(y) + 72, max(0, int(x)) : int(x) + 60]
    return float(part.mean()) if part.size else 1.0


@pytest.mark.parametrize("fps", [10.0, 12.0, 25.0, 60.0])
def test_who_agreed_is_shown_and_all_others_are_masked(fps: float) -> None:
    def faces(t: float) -> list[Face]:
        return [(0, 100 + 20 * t, 100), (1, 300, 100 + 10 * t), (3, 500, 200)]

    tracks = run(faces, fps=fps)
    assert {t.enrolled for t in tracks} == {"p-anna", "p-ben", None}
    for i in range(round(4 * fps)):
        anna, ben, stranger = faces(i / fps)
        assert masked(tracks, i / fps, anna) == 0
        assert masked(tracks, i / fps, ben) == 1
        assert masked(tracks, i / fps, stranger) == 1


def test_without_a_gallery_or_consent_nobody_is_shown() -> None:
    tracks = run(lambda t: [(0, 100, 100)], consent={})
    assert tracks[0].enrolled == "p-anna"
    assert not tracks[0].ever_shown
    assert "not agreed" in tracks[0].reason


def test_with_poor_crops_nobody_is_shown() -> None:
    assert not any(t.ever_shown for t in run(lambda t: [(0, 100, 100)], recogniser=Colours(quality=0.1)))


@pytest.mark.parametrize("at", [1.0, 1.04, 1.52, 2.0, 2.76])
def test_a_stranger_cut_into_an_enrolled_face_s_place_is_never_shown(at: float) -> None:
    def faces(t: float) -> list[Face]:
        return [(0 if t < at - 1e-6 else 3, 200, 120)]

    tracks = run(faces)
    for i in range(100):
        if i / 25 >= at - 1e-6:
            assert masked(tracks, i / 25, (3, 200, 120)) == 1, i / 25
    assert masked(tracks, at / 2, (0, 200, 120)) == 0


def test_a_flash_of_a_stranger_between_two_looks_is_masked() -> None:
    """Three frames, shorter than the time between two crops."""
    at = {30, 31, 32}
    tracks = run(lambda t: [(3 if round(t * 25) in at else 0, 200, 120)])
    for i in at:
        assert masked(tracks, i / 25, (3, 200, 120)) == 1


@pytest.mark.parametrize(("fps", "length"), [(25.0, 1), (25.0, 2), (60.0, 1), (60.0, 5)])
@pytest.mark.parametrize("first", range(30, 38))
def test_a_stranger_who_pops_up_between_two_looks_is_masked(fps: float, length: int, first: int) -> None:
    """Where nobody was before, for less time than passes between two looks."""
    at = range(first, first + length)
    tracks = run(lambda t: [(3, 400, 200)] if round(t * fps) in at else [], 48 / fps, fps)
    for i in at:
        assert masked(tracks, i / fps, (3, 400, 200)) == 1


def test_faces_that_cross_never_swap() -> None:
    def faces(t: float) -> list[Face]:
        return [(0, 100 + 90 * t, 120), (3, 460 - 90 * t, 130)]  # the later one is drawn over the other

    tracks = run(faces)
    for i in range(100):
        assert masked(tracks, i / 25, faces(i / 25)[1]) == 1
    assert masked(tracks, 0.2, faces(0.2)[0]) == 0
    assert masked(tracks, 3.9, faces(3.9)[0]) == 0


def test_who_comes_into_the_picture_beside_another_is_shown_from_the_first_look() -> None:
    """Crops are taken although a stranger shares the place, as nobody knows yet who it may be."""

    def faces(t: float) -> list[Face]:
        return [(3, 130 + 150 * max(0.0, t - 2), 136), (0, 100, 100)]

    tracks = run(faces)
    for t in (0.5, 1.0, 1.5):
        stranger, anna = faces(t)
        assert masked(tracks, t, anna) < 0.6
        assert masked(tracks, t, stranger) == 1


def test_a_face_is_masked_while_it_cannot_be_seen_and_before_it_is_found() -> None:
    def faces(t: float) -> list[Face]:
        return [] if 1.5 < t < 2.3 else [(3, 100 + 40 * t, 120)]

    tracks = run(faces)
    for i in range(100):
        assert masked(tracks, i / 25, (3, 100 + 40 * i / 25, 120)) == 1


def test_when_the_detector_fails_the_whole_picture_is_masked() -> None:
    tracks = run(lambda t: [(0, 100, 100)], detector=Squares(fails=set(range(12, 18))))
    blind = [t for t in tracks if "failed" in t.reason]
    assert blind
    for track in blind:
        for t in track.times:
            assert masked(tracks, float(t), (0, 0, 0)) == 1
            assert masked(tracks, float(t), (0, 580, 288)) == 1
    assert masked(tracks, 0.2, (0, 100, 100)) == 0
    assert masked(tracks, 3.8, (0, 100, 100)) == 0


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError, "the face detector failed (ValueError): the whole picture is masked"),
        (AttributeError, "a fault in the program stopped the face detector (AttributeError): the whole picture is"),
    ],
)
def test_a_detector_that_raises_is_told_from_a_fault_in_the_program(
    error: type[Exception], reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    def detect(picture: object, threshold: float) -> Detections:
        raise error("Anneliese Maier said it in /home/anneliese")

    tracks = run(lambda t: [(0, 100, 100)], detector=detect)
    assert len(tracks) == 1
    assert tracks[0].reason.startswith(reason)
    assert all(masked(tracks, i / 25, (0, 100, 100)) == 1 for i in range(100))
    assert set(caplog.messages) == {caplog.messages[0]}
    assert caplog.messages[0].startswith(f"frames were not analysed: {error.__name__} at vision.detection.multiscale:")
    assert "nneliese" not in caplog.text + tracks[0].reason


def test_frames_that_failed_for_different_reasons_are_told_apart() -> None:
    def detect(picture: object, threshold: float) -> Detections:
        calls.append(0)
        raise ValueError if len(calls) < 10 else TypeError

    calls: list[int] = []
    tracks = run(lambda t: [(0, 100, 100)], detector=detect)
    assert [track.why for track in tracks] == [
        "the face detector failed (ValueError)",
        "a fault in the program stopped the face detector (TypeError)",
    ]
    assert tracks[0].end < tracks[1].start


def test_a_detector_that_never_works_masks_every_frame() -> None:
    tracks = run(lambda t: [(0, 100, 100)], detector=Squares(fails=set(range(10000))))
    for i in range(100):
        assert masked(tracks, i / 25, (0, 0, 0)) == 1
        assert masked(tracks, i / 25, (0, 580, 288)) == 1


def test_a_recogniser_that_fails_masks_as_well() -> None:
    def broken(picture: object, faces: object) -> object:
        raise RuntimeError

    tracks = run(lambda t: [(0, 100, 100)], recogniser=broken)
    assert "the face recogniser failed (RuntimeError): the whole picture is masked" in {t.reason for t in tracks}
    assert all(masked(tracks, i / 25, (0, 0, 0)) == 1 for i in range(100))


def test_a_track_has_a_row_for_every_picture_from_first_to_last() -> None:
    times = np.cumsum(np.random.default_rng(2).uniform(0.01, 0.2, 60))
    tracks = stage().run(((float(t), draw([(3, 100 + 10 * t, 100)])) for t in times), SIZE, 15.0)
    assert len(tracks) == 1
    assert np.array_equal(tracks[0].times, times)


def test_frames_must_come_in_order() -> None:
    with pytest.raises(ValueError, match="after"):
        stage().run(iter([(0.0, draw([])), (0.0, draw([]))]), SIZE, 25.0)


def test_no_frames_no_tracks() -> None:
    assert stage().run(iter([]), SIZE, 25.0, ArrayAudio(np.zeros(0, np.float32))) == []


def test_memory_holds_a_few_pictures_only() -> None:
    alive: list[weakref.ref[npt.NDArray[np.uint8]]] = []
    most = 0

    def pictures() -> Iterator[tuple[float, npt.NDArray[np.uint8]]]:
        nonlocal most
        for t, picture in film(lambda t: [(0, 100, 100)], seconds=6):
            alive.append(weakref.ref(picture))
            most = max(most, sum(ref() is not None for ref in alive))
            yield t, picture
            del picture

    stage().run(pictures(), SIZE, 25.0)
    gc.collect()
    assert most <= 5


def test_progress_never_falls() -> None:
    told: list[float] = []
    stage().run(film(lambda t: []), SIZE, 25.0, ArrayAudio(np.zeros(64000, np.float32)), told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


class Slowly:
    """Another thread's work, done at a pace that nobody can foretell."""

    id = "slowly"

    def __init__(self, call: Callable[..., object]) -> None:
        self._call = call

    def __call__(self, *args: object) -> object:
        time.sleep(random.uniform(0, 0.02))
        return self._call(*args)


def brightness(crops: np.ndarray, sound: np.ndarray) -> np.ndarray:
    return np.clip(crops.reshape(len(crops), -1).mean(axis=1) / 255.0 + sound[: len(crops)] / 9, 0.01, 0.99)


def test_two_runs_give_the_same_to_the_bit_whatever_the_threads_do() -> None:
    def faces(t: float) -> list[Face]:
        return [(0, 100 + 20 * t, 100), (1, 300, 100 + 10 * t), (3 if t < 1.5 else 4, 500, 200)]

    def once(wrap: Callable[[object], object]) -> list[FaceTrack]:
        search = FaceSearch(Squares(), SETTINGS.detect)
        sound = ArrayAudio(np.random.default_rng(1).normal(size=48000).astype(np.float32))
        made = FaceStage(search, wrap(Colours()), wrap(brightness), SETTINGS, Gallery(), {"p-anna": True})
        return made.run(film(faces, 3.0), SIZE, 25.0, sound)

    first, second, third = once(lambda call: call), once(Slowly), once(Slowly)
    for one, two, three in zip(first, second, third, strict=True):
        for name in ("times", "boxes", "shown", "embedding", "speaking_times", "speaking"):
            rows = [getattr(track, name) for track in (one, two, three)]
            assert np.array_equal(rows[0], rows[1]), name
            assert np.array_equal(rows[0], rows[2]), name
        assert len(one.speaking) > 25
        assert (one.enrolled, one.reason) == (two.enrolled, two.reason)


def test_a_scorer_that_fails_is_told() -> None:
    def broken(crops: object, sound: object) -> object:
        raise MemoryError("no room")

    made = FaceStage(FaceSearch(Squares(), SETTINGS.detect), Colours(), broken, SETTINGS, Gallery(), {})
    sound = ArrayAudio(np.random.default_rng(1).normal(size=48000).astype(np.float32))
    with pytest.raises(MemoryError):
        made.run(film(lambda t: [(0, 100, 100)], 3.0), SIZE, 25.0, sound)


def test_pictures_that_end_in_an_error_leave_no_thread_behind() -> None:
    def pictures() -> Iterator[tuple[float, npt.NDArray[np.uint8]]]:
        yield from film(lambda t: [(0, 100, 100)], 1.0)
        raise OSError("torn")

    before = threading.active_count()
    with pytest.raises(OSError, match="torn"):
        stage().run(pictures(), SIZE, 25.0)
    assert threading.active_count() == before
