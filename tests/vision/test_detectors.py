"""One contract for every detector: on real photos, faces, and five points in the order that alignment needs."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from timeline import ModelError, plugin
from vision.detection.base import Detections, Detector, Image
from vision.factory import DETECTORS, make_detector, make_recogniser
from vision.recognition.base import TEMPLATE, similarity_transform
from weights import open_session

COVERS = (
    "vision.detection.centerface",
    "vision.detection.retinaface",
)

PHOTOS = ("obama.jpg", "obama2.jpg", "biden.jpg")


def reduced(picture: Image, side: int = 480) -> Image:
    scale = side / max(picture.shape[:2])
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


@pytest.fixture(scope="module")
def photos(store, needs) -> dict[str, Image]:
    needs(store, "demo-photos")
    return {name: reduced(cv2.imread(str(Path(store.path("demo-photos")) / name))) for name in PHOTOS}


@pytest.fixture(scope="module", params=DETECTORS)
def detector(store, needs, request) -> Detector:
    needs(store, request.param)
    return make_detector(store, request.param)


@pytest.fixture(scope="module")
def sface(store, needs):
    needs(store, "sface")
    return make_recogniser(store, "sface")


def one(detector: Detector, picture: Image) -> Detections:
    found = detector(picture, 0.5)
    assert len(found) == 1
    return found


def test_a_portrait_has_one_face_and_its_points_lie_in_it(detector: Detector, photos: dict[str, Image]) -> None:
    for picture in photos.values():
        face = one(detector, picture)
        x, y, w, h = face.boxes[0]
        assert 0.5 < w / h < 1.2
        inside = (face.landmarks[0] - [x, y]) / [w, h]
        assert ((inside > 0) & (inside < 1)).all()
        assert 0.5 <= face.scores[0] <= 1.0


def test_eyes_nose_and_mouth_come_in_order_from_the_picture_s_left(
    detector: Detector, photos: dict[str, Image]
) -> None:
    for picture in photos.values():
        left, right, nose, mouth_left, mouth_right = one(detector, picture).landmarks[0]
        apart = right[0] - left[0]
        assert apart > 0
        assert left[0] < nose[0] < right[0]
        assert mouth_left[0] + 0.4 * apart < mouth_right[0]
        assert max(left[1], right[1]) < nose[1] < min(mouth_left[1], mouth_right[1])


def test_in_a_mirror_every_point_is_its_counterpart(detector: Detector, photos: dict[str, Image]) -> None:
    """A wrong order survives a picture that happens to be symmetric; it does not survive its mirror image."""
    picture = photos["obama.jpg"]
    face = one(detector, picture)
    mirrored = one(detector, np.ascontiguousarray(picture[:, ::-1]))
    expected = face.landmarks[0][[1, 0, 2, 4, 3]] * [-1, 1] + [picture.shape[1] - 1, 0]
    assert np.abs(mirrored.landmarks[0] - expected).max() < 0.08 * face.boxes[0, 2]


@pytest.mark.parametrize("degrees", [-20, 20])
def test_the_points_turn_with_the_picture(detector: Detector, photos: dict[str, Image], degrees: int) -> None:
    picture = photos["obama.jpg"]
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.8)
    face = one(detector, picture)
    turned = one(detector, np.asarray(cv2.warpAffine(picture, turn, (width, height)), np.uint8))
    expected = face.landmarks[0] @ turn[:, :2].T + turn[:, 2]
    apart = np.linalg.norm(turned.landmarks[0][:, None] - expected[None], axis=2)
    assert (apart.argmin(axis=1) == np.arange(5)).all()
    assert np.diag(apart).mean() < 0.1 * face.boxes[0, 2]  # YuNet turns its points by less than the face


def test_the_points_lie_as_alignment_wants_them(detector: Detector, photos: dict[str, Image]) -> None:
    for picture in photos.values():
        points = one(detector, picture).landmarks[0]
        matrix = similarity_transform(points)
        off = points @ matrix[:, :2].T + matrix[:, 2] - TEMPLATE
        assert np.linalg.norm(off, axis=1).mean() < 6.0  # px of 112; swapped eyes alone are over 20


def test_aligned_by_it_a_person_is_like_themselves_and_unlike_another(
    detector: Detector, photos: dict[str, Image], sface
) -> None:
    rows = {name: sface(picture, one(detector, picture))[0][0] for name, picture in photos.items()}
    assert float(rows["obama.jpg"] @ rows["obama2.jpg"]) > 0.6
    assert float(rows["obama.jpg"] @ rows["biden.jpg"]) < 0.3


def test_it_aligns_as_the_others_do(detector: Detector, photos: dict[str, Image], sface, store, needs) -> None:
    """An embedding must not depend on who found the face: templates are kept per recogniser, not per detector."""
    needs(store, "yunet")
    yunet = make_detector(store, "yunet")
    for picture in photos.values():
        ours, theirs = (sface(picture, one(find, picture))[0][0] for find in (detector, yunet))
        assert float(ours @ theirs) > 0.9


def test_every_size_of_picture_is_taken_and_black_has_no_face(detector: Detector, photos: dict[str, Image]) -> None:
    for shape in ((90, 161, 3), (192, 192, 3), (8, 8, 3)):
        assert len(detector(np.zeros(shape, np.uint8), 0.3)) == 0
    odd = np.ascontiguousarray(photos["obama.jpg"][:391, 3:330])
    assert len(detector(odd, 0.5)) == 1


def test_scores_fall_with_the_threshold_and_faces_do_not_repeat(detector: Detector, photos: dict[str, Image]) -> None:
    low, high = detector(photos["obama.jpg"], 0.2), detector(photos["obama.jpg"], 0.6)
    assert (low.scores >= 0.2).all()
    assert (high.scores >= 0.6).all()
    assert len(low) >= len(high) == 1
    assert sum(np.allclose(box, high.boxes[0], atol=1.0) for box in low.boxes) == 1


def test_on_labelled_photos_of_a_person_the_faces_agree(detector: Detector, media: Path, sface) -> None:
    names = ("img1.jpg", "img2.jpg", "img4.jpg", "img5.jpg", "img6.jpg")  # one person
    rows = [sface(p, detector(p, 0.5).strongest().take([0]))[0][0] for p in map(_photo(media), names)]
    alike = np.stack(rows) @ np.stack(rows).T
    assert alike.min() > 0.4


def _photo(media: Path):
    return lambda name: reduced(cv2.imread(str(media / "faces" / name)), 640)


def test_a_net_of_another_kind_is_refused(store, needs) -> None:
    from vision.detection.scrfd import Scrfd

    needs(store, "centerface")
    with pytest.raises(ValueError, match="SCRFD"):
        Scrfd(open_session(store.path("centerface")))


def test_a_plug_in_adds_a_detector(store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        @staticmethod
        def load():
            return plugin("detector")(lambda store, settings: lambda picture, threshold: Detections.none())

    def points(*, group: str, name: str):
        return [Point] if (group, name) == ("discreet.detectors", "theirs") else []

    monkeypatch.setattr("timeline.plugins.entry_points", points)
    assert len(make_detector(store, "theirs")(np.zeros((8, 8, 3), np.uint8), 0.5)) == 0
    with pytest.raises(ModelError, match="nobody-s"):
        make_detector(store, "nobody-s")
