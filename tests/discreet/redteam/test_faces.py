"""Faces: bare ones are found by a real detector, masked ones are compared with photographs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from discreet.config import load
from discreet.redteam.faces import Recogniser, bare_faces, masked_faces
from discreet.redteam.known_people import Known
from discreet.redteam.target import Target, targets_in
from evaluation.data.planted_recordings import write_cut
from tests.conftest import Needs
from tests.discreet.redteam.conftest import document, write_sound
from timeline import Timeline
from weights import Store

ONE = document([(0.0, 2.0, "p1")])


@dataclass
class Face:
    box: tuple[float, float, float, float]
    embedding: np.ndarray


def finder(picture: np.ndarray) -> list[Face]:
    """Stands for a recogniser: bright pictures show one person, dark ones another."""
    return [Face((5.0, 5.0, 20.0, 20.0), np.array([1.0, 0.0] if picture.mean() > 100 else [0.0, 1.0], np.float32))]


def test_a_bare_face_is_red_and_a_dark_picture_green(
    results: Callable[[str, Timeline], Target], store: Store, needs: Needs
) -> None:
    needs(store, "centerface", "demo-clip")
    folder = results("r", ONE).folder
    assert bare_faces(targets_in([folder]), store, load(None, [])).light == "grey"
    write_sound(folder / "safe.mp4", [], 1.0)
    assert bare_faces(targets_in([folder]), store, load(None, [])).light == "green"
    write_cut(store.path("demo-clip"), folder / "safe.mp4", 0.0, 1.0)
    attacked = bare_faces(targets_in([folder]), store, load(None, []))
    assert attacked.light == "red"
    assert attacked.places[0].startswith("r/r, 0.0 to ")


def test_a_masked_face_that_looks_like_somebody_known_is_red(
    results: Callable[[str, Timeline], Target], tmp_path: Path
) -> None:
    import cv2

    folder = results("r", ONE).folder
    write_sound(folder / "safe.mp4", [], 2.0)
    lights = []
    for grey in (220, 10):
        cv2.imwrite(str(tmp_path / "photo.png"), np.full((32, 32, 3), grey, np.uint8))
        known = Known(photos={"Ann": [tmp_path / "photo.png"]})
        lights.append(masked_faces(targets_in([folder]), known, Recogniser(finder, 0.5)).light)
    assert lights == ["green", "red"]
    assert masked_faces(targets_in([folder]), Known(), Recogniser(finder, 0.5)).light == "grey"
