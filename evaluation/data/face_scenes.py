"""Pictures with known faces, and harder versions of them: small, tilted, dark, back-lit, half hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from capture import VideoFile
from evaluation.data.composed import FOLDER, MEETINGS, load
from evaluation.data.face_crops import PHOTOS
from vision import Detections, Detector, Floats, Image, iou_matrix

SIZES = (12, 16, 24, 32, 48, 96, 192)
"""Sides in px to which the largest face of a picture is scaled down."""
MIDDLE = 64
"""Side in px of the largest face in the other harder versions."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture with known faces, boxes in px.

    ``faces [N, 4]`` are certain; ``unsure [M, 4]`` may be found or not, and do not count.
    """

    picture: Image
    faces: Floats
    unsure: Floats


def agreed(picture: Image, detectors: Mapping[str, Detector], threshold: float = 0.3) -> Scene:
    """A scene whose faces are certain if all detectors but one find them, unsure if more than one does."""
    found = [detector(picture, threshold).strongest() for detector in detectors.values()]
    owner = np.concatenate([np.full(len(faces), i) for i, faces in enumerate(found)])
    boxes = np.concatenate([faces.boxes for faces in found]).astype(np.float32)
    alike = iou_matrix(boxes, boxes) > 0.4
    left = np.ones(len(boxes), np.bool_)
    sure, unsure = [np.zeros((0, 4), np.float32)], [np.zeros((0, 4), np.float32)]
    for i in range(len(boxes)):
        group = np.flatnonzero(alike[i] & left)
        if not left[i] or not len(group):
            continue
        left[group] = False
        voices = len(set(owner[group]))
        box = np.median(boxes[group], axis=0)[None]
        if voices >= len(found) - 1:
            sure.append(box)
        elif voices > 1:
            unsure.append(box)
    return Scene(picture, np.concatenate(sure), np.concatenate(unsure))


def pictures(few: bool = False) -> Iterator[Image]:
    """Photos of people, and pictures of the meetings; ``few``: a third of them."""
    paths = [*sorted(PHOTOS.glob("img*.jpg")), PHOTOS / "couple.jpg", *sorted((FOLDER / "people").glob("*/face0.jpg"))]
    for path in paths[:: 6 if few else 2]:
        yield fitted(np.asarray(cv2.imread(str(path)), np.uint8), 960)
    for name in MEETINGS:
        for index, (_, picture) in enumerate(VideoFile(load(name).path)):
            if index > 900:
                break
            if index % (900 if few else 300) == 150:
                yield fitted(picture, 960)


def fitted(picture: Image, side: int) -> Image:
    """``picture`` with its longer side scaled down to ``side`` px, never up."""
    return scaled(picture, min(1.0, side / max(picture.shape[:2])))


def scaled(picture: Image, scale: float) -> Image:
    """``picture`` scaled by ``scale``."""
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def resized(scene: Scene, side: float) -> Scene | None:
    """The scene with its largest face scaled down to ``side`` px; None if it is already smaller."""
    scale = side / float(scene.faces[:, 2:].min(axis=1).max())
    if scale > 1.0:
        return None
    picture = scaled(scene.picture, scale)
    true = np.array([picture.shape[1] / scene.picture.shape[1], picture.shape[0] / scene.picture.shape[0]] * 2)
    return Scene(picture, (scene.faces * true).astype(np.float32), (scene.unsure * true).astype(np.float32))


def tilted(degrees: float) -> Callable[[Scene], Scene]:
    """Turn the picture around its middle, enlarging it for its corners."""

    def change(scene: Scene) -> Scene:
        height, width = scene.picture.shape[:2]
        side = int(np.hypot(width, height)) + 1
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        turn[:, 2] += [(side - width) / 2, (side - height) / 2]
        picture = cv2.warpAffine(scene.picture, turn, (side, side), borderMode=cv2.BORDER_REPLICATE)
        return Scene(np.asarray(picture, np.uint8), _turned(scene.faces, turn), _turned(scene.unsure, turn))

    return change


def _turned(boxes: Floats, turn: npt.NDArray[Any]) -> Floats:
    """Boxes of the same size around their turned middles."""
    middle = boxes[:, :2] + boxes[:, 2:] / 2
    return np.concatenate([middle @ turn[:, :2].T + turn[:, 2] - boxes[:, 2:] / 2, boxes[:, 2:]], 1).astype(np.float32)


def dark(scene: Scene) -> Scene:
    """An eighth of the light, with the noise of a camera in the dark."""
    noise = np.random.default_rng(4).normal(0, 4, scene.picture.shape)
    return Scene(np.clip(scene.picture * 0.125 + noise, 0, 255).astype(np.uint8), scene.faces, scene.unsure)


def backlit(scene: Scene) -> Scene:
    """Heads in a quarter of the light, in front of a bright window."""
    head = np.zeros(scene.picture.shape[:2], np.float32)
    for x, y, w, h in np.concatenate([scene.faces, scene.unsure]):
        centre, axes = (int(x + w / 2), int(y + h / 2)), (max(1, int(0.75 * w)), max(1, int(0.85 * h)))
        cv2.ellipse(head, centre, axes, 0, 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(head, (0, 0), max(1.0, 0.1 * float(scene.faces[:, 2].max())))[..., None]
    bright = 0.3 * scene.picture + 178.0
    picture = soft * 0.25 * scene.picture + (1 - soft) * bright
    return Scene(np.clip(picture, 0, 255).astype(np.uint8), scene.faces, scene.unsure)


def hidden(part: str) -> Callable[[Scene], Scene]:
    """Cover the ``lower`` half or a ``side`` of every face with grey."""

    def change(scene: Scene) -> Scene:
        picture = scene.picture.copy()
        for x, y, w, h in np.concatenate([scene.faces, scene.unsure]):
            left = x + 0.5 * w if part == "side" else x - 0.1 * w
            top = y + 0.55 * h if part == "lower" else y - 0.1 * h
            cv2.rectangle(picture, (int(left), int(top)), (int(x + 1.1 * w), int(y + 1.1 * h)), (120, 120, 120), -1)
        return Scene(picture, scene.faces, scene.unsure)

    return change


HARDER: dict[str, Callable[[Scene], Scene]] = {
    "as it is": lambda scene: scene,
    "tilted 30": tilted(30),
    "tilted 60": tilted(60),
    "dark": dark,
    "back-lit": backlit,
    "mouth hidden": hidden("lower"),
    "side hidden": hidden("side"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """A detector's result for some scenes: for each true face its side and its best score (0: not found).

    ``wrong``: scores of detections where no face is; ``scenes``: number of scenes.
    """

    sides: npt.NDArray[np.float64]
    scores: npt.NDArray[np.float64]
    wrong: npt.NDArray[np.float64]
    scenes: int

    @staticmethod
    def join(parts: list[Marks]) -> Marks:
        """All of ``parts``."""
        return Marks(
            np.concatenate([p.sides for p in parts]),
            np.concatenate([p.scores for p in parts]),
            np.concatenate([p.wrong for p in parts]),
            sum(p.scenes for p in parts),
        )


def mark(scene: Scene, found: Detections) -> Marks:
    """Match detections with faces: an IoU of a third is enough, because detectors draw different boxes."""
    over = iou_matrix(found.boxes, scene.faces)
    hits = over >= 0.33
    scores = np.where(hits, found.scores[:, None], 0.0).max(axis=0, initial=0.0)
    excused = hits.any(axis=1) | (iou_matrix(found.boxes, scene.unsure) >= 0.2).any(axis=1)
    return Marks(scene.faces[:, 2:].min(axis=1).astype(np.float64), scores, found.scores[~excused].astype(float), 1)


def cached(path: Path | None, make: Callable[[], list[Scene]]) -> list[Scene]:
    """The scenes stored in the folder ``path``; made and stored there if there are none."""
    if path is None:
        return make()
    path.mkdir(parents=True, exist_ok=True)
    files = sorted(path.glob("scene*.npz"))
    if not files:
        for index, scene in enumerate(make()):
            file = path / f"scene{index:03}.npz"
            np.savez(file, picture=scene.picture, faces=scene.faces, unsure=scene.unsure)
            files.append(file)
    out = []
    for file in files:
        with np.load(file) as kept:
            out.append(Scene(kept["picture"], kept["faces"], kept["unsure"]))
    return out
