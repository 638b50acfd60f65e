"""The real models on photos and clips that the store can fetch, and on the labelled media where they are."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from registered import FoundFace, Gallery
from registered.finder_protocols import FaceFinder as FinderProtocol
from timeline import ModelError
from vision import FaceFinder, FaceStage, MaskPlan, VisionSettings
from vision.detection.yunet import YuNet
from vision.factory import make_detector, make_recogniser, make_scorer
from vision.recognition.base import SFace, similarity_transform
from vision.settings import DetectSettings, RecogniseSettings, SpeakerSettings

COVERS = (
    "vision.recognition.arcface",
    "vision.face_finder",
)

SETTINGS = VisionSettings()


@pytest.fixture(scope="module")
def finder(store, needs) -> FaceFinder:
    needs(store, "yunet", "sface", "demo-photos")
    return FaceFinder.from_store(store)


@pytest.fixture(scope="module")
def photos(store, finder) -> dict[str, list[FoundFace]]:
    folder = Path(store.path("demo-photos"))
    return {name: finder(cv2.imread(str(folder / name))) for name in ("obama.jpg", "obama2.jpg", "biden.jpg")}


def cosine(a: FoundFace, b: FoundFace) -> float:
    return float(a.embedding @ b.embedding / np.linalg.norm(a.embedding) / np.linalg.norm(b.embedding))


def test_a_portrait_has_one_face(photos: dict[str, list[FoundFace]]) -> None:
    assert {name: len(found) for name, found in photos.items()} == dict.fromkeys(photos, 1)


def test_one_person_is_alike_and_two_are_not(finder: FaceFinder, photos: dict[str, list[FoundFace]]) -> None:
    same = cosine(photos["obama.jpg"][0], photos["obama2.jpg"][0])
    other = max(cosine(photos[name][0], photos["biden.jpg"][0]) for name in ("obama.jpg", "obama2.jpg"))
    assert same > finder.same + 0.2
    assert other < finder.same - 0.05


def test_the_finder_is_what_enrolment_wants(finder: FaceFinder) -> None:
    wanted: FinderProtocol = finder
    assert wanted.model == "sface"


def test_our_alignment_is_opencv_s(store, finder) -> None:
    """The same embedding as cv2.FaceRecognizerSF from its own alignCrop: landmarks and template are in its order."""
    picture = cv2.imread(str(Path(store.path("demo-photos")) / "obama.jpg"))
    faces = YuNet(store.session("yunet", resize=True))(picture, 0.8)
    net = cv2.FaceRecognizerSF.create(str(store.path("sface")), "")
    row = np.concatenate([faces.boxes[0], faces.landmarks[0].ravel(), faces.scores[:1]]).astype(np.float32)
    theirs = net.feature(net.alignCrop(picture, row))[0]
    ours = SFace(store.path("sface"))(picture, faces)[0][0]
    assert float(ours @ theirs / np.linalg.norm(theirs)) > 0.99


def test_the_best_transform_of_a_turned_face_is_the_turn_back() -> None:
    from vision.recognition.base import TEMPLATE

    angle, scale = 0.4, 1.7
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = (TEMPLATE @ turn.T + [30, -12]).astype(np.float32)
    matrix = similarity_transform(points)
    assert np.allclose(points @ matrix[:, :2].T + matrix[:, 2], TEMPLATE, atol=1e-3)


def test_quality_falls_with_blur(store, finder) -> None:
    picture = cv2.imread(str(Path(store.path("demo-photos")) / "obama.jpg"))
    faces = YuNet(store.session("yunet", resize=True))(picture, 0.8)
    sface = SFace(store.path("sface"))
    values = [float(sface(cv2.GaussianBlur(picture, (0, 0), sigma), faces)[1][0]) for sigma in (0.5, 12, 30)]
    assert values[0] > 0.7
    assert values == sorted(values, reverse=True)
    assert values[2] < SETTINGS.recognise.quality


def test_names_that_nobody_has_are_errors_with_a_remedy(store) -> None:
    for make in (make_detector, make_recogniser, make_scorer):
        with pytest.raises(ModelError) as caught:
            make(store, "nonsense")
        assert caught.value.remedy


def test_on_the_demo_clip_who_agreed_is_shown_and_the_other_is_not(store, needs, finder, photos) -> None:
    needs(store, "demo-clip")
    rows = np.stack([photos[name][0].embedding for name in ("obama.jpg", "obama2.jpg")])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    gallery = Gallery.of("sface", [("obama", {"sface": rows}, {"sface": np.ones(2, np.float32)})])
    quiet = SETTINGS.model_copy(update={"speaker": SETTINGS.speaker.model_copy(update={"scorer": "none"})})
    stage = FaceStage.from_store(store, quiet, gallery, {"obama": True})
    capture = cv2.VideoCapture(str(store.path("demo-clip")))
    frames = []
    while len(frames) < 36 and (read := capture.read())[0]:
        frames.append((len(frames) / 12.0, read[1]))
    tracks = stage.run(iter(frames), (320, 240), 12.0)
    shown = [track for track in tracks if track.ever_shown]
    assert [track.enrolled for track in shown] == ["obama"]
    assert shown[0].shown.mean() > 0.9
    others = [track for track in tracks if not track.ever_shown]
    assert others
    plan = MaskPlan(tracks, (320, 240), SETTINGS.mask)
    for t, _ in frames:
        assert len(plan.boxes(t)) >= 1


def test_the_reference_models_show_who_agreed_on_the_demo_clip_and_nobody_else(store, needs) -> None:
    """Another detector and another recogniser, with the thresholds that come with them: the same decision."""
    needs(store, "retinaface-mnet", "arcface-mbf", "demo-clip", "demo-photos")
    settings = VisionSettings(
        detect=DetectSettings(detector="retinaface-mnet"),
        recognise=RecogniseSettings(recogniser="arcface-mbf"),
        speaker=SpeakerSettings(scorer="none"),
    )
    finder = FaceFinder.from_store(store, settings)
    folder = Path(store.path("demo-photos"))
    found = [finder(cv2.imread(str(folder / name))) for name in ("obama.jpg", "obama2.jpg")]
    assert [len(faces) for faces in found] == [1, 1]
    rows = np.stack([faces[0].embedding for faces in found])
    gallery = Gallery.of("arcface-mbf", [("obama", {"arcface-mbf": rows}, {"arcface-mbf": np.ones(2, np.float32)})])
    capture = cv2.VideoCapture(str(store.path("demo-clip")))
    frames = [(i / 12.0, capture.read()[1]) for i in range(30)]
    for known, expected in ((gallery, ["obama"]), (Gallery.of("arcface-mbf", []), [])):
        tracks = FaceStage.from_store(store, settings, known, {"obama": True}).run(iter(frames), (320, 240), 12.0)
        assert [track.enrolled for track in tracks if track.ever_shown] == expected
        assert any(not track.ever_shown for track in tracks)


def test_photos_of_crowds_lose_no_face_to_the_shadow_rule(media: Path, finder: FaceFinder) -> None:
    found = finder(cv2.imread(str(media / "faces" / "couple.jpg")))
    assert len(found) == 2
