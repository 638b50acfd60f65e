"""Boxes, joining, searching, and YuNet's landmark order."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.detection.base import Detections
from vision.detection.multiscale import FaceSearch, tile_starts
from vision.detection.yunet import YuNet
from vision.geometry import iou_matrix, shared
from vision.settings import DetectSettings

box = st.tuples(*[st.floats(0, 500, width=32)] * 2, *[st.floats(1, 300, width=32)] * 2)


def faces(*rows: tuple[float, float, float, float, float]) -> Detections:
    array = np.asarray(rows, np.float32).reshape(-1, 5)
    points = array[:, None, :2] + array[:, None, 2:4] * np.array(
        [[[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]]], np.float32
    )
    return Detections(array[:, :4], points, array[:, 4])


@given(st.lists(box, min_size=1, max_size=6))
def test_overlap_is_symmetric_and_one_with_itself(boxes: list[tuple[float, ...]]) -> None:
    array = np.asarray(boxes, np.float32)
    overlap = iou_matrix(array, array)
    assert np.allclose(overlap, overlap.T, atol=1e-5)
    assert np.allclose(np.diag(overlap), 1.0, atol=1e-4)
    assert (overlap <= shared(array, array) + 1e-4).all()


def test_a_box_inside_another_is_covered_whole() -> None:
    inner, outer = np.array([[20, 20, 10, 10]], np.float32), np.array([[0, 0, 100, 100]], np.float32)
    assert shared(inner, outer)[0, 0] == pytest.approx(1.0)
    assert iou_matrix(inner, outer)[0, 0] == pytest.approx(0.01)


def test_joining_keeps_the_best_of_faces_that_overlap_and_all_that_do_not() -> None:
    joined = Detections.join([faces((0, 0, 50, 50, 0.6), (200, 0, 50, 50, 0.7)), faces((4, 4, 50, 50, 0.9))])
    assert sorted(joined.scores.tolist()) == pytest.approx([0.7, 0.9])


def test_moving_scales_and_shifts_boxes_and_landmarks_alike() -> None:
    moved = faces((10, 20, 30, 40, 0.9)).moved(2.0, 100, 50)
    assert moved.boxes[0].tolist() == [120, 90, 60, 80]
    assert moved.landmarks[0, 2].tolist() == pytest.approx([120 + 30, 90 + 48])


@given(st.integers(1, 5000), st.integers(200, 2000))
def test_tiles_cover_every_pixel(length: int, tile: int) -> None:
    starts = tile_starts(length, tile, 128)
    covered = np.zeros(length, bool)
    for start in starts:
        assert start >= 0
        covered[start : start + tile] = True
    assert covered.all()


class Marked:
    """A detector that finds squares of pure green, however large the picture it is shown; notes the sizes it saw."""

    def __init__(self, least: int = 8) -> None:
        self.sizes: list[tuple[int, int]] = []
        self.least = least

    def __call__(self, picture: np.ndarray, threshold: float) -> Detections:
        self.sizes.append((picture.shape[1], picture.shape[0]))
        green = ((picture[..., 1] > 200) & (picture[..., 0] < 60)).astype(np.uint8)
        count, _, stats, _ = cv2.connectedComponentsWithStats(green)
        rows = [(*tuple(float(v) for v in stats[i, :4]), 0.9) for i in range(1, count) if stats[i, 2] >= self.least]
        return faces(*rows)


def scene(size: tuple[int, int], *squares: tuple[int, int, int, int]) -> np.ndarray:
    picture = np.full((size[1], size[0], 3), 90, np.uint8)
    for x, y, w, h in squares:
        picture[y : y + h, x : x + w] = (0, 255, 0)
    return picture


def test_a_small_face_is_found_by_the_thorough_look_only() -> None:
    search = FaceSearch(Marked(), DetectSettings())
    picture = scene((1920, 1080), (1500, 900, 16, 18), (100, 100, 200, 220))
    assert len(search.overview(picture)) == 1
    found = search.thorough(picture)
    assert len(found) == 2
    assert iou_matrix(found.boxes, np.array([[1500, 900, 16, 18]], np.float32)).max() > 0.9


def test_a_small_face_is_found_again_where_it_is_expected() -> None:
    search = FaceSearch(Marked(), DetectSettings())
    found = search.near(scene((1920, 1080), (1500, 900, 16, 18)), np.array([[1496, 905, 16, 18]], np.float32))
    assert iou_matrix(found.boxes, np.array([[1500, 900, 16, 18]], np.float32)).max() > 0.6


@pytest.mark.parametrize("expected", [(-300, -300, 40, 40), (1270, 700, 60, 60), (-10, 300, 40, 40)])
def test_looking_beyond_the_edge_is_no_error(expected: tuple[float, ...]) -> None:
    search = FaceSearch(Marked(), DetectSettings())
    search.near(scene((1280, 720)), np.array([expected], np.float32))


def test_pictures_are_never_scaled_up() -> None:
    detector = Marked()
    FaceSearch(detector, DetectSettings()).thorough(scene((320, 240)))
    assert max(width for width, _ in detector.sizes) <= 320


def test_a_portrait_picture_is_scaled_to_the_same_number_of_pixels_high() -> None:
    detector = Marked()
    FaceSearch(detector, DetectSettings(width=640)).overview(scene((1080, 1920)))
    assert detector.sizes[0][1] <= 361
    assert detector.sizes[0][0] < detector.sizes[0][1]


@pytest.fixture(scope="module")
def yunet(store, needs) -> YuNet:
    needs(store, "yunet", "demo-photos")
    return YuNet(store.session("yunet", resize=True))


@pytest.fixture(scope="module")
def photo(store, yunet) -> np.ndarray:
    picture = cv2.imread(str(Path(store.path("demo-photos")) / "obama.jpg"))
    return cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def test_yunet_finds_the_one_face_with_landmarks_in_order(yunet: YuNet, photo: np.ndarray) -> None:
    found = yunet(photo, 0.5)
    assert len(found) == 1
    left_eye, right_eye, nose, left_mouth, right_mouth = found.landmarks[0]
    assert left_eye[0] < nose[0] < right_eye[0]
    assert left_mouth[0] < nose[0] < right_mouth[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])


def test_mirroring_the_picture_mirrors_the_landmarks_and_swaps_the_sides(yunet: YuNet, photo: np.ndarray) -> None:
    """Landmarks are named by the picture's sides, so a mirrored face has each where its counterpart was."""
    straight = yunet(photo, 0.5).landmarks[0]
    mirrored = yunet(np.ascontiguousarray(photo[:, ::-1]), 0.5).landmarks[0]
    back = np.stack([photo.shape[1] - 1 - mirrored[:, 0], mirrored[:, 1]], axis=1)[[1, 0, 2, 4, 3]]
    eyes = float(np.linalg.norm(straight[0] - straight[1]))
    assert np.abs(back - straight).max() < 0.15 * eyes


@pytest.mark.parametrize("size", [(250, 361), (640, 360), (101, 77)])
def test_yunet_is_read_as_opencv_reads_it(store, needs, yunet: YuNet, size: tuple[int, int]) -> None:
    """Of the seven faces of a video call, down to the weakest detections; one size is cut off at no multiple of 32."""
    needs(store, "demo-call")
    film = cv2.VideoCapture(str(store.path("demo-call")))
    picture = np.asarray(cv2.resize(film.read()[1], size, interpolation=cv2.INTER_AREA), np.uint8)
    theirs = cv2.FaceDetectorYN.create(str(store.path("yunet")), "", size, 0.02, 0.3, 5000).detect(picture)[1]
    ours = yunet(picture, 0.02)
    assert len(theirs) == len(ours) > 3
    assert np.abs(theirs[:, :4] - ours.boxes).max() < 0.01
    assert np.abs(theirs[:, 4:14].reshape(-1, 5, 2) - ours.landmarks).max() < 0.01
    assert np.abs(theirs[:, 14] - ours.scores).max() < 1e-4


def test_yunet_finds_nothing_in_noise(yunet: YuNet) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    assert len(yunet(noise, 0.5)) == 0


def test_a_mouth_of_a_face_too_large_for_full_size_is_no_face() -> None:
    """The full-size look sees faces up to 300 px only, and parts of larger ones as faces."""

    class Mouths(Marked):
        def __call__(self, picture: np.ndarray, threshold: float) -> Detections:
            found = super().__call__(picture, threshold)
            rows = []
            for x, y, w, h in found.boxes.tolist():
                rows.append((x, y, w, h, 0.9) if w < 300 else (x + w * 0.2, y + h * 0.6, w * 0.6, h * 0.3, 0.9))
            return faces(*rows)

    search = FaceSearch(Mouths(), DetectSettings())
    found = search.thorough(scene((1280, 720), (300, 100, 420, 500), (1100, 500, 40, 50)))
    assert sorted(found.boxes[:, 2].round(-1).tolist()) == [40, 420]


class FullSizeOnly:
    """Finds one box wherever the picture is given at full width, and ``elsewhere`` in scaled parts of 192 px."""

    def __init__(self, box: tuple[float, float, float, float], elsewhere: bool) -> None:
        self.box, self.elsewhere = box, elsewhere

    def __call__(self, picture: np.ndarray, threshold: float) -> Detections:
        if picture.shape[1] == 1280:
            return faces((*self.box, 0.6))
        if picture.shape[:2] == (192, 192) and self.elsewhere:
            side = 192 / 3.2  # the face is in the middle of three times its size
            return faces((96 - side / 2, 96 - side / 2, side, side, 0.4))
        return Detections.none()


@pytest.mark.parametrize(
    ("side", "elsewhere", "kept"), [(200.0, False, False), (200.0, True, True), (60.0, False, True)]
)
def test_a_large_face_that_only_the_full_size_shows_must_be_found_once_more(
    side: float, elsewhere: bool, kept: bool
) -> None:
    search = FaceSearch(FullSizeOnly((500, 250, side, side), elsewhere), DetectSettings())
    assert bool(len(search.thorough(np.full((720, 1280, 3), 128, np.uint8)))) is kept


def test_a_face_on_its_side_is_where_it_lies() -> None:
    """One bright spot stands for a face: whichever way the picture is turned, it is found at its own place."""

    class Spot:
        def __call__(self, picture: np.ndarray, threshold: float) -> Detections:
            if (picture.shape[1] > picture.shape[0]) or picture[..., 0].max() < 200:
                return Detections.none()
            ys, xs = np.nonzero(picture[..., 0] >= 200)
            if (xs.max() - xs.min()) > (ys.max() - ys.min()):
                return Detections.none()
            return faces((xs.min(), ys.min(), xs.max() - xs.min() + 1, ys.max() - ys.min() + 1, 0.9))

    picture = np.zeros((180, 320, 3), np.uint8)
    picture[40:60, 100:140] = 255  # wide: upright once it is turned
    found = FaceSearch(Spot(), DetectSettings()).turned(picture, Detections.none())
    np.testing.assert_allclose(found.boxes, [[100, 40, 40, 20]], atol=1)
    middle = found.landmarks[0].mean(axis=0)
    assert 100 < middle[0] < 140
    assert 40 < middle[1] < 60
    assert not len(FaceSearch(Spot(), DetectSettings()).turned(picture, found))
