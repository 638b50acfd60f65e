"""The composed meetings of ``../shared/media`` and their ground truth.

Settings are chosen on the development meetings and reported on the validation meetings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from evaluation.data.media import MEDIA
from registered import FoundFace, Gallery
from timeline import Segment

MEETINGS = ("dev_gallery2", "dev_gallery4", "dev_room3", "dev_hard4")
VALIDATION = ("val_gallery4", "val_room3", "val_hard3", "val_hard4")
SETS = {"development": MEETINGS, "validation": VALIDATION}
FOLDER = MEDIA / "meetings"
FOLDERS = (FOLDER, MEDIA / "validation")
COLLAR = 0.25
"""Seconds around the edges of turns that are not scored: pauses over 0.2 s are cut out of them."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A meeting: people in order, turns per person, and for each person and frame the tile ``[F, 4]`` in px.

    The face fills the middle of the tile; off camera the tile is NaN.
    """

    name: str
    path: Path
    fps: float
    size: tuple[int, int]
    people: tuple[str, ...]
    turns: dict[str, list[Segment]]
    tiles: dict[str, npt.NDArray[np.float32]]

    def face(self, person: str) -> npt.NDArray[np.float32]:
        """The approximate place of the face, ``[F, 4]``: the middle 60 % of the tile."""
        x, y, w, h = self.tiles[person].T
        return np.stack([x + 0.2 * w, y + 0.2 * h, 0.6 * w, 0.6 * h], axis=1)

    def registered(self) -> tuple[str, ...]:
        """The people who are enrolled with full consent in the measurements: every second one, in order."""
        return self.people[::2]

    def speaks(self, person: str, times: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """1 where the person speaks, 0 where not, NaN within the collar of an edge. ``times`` ``[M]`` s."""
        out = np.zeros(len(times))
        for turn in self.turns[person]:
            out[(times >= turn.start) & (times < turn.end)] = 1.0
        for turn in self.turns[person]:
            for edge in (turn.start, turn.end):
                out[np.abs(times - edge) < COLLAR] = np.nan
        return out


def folder_of(name: str) -> Path:
    """The folder that holds the meeting called ``name``."""
    return FOLDERS[name in VALIDATION]


def person_folder(person: str) -> Path:
    """The folder of a person's photos and voice clip, by the id of the media."""
    places = [folder / "people" / person for folder in FOLDERS]
    return next((path for path in places if path.is_dir()), places[0])


def everybody() -> list[str]:
    """Ids of the people of all the meetings, those of the development set first."""
    return [path.name for folder in FOLDERS for path in sorted(folder.glob("people/*")) if path.is_dir()]


def load(name: str, folder: Path | None = None) -> Composed:
    """Read the meeting called ``name``. Raises FileNotFoundError if the media are absent."""
    folder = folder or folder_of(name)
    truth: dict[str, Any] = json.loads((folder / f"{name}.truth.json").read_text(encoding="utf-8"))
    turns: dict[str, list[Segment]] = {person: [] for person in truth["people"]}
    for start, end, person in truth["turns"]:
        turns[person].append(Segment(start, end))
    nan = [float("nan")] * 4
    tiles = {p: np.array([tile or nan for tile in rows], np.float32) for p, rows in truth["tiles"].items()}
    width, height = truth["size"]
    return Composed(
        name, folder / f"{name}.mp4", float(truth["fps"]), (width, height), tuple(truth["people"]), turns, tiles
    )


def gallery(finder: Any, people: tuple[str, ...]) -> Gallery:
    """A gallery of the photos ``people/ID*/face*.jpg``, with the ids of the media, by a ``registered.FaceFinder``."""
    rows = []
    for person in people:
        faces: list[FoundFace] = []
        for path in sorted(person_folder(person).glob("face*.jpg")):
            picture = cv2.imread(str(path))
            found = finder(picture)
            if found:
                faces.append(found[0])
        matrix = np.stack([face.embedding / np.linalg.norm(face.embedding) for face in faces]).astype(np.float32)
        rows.append((person, {finder.model: matrix}, {finder.model: np.ones(len(faces), np.float32)}))
    return Gallery.of(finder.model, rows)
