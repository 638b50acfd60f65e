"""Pictures of many faces in many conditions, embedded as at enrolment; stored, because embedding takes minutes.

The photos of the people of the meetings and the labelled photos are taken as they are, small, compressed, blurred, dim
and noisy. Pictures of the composed meetings, one every three seconds, are takes of other days, with small, turned and
dim faces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from capture import VideoFile
from evaluation.data import composed
from evaluation.data.face_crops import PHOTOS, identities
from evaluation.data.media import MEDIA
from registered import FaceFinder, FaceQuality, FoundFace, check_faces
from timeline import FloatArray
from vision import Image

EVERY = 3.0
"""Seconds between two pictures of a meeting."""
_TALKING = 25
"""Picture of the short clips that is taken."""


def _sized(side: float) -> Callable[[Image, float], Image]:
    def small(picture: Image, face: float) -> Image:
        scale = min(1.0, side / face)
        return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)

    return small


def _compressed(picture: Image, _: float) -> Image:
    coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 25])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def _blurred(picture: Image, face: float) -> Image:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), face / 60), np.uint8)


def _dim(picture: Image, _: float) -> Image:
    noise = np.random.default_rng(0).normal(0, 4, picture.shape)
    return np.asarray(np.clip(picture * 0.35 + noise, 0, 255), np.uint8)


def _whole(picture: Image, _: float) -> Image:
    return picture


CONDITIONS: dict[str, Callable[[Image, float], Image]] = {
    "as it is": _whole,
    "96 px": _sized(96),
    "68 px": _sized(68),
    "compressed": _compressed,
    "blurred": _blurred,
    "dim": _dim,
}


@dataclass(frozen=True, slots=True, eq=False)
class FaceTakes:
    """Faces: unit ``vectors [N, D]``, ``quality [N]`` 0..1, and the person, file and condition of each.

    ``passed [N]`` tells which would pass the checks of a photo at enrolment. A person whose name begins with "photo" is
    of the labelled photos.
    """

    vectors: FloatArray
    quality: FloatArray
    passed: npt.NDArray[np.bool_]
    person: npt.NDArray[np.str_]
    clip: npt.NDArray[np.str_]
    condition: npt.NDArray[np.str_]


def photos() -> Iterator[tuple[str, Path]]:
    """Person and file of every photo of which it is known who is in it."""
    for person in composed.everybody():
        for path in sorted(composed.person_folder(person).glob("face*.jpg")):
            yield person, path
    numbers, _ = identities()
    for name, number in sorted(numbers.items()):
        if (PHOTOS / name).is_file():
            yield f"photo {number}", PHOTOS / name


def frames() -> Iterator[tuple[composed.Composed, int, Image]]:
    """Meeting, number and picture, every :data:`EVERY` seconds."""
    for name in (*composed.MEETINGS, *composed.VALIDATION):
        meeting = composed.load(name)
        step = round(EVERY * meeting.fps)
        for index, (_, picture) in enumerate(VideoFile(meeting.path)):
            if index % step == 0:
                yield meeting, index, picture


def _in_tile(faces: list[FoundFace], tile: npt.NDArray[np.float32]) -> FoundFace | None:
    for face in faces:
        x, y, w, h = face.box
        middle = np.array([x + w / 2, y + h / 2])
        if (np.abs(middle - (tile[:2] + tile[2:] / 2)) < 0.25 * tile[2:]).all():
            return face
    return None


def face_takes(finder: FaceFinder, kept: Path | None = None) -> FaceTakes:
    """All takes by ``finder``; read from the file ``kept`` if it is there, else written to it."""
    if kept is not None and kept.is_file():
        with np.load(kept) as file:
            return FaceTakes(*(file[name] for name in FaceTakes.__slots__))
    rows: list[tuple[Any, ...]] = []
    rules = FaceQuality()

    def add(face: FoundFace, passed: bool, person: str, clip: str, condition: str) -> None:
        unit = face.embedding / max(float(np.linalg.norm(face.embedding)), 1e-9)
        rows.append((unit, face.quality, passed, person, clip, condition))

    for person, path in photos():
        picture = np.asarray(cv2.imread(str(path)), np.uint8)
        first = list(finder(picture))
        if not first:
            continue
        for condition, change in CONDITIONS.items():
            changed = change(picture, first[0].side)
            found = list(finder(changed)) if condition != "as it is" else first
            if found:
                good = not isinstance(check_faces(path.name, changed, found, rules), list)
                add(found[0], good, person, f"{person}/{path.name}", condition)
    for path in sorted(MEDIA.glob("talking/*.mpg")):
        for index, (_, picture) in enumerate(VideoFile(path)):
            if index == _TALKING:
                for face in list(finder(picture))[:1]:
                    add(face, False, f"talking {path.stem}", path.stem, "meeting")
                break
    for meeting, index, picture in frames():
        found = list(finder(picture))
        for person in meeting.people:
            tile = meeting.tiles[person]
            shown = _in_tile(found, tile[index]) if index < len(tile) and not np.isnan(tile[index, 0]) else None
            if shown is not None:
                add(shown, False, person, meeting.name, "meeting")
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    made = FaceTakes(columns[0].astype(np.float32), columns[1].astype(np.float32), *columns[2:])
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(kept, **{name: getattr(made, name) for name in FaceTakes.__slots__})
    return made
