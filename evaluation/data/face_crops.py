"""Aligned crops of labelled faces, from meetings and photos, for measuring recognisers.

A crop is 112 x 112 BGR, aligned like the product's. :func:`embed` gives it to any ``vision.FaceRecogniser``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from capture import VideoFile
from evaluation.data.composed import FOLDER, MEETINGS, load
from evaluation.data.composed_faces import in_tile
from vision import Detections, FaceRecogniser, Floats, Image
from vision.detection import FaceSearch
from vision.recognition import TEMPLATE, align

PHOTOS = FOLDER.parent / "faces"
EVERY = 10
"""Crops are taken from every tenth picture, as the face stage does: 0.4 s apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Crops:
    """Crops of faces: ``images [N, 112, 112, 3]``, ``people [N]``, ``source [N]`` (meeting or file), ``times [N]`` s.

    ``side [N]``: of the face, px.
    """

    images: npt.NDArray[np.uint8]
    people: npt.NDArray[np.str_]
    source: npt.NDArray[np.str_]
    times: npt.NDArray[np.float64]
    side: Floats

    def __len__(self) -> int:
        return len(self.images)

    def take(self, index: npt.NDArray[np.bool_]) -> Crops:
        """The crops of ``index``."""
        return Crops(self.images[index], self.people[index], self.source[index], self.times[index], self.side[index])

    @classmethod
    def of(cls, rows: Iterable[tuple[Image, str, str, float, float]]) -> Crops:
        """From rows of image, person, source, time, side."""
        images, people, source, times, side = zip(*rows, strict=True)
        return cls(np.stack(images), np.array(people), np.array(source), np.array(times), np.array(side, np.float32))


def kept(path: Path | None, make: Iterable[tuple[Image, str, str, float, float]]) -> Crops:
    """The crops stored in ``path``; made and stored there if there are none."""
    if path is not None and path.exists():
        with np.load(path) as file:
            return Crops(*(file[name] for name in Crops.__slots__))
    crops = Crops.of(make)
    if path is not None:
        np.savez(path, **{name: getattr(crops, name) for name in Crops.__slots__})
    return crops


def of_meetings(search: FaceSearch, names: Iterable[str] = MEETINGS) -> Iterator[tuple[Image, str, str, float, float]]:
    """Crops of everybody on screen in the meetings, found in the overview."""
    for name in names:
        meeting = load(name)
        for index, (t, picture) in enumerate(VideoFile(meeting.path)):
            if index % EVERY:
                continue
            faces = search.overview(picture)
            faces = faces.take(faces.scores >= 0.3)
            for person in meeting.people:
                tile = meeting.tiles[person]
                if index < len(tile) and not np.isnan(tile[index, 0]):
                    for image, side in _cut(picture, in_tile(faces, tile[index])):
                        yield image, person, name, t, side


def of_people(search: FaceSearch, folder: Path = FOLDER / "people") -> Iterator[tuple[Image, str, str, float, float]]:
    """Crops of the photos from which people of the meetings are enrolled."""
    for path in sorted(folder.glob("*/face*.jpg")):
        picture = np.asarray(cv2.imread(str(path)), np.uint8)
        for image, side in _cut(picture, _largest(search.thorough(picture))):
            yield image, path.parent.name, path.name, 0.0, side


def of_photos(search: FaceSearch, folder: Path = PHOTOS) -> Iterator[tuple[Image, str, str, float, float]]:
    """Crops of the labelled photos. Only the file says who is in one: see :func:`identities`."""
    for path in sorted(folder.glob("img*.jpg")):
        picture = np.asarray(cv2.imread(str(path)), np.uint8)
        for image, side in _cut(picture, _largest(search.thorough(picture))):
            yield image, path.name, path.name, 0.0, side


def identities(folder: Path = PHOTOS) -> tuple[dict[str, int], set[frozenset[int]]]:
    """People of the photos, from the labelled pairs.

    Returns:
        The person's number by file name, and the pairs of numbers that are known to be two people.
    """
    with (folder / "master.csv").open(encoding="utf-8") as file:
        rows = [(row["file_x"], row["file_y"], row["Decision"] == "Yes") for row in csv.DictReader(file)]
    group: dict[str, str] = {}

    def root(name: str) -> str:
        while group.setdefault(name, name) != name:
            name = group[name]
        return name

    for a, b, same in rows:
        if same:
            group[root(a)] = root(b)
    numbers = {name: i for i, name in enumerate(sorted({root(n) for a, b, _ in rows for n in (a, b)}))}
    person = {name: numbers[root(name)] for a, b, _ in rows for name in (a, b)}
    different = {frozenset((person[a], person[b])) for a, b, same in rows if not same and person[a] != person[b]}
    return person, different


def embed(recogniser: FaceRecogniser, images: npt.NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """Embeddings ``[N, D]`` and quality ``[N]`` of aligned crops ``[N, 112, 112, 3]``."""
    face = Detections(np.array([[0, 0, 112, 112]], np.float32), TEMPLATE[None], np.ones(1, np.float32))
    done = [recogniser(image, face) for image in images]
    return np.concatenate([rows for rows, _ in done]), np.concatenate([quality for _, quality in done])


def _cut(picture: Image, faces: Detections) -> Iterator[tuple[Image, float]]:
    for box, points in zip(faces.boxes, faces.landmarks, strict=True):
        yield align(picture, points), float(min(box[2:]))


def _largest(faces: Detections) -> Detections:
    faces = faces.take(faces.scores >= 0.6)
    return faces.take(np.argsort(-faces.boxes[:, 2:].min(axis=1))[:1])
