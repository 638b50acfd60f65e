from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from registered_fakes import FRONT, Faces, Photos, face, identity, picture

from registered import FaceQuality, FoundFace, Problem
from registered.face_checks import GoodFace, check_faces, one_person, turn
from registered.photos import read_photo

Q = FaceQuality()


def codes(found: GoodFace | list[Problem]) -> list[str]:
    return [] if isinstance(found, GoodFace) else [p.code for p in found]


def test_a_good_photo_passes() -> None:
    found = check_faces("a.jpg", picture(1), [face(1)], Q)
    assert isinstance(found, GoodFace)
    assert 0 < found.quality <= 1


@pytest.mark.parametrize(
    ("faces", "image", "code"),
    [
        ([], picture(1), "no-face"),
        ([replace(face(1), score=0.4)], picture(1), "no-face"),
        ([face(1), face(2, x=100)], picture(1), "many-faces"),
        ([face(1, side=50)], picture(1), "too-small"),
        ([face(1)], picture(1, dark=0.15), "too-dark"),
        ([face(1)], picture(1, add=170), "too-bright"),
        ([face(1)], picture(1, blur=7), "blurred"),
        ([face(1, turned=1.0)], picture(1), "turned"),
        ([face(1, turned=-1.0)], picture(1), "turned"),
        ([replace(face(1), embedding=np.full(32, np.nan, np.float32))], picture(1), "no-template"),
        ([replace(face(1), embedding=np.zeros(32, np.float32))], picture(1), "no-template"),
    ],
)
def test_each_fault_is_named_alone(faces: list[FoundFace], image: np.ndarray, code: str) -> None:
    found = check_faces("a.jpg", image, faces, Q)
    assert codes(found) == [code]
    assert isinstance(found, list)
    assert found[0].source == "a.jpg"
    assert found[0].message
    assert found[0].remedy


def test_all_faults_of_one_photo_are_told() -> None:
    found = check_faces("a.jpg", picture(1, dark=0.15), [face(1, side=40, turned=1.0)], Q)
    assert codes(found) == ["too-small", "too-dark", "turned"]


def test_two_faces_are_told_with_their_boxes_and_a_bystander_far_off_is_not_counted() -> None:
    found = check_faces("a.jpg", picture(1), [face(1), face(2, x=5, y=7, side=80)], Q)
    assert isinstance(found, list)
    assert "140x140 at 40,40" in found[0].message
    assert "80x80 at 5,7" in found[0].message
    assert isinstance(check_faces("a.jpg", picture(1), [face(2, side=30), face(1)], Q), GoodFace)


def test_dark_skin_in_good_light_is_not_too_dark() -> None:
    # Mean 45, as dark skin has, but with highlights on it.
    rng = np.random.default_rng(0)
    image = picture(1, dark=0.35)
    image[rng.random(image.shape[:2]) > 0.9] = 90
    assert 30 < image.mean() < 60
    assert codes(check_faces("a.jpg", image, [face(1)], Q)) == []


def test_a_face_at_the_edge_does_not_crash() -> None:
    for x, y in ((-70, -70), (200, 200), (500, 500), (-500, 0)):
        found = check_faces("a.jpg", picture(1), [face(1, x=x, y=y)], Q)
        assert isinstance(found, GoodFace) or found


@given(st.floats(-3.1, 3.1), st.floats(0.1, 20), st.floats(-500, 500), st.floats(-1, 1))
def test_turning_does_not_depend_on_tilt_size_or_place(angle: float, scale: float, shift: float, nose: float) -> None:
    points = FRONT.astype(np.float64).copy()
    points[2, 0] += 60 * nose
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = points @ rotation.T * scale + shift
    assert turn(moved) == pytest.approx(turn(points), abs=1e-6)
    assert turn(points) == pytest.approx(abs(nose), abs=1e-6)


def test_turning_in_profile_is_finite_and_large() -> None:
    profile = np.array([[100, 80], [103, 80], [60, 112], [95, 150], [97, 150]], np.float32)
    assert 0.75 < turn(profile) < 5
    assert np.isfinite(turn(np.zeros((5, 2))))


def test_the_photo_of_somebody_else_is_named() -> None:
    image = picture(1)
    good = [GoodFace(f"{n}.jpg", identity(n // 2), 1.0, image) for n in range(3)]
    kept, problems = one_person(good, Faces(), Q)
    assert [g.source for g in kept] == ["0.jpg", "1.jpg"]
    assert [(p.source, p.code) for p in problems] == [("2.jpg", "another-person")]


def test_photos_of_which_nothing_tells_are_kept_and_sharp_ones_of_two_people_are_not() -> None:
    @dataclass
    class Measured(Faces):
        def ratio(self, cosine: float, one: float, other: float) -> float:
            return 20 * (cosine - 0.5) * min(one, other)

    good = [GoodFace(f"{n}.jpg", identity(n), 1.0, picture(1)) for n in range(2)]
    assert one_person(good, Measured(), Q)[0] == []
    poor = [replace(face, tells=0.2) for face in good]
    assert one_person(poor, Measured(), Q) == (poor, [])


def exif(jpeg: bytes, orientation: int) -> bytes:
    tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0" + bytes([orientation, 0, 0, 0]) + bytes(4)
    body = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + jpeg[2:]


@pytest.mark.parametrize(("orientation", "turns"), [(1, 0), (3, 2), (6, 3), (8, 1)])
def test_photos_are_read_upright(tmp_path: Path, orientation: int, turns: int) -> None:
    upright = np.zeros((80, 120, 3), np.uint8)
    upright[:20, :30] = (0, 0, 255)
    path = Photos(tmp_path)("a.jpg", np.ascontiguousarray(np.rot90(upright, -turns)))
    path.write_bytes(exif(path.read_bytes(), orientation))
    image = read_photo(path)
    assert isinstance(image, np.ndarray)
    assert image.shape == upright.shape
    assert abs(image.astype(int) - upright).mean() < 3


@pytest.mark.parametrize("name", ["größe 李.png", "with space.jpg", "-dash.png", "a'b.bmp"])
def test_photos_of_any_name_and_kind(tmp_path: Path, name: str) -> None:
    image = read_photo(Photos(tmp_path)(name, picture(3)))
    assert isinstance(image, np.ndarray)
    assert image.shape == (240, 240, 3)


def test_grey_and_transparent_photos(tmp_path: Path) -> None:
    for image in (picture(1)[:, :, 0], np.dstack([picture(1), np.full((240, 240), 128, np.uint8)])):
        read = read_photo(Photos(tmp_path)("a.png", image))
        assert isinstance(read, np.ndarray)
        assert read.shape == (240, 240, 3)


def test_large_photos_are_made_smaller(tmp_path: Path) -> None:
    image = read_photo(Photos(tmp_path)("a.jpg", np.zeros((3000, 4000, 3), np.uint8)))
    assert isinstance(image, np.ndarray)
    assert image.shape == (1440, 1920, 3)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "does not exist"),
        (b"", "is empty"),
        (b"not a picture", "not a picture"),
        (b"\xff\xd8\xff\xe0" * 9, "damaged"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "a.jpg"
    if content is not None:
        path.write_bytes(content)
    found = read_photo(path)
    assert isinstance(found, Problem)
    assert found.code == "unreadable"
    assert says in found.message
    folder = read_photo(tmp_path)
    assert isinstance(folder, Problem)
    assert "folder" in folder.message


def test_a_decoder_that_crashes_or_hangs_harms_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Photos(tmp_path)("a.png", picture(1))
    child = tmp_path / "child.py"
    monkeypatch.setattr("registered.photos._CHILD", child)
    child.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    crashed = read_photo(path)
    assert isinstance(crashed, Problem)
    child.write_text("import time; time.sleep(60)")
    hung = read_photo(path, timeout=0.5)
    assert isinstance(hung, Problem)
    assert "within" in hung.message
    child.write_text("print('garbage')")
    odd = read_photo(path)
    assert isinstance(odd, Problem)
