"""The attacker: tries to recognise people in the result, with another detector and recogniser than the product's.

SCRFD-500M and ArcFace w600k_mbf (InsightFace; non-commercial licences, for evaluation only). The code that reads their
outputs is the product's; its thresholds and its measure of quality are not used.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import numpy.typing as npt

from capture import VideoFile
from evaluation.data.composed import Composed, gallery
from evaluation.data.composed_faces import in_tile
from vision import Detections, FaceFinder, Floats, Image, VisionSettings
from vision.detection import FaceSearch
from vision.detection import Scrfd as BareScrfd
from vision.recognition import ArcFace as BareArcFace
from vision.recognition import align
from weights import Store

SAME = 0.3
"""ArcFace cosine from which on a face counts as recognised.

Different people reach .23 at most on photos and .12 in video.
"""


class Scrfd:
    """SCRFD-500M on pictures scaled to fit 640 x 640, as its authors use it."""

    def __init__(self, store: Store) -> None:
        self._net = BareScrfd(store.session("scrfd-500m"))

    def __call__(self, picture: Image, threshold: float) -> Detections:
        """Faces of ``picture`` scaled to fit 640 x 640 (never up), see ``vision.detection.base.Detector``."""
        scale = max(1.0, max(picture.shape[:2]) / 640.0)
        if scale > 1.0:
            picture = np.asarray(
                cv2.resize(picture, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA), np.uint8
            )
        return self._net(picture, threshold).moved(scale)


class ArcFace:
    """ArcFace w600k_mbf, 512-d; ``id`` as in the store."""

    id = "arcface-mbf"

    def __init__(self, store: Store) -> None:
        self._net = BareArcFace(store.session("arcface-mbf"), self.id)

    def __call__(self, picture: Image, faces: Detections) -> tuple[Floats, Floats]:
        """Embeddings ``[N, 512]`` of length 1 and quality 1, see ``vision.recognition.base.FaceRecogniser``."""
        rows = [self.embed(align(picture, points)) for points in faces.landmarks]
        stacked = np.stack(rows) if rows else np.zeros((0, 512), np.float32)
        return stacked, np.ones(len(rows), np.float32)

    def embed(self, crop: Image) -> npt.NDArray[np.float32]:
        """Embedding ``[512]`` of an aligned crop ``[112, 112, 3]`` BGR."""
        row = self._net.raw(crop)
        return np.asarray(row / max(float(np.linalg.norm(row)), 1e-6), np.float32)


def most_alike(arcface: ArcFace, picture: Image, places: Iterable[Detections], known: Floats) -> float:
    """The greatest cosine of a face in ``places`` of ``picture`` with the templates ``known``; -1 without any."""
    rows = [arcface(picture, faces)[0] for faces in places]
    return float((np.concatenate(rows) @ known).max(initial=-1.0))


def known_templates(
    meeting: Composed, people: list[str], scrfd: Scrfd, arcface: ArcFace
) -> dict[str, npt.NDArray[np.float32]]:
    """An attacker's template of each person: the mean of photos and of clean crops of the meeting, one per second."""
    rows: dict[str, list[Floats]] = {person: [] for person in people}
    finder = FaceFinder(FaceSearch(scrfd, VisionSettings().detect), arcface, 0.3)
    known = gallery(finder, tuple(people))
    for row, owner in zip(known.matrix, known.owner, strict=True):
        rows[known.ids[owner]].append(row)
    for index, (_, picture) in enumerate(VideoFile(meeting.path)):
        if index % 25 == 0:
            faces = scrfd(picture, 0.6)
            for person in people:
                if index < len(meeting.tiles[person]) and not np.isnan(meeting.tiles[person][index, 0]):
                    rows[person].extend(arcface(picture, in_tile(faces, meeting.tiles[person][index]))[0])
    means = {person: np.sum(found, axis=0) for person, found in rows.items()}
    return {person: np.asarray(mean / np.linalg.norm(mean), np.float32) for person, mean in means.items()}
