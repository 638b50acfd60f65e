"""Searching a picture so that no face is missed: overview, thorough search, and a second look at expected places."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from vision.detection.base import Detections, Detector, Image
from vision.detection.low_light import detect_faint_faces
from vision.detection.settings import (
    CENTRAL,
    CERTAIN_FACE,
    CONFIRMED,
    DEEP_SHADE,
    HUGE,
    LARGE,
    PART_OF_FACE,
    SAME_FACE_WITHIN,
    SMALLEST_PART,
    SOFT,
)
from vision.geometry import Floats, iou_matrix, shared
from vision.settings import DetectSettings


def shrunk(picture: Image, width: int) -> tuple[Image, float]:
    """The picture, reduced to ``width`` px if it is larger, and its scale: px of the original per px of the result."""
    scale = max(picture.shape[1], picture.shape[0] * 16 / 9) / width
    if scale <= 1.0:  # never enlarged: YuNet gains nothing from it
        return picture, 1.0
    size = (max(32, round(picture.shape[1] / scale)), max(32, round(picture.shape[0] / scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8), picture.shape[1] / size[0]


class FaceSearch:
    """The ways to search a picture; all results are in the coordinates of the full picture."""

    def __init__(self, detector: Detector, settings: DetectSettings) -> None:
        self._detector = detector
        self._settings = settings

    def overview(self, picture: Image) -> Detections:
        """Search the whole picture at the settings' width: finds faces from about 2 % of the picture's width."""
        small, scale = shrunk(picture, self._settings.width)
        return self._detector(small, self._settings.keep).moved(scale)

    def faint(self, picture: Image, found: Detections) -> Detections:
        """Faces at overview size that show only once faint parts are stretched, and are not in ``found``."""
        small, scale = shrunk(picture, self._settings.width)
        return detect_faint_faces(self._detector, small, self._settings.keep, found.moved(1 / scale)).moved(scale)

    def faint_small(self, picture: Image, found: Detections) -> Detections:
        """Like :meth:`detect_faint_faces`, but at full size, for small faces in deep shade.

        Only certain faces are returned that are not among the certain ones of ``found``.
        """
        height, width = picture.shape[:2]
        if width <= self._settings.width:
            return Detections.none()
        found = found.take(found.scores >= self._settings.birth)
        parts = []
        for left, top, tile in self._cut(picture, height, width):
            soft = np.asarray(cv2.GaussianBlur(tile, (0, 0), SOFT), np.uint8)
            faces = detect_faint_faces(self._detector, soft, self._settings.birth, found.moved(1.0, -left, -top))
            deep = [max(box[2:]) < LARGE and _contrast(soft, box) < DEEP_SHADE for box in faces.boxes]
            parts.append(faces.take(np.flatnonzero(deep)).moved(1.0, left, top))
        return Detections.join(parts)

    def turned(self, picture: Image, found: Detections) -> Detections:
        """Certain faces that lie on their side and are not in ``found``, searched at half the overview's width."""
        small, scale = shrunk(picture, self._settings.width // 2)
        height, width = small.shape[:2]
        parts = []
        for turn in (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE):
            faces = self._detector(np.asarray(cv2.rotate(small, turn), np.uint8), self._settings.birth)
            parts.append(_turned_back(faces, width, height, turn == cv2.ROTATE_90_CLOCKWISE).moved(scale))
        every = Detections.join(parts)
        return every.take(np.flatnonzero((shared(every.boxes, found.boxes) < SAME_FACE_WITHIN).all(axis=1)))

    def thorough(self, picture: Image) -> Detections:
        """The overview, plus a quarter of its width for faces that fill the picture and full-size tiles for small
        faces.
        """
        tiny, scale = shrunk(picture, self._settings.width // 4)
        parts = [self.overview(picture), self._detector(tiny, self._settings.tentative).moved(scale)]
        height, width = picture.shape[:2]
        if width > self._settings.width:
            seen = Detections.join(parts)
            for tile in self._tiles(picture, height, width):
                parts.append(self._large_confirmed(picture, without_parts(tile, seen), seen))
        return Detections.join(parts)

    def _tiles(self, picture: Image, height: int, width: int) -> list[Detections]:
        return [
            self._detector(tile, self._settings.tentative).moved(1.0, left, top)
            for left, top, tile in self._cut(picture, height, width)
        ]

    def _cut(self, picture: Image, height: int, width: int) -> Iterator[tuple[int, int, Image]]:
        """Yield left, top and picture of each tile."""
        side, overlap = self._settings.tile, 128
        tall = max(1, side * 9 // 16)
        for top in tile_starts(height, tall, overlap):
            for left in tile_starts(width, side, overlap):
                yield left, top, picture[top : top + tall, left : left + side]

    def _large_confirmed(self, picture: Image, tile: Detections, seen: Detections) -> Detections:
        """Drop large faces that only the full size shows: at that size a forehead can be mistaken for a face."""
        large = tile.boxes[:, 2:].max(axis=1, initial=0.0) >= LARGE
        doubtful = large & ~_same(tile.boxes, seen.boxes)
        for i in np.flatnonzero(doubtful):
            again = self._around(picture, tile.boxes[i]).boxes
            again = again[~_same(again, seen.boxes)]  # a face that was found anyway does not confirm another one
            doubtful[i] = not (iou_matrix(tile.boxes[i : i + 1], again) >= CONFIRMED).any()
        return tile.take(np.flatnonzero(~doubtful))

    def near(self, picture: Image, boxes: Floats) -> Detections:
        """Search again, at the lowest threshold, around each of ``boxes`` ``[K, 4]`` where a face is expected."""
        return Detections.join([self._around(picture, box) for box in boxes])

    def _around(self, picture: Image, box: Floats) -> Detections:
        side = 192  # a single input size, so a single network; the face takes about a third of it
        x, y, w, h = (float(v) for v in box)
        reach = 1.6 * max(w, h, 12.0)
        left, top = int(x + w / 2 - reach), int(y + h / 2 - reach)
        right, bottom = int(x + w / 2 + reach), int(y + h / 2 + reach)
        height, width = picture.shape[:2]
        part = picture[max(0, top) : max(0, min(bottom, height)), max(0, left) : max(0, min(right, width))]
        if min(part.shape[:2]) < SMALLEST_PART:
            return Detections.none()
        scale = max(part.shape[:2]) / side
        canvas = np.zeros((side, side, 3), np.uint8)
        size = (max(1, min(side, round(part.shape[1] / scale))), max(1, min(side, round(part.shape[0] / scale))))
        canvas[: size[1], : size[0]] = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
        found = self._detector(canvas, self._settings.keep).moved(scale, max(0, left), max(0, top))
        centres = found.boxes[:, :2] + found.boxes[:, 2:] / 2
        inside = (np.abs(centres - np.array([x + w / 2, y + h / 2], np.float32)) < CENTRAL * reach).all(axis=1)
        return found.take(np.flatnonzero(inside))


def _contrast(picture: Image, box: Floats) -> float:
    """Standard deviation of the grey values in ``box`` ``[4]``."""
    x, y, w, h = box
    part = picture[max(0, int(y)) : int(y + h) + 1, max(0, int(x)) : int(x + w) + 1]
    return float(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY).std()) if part.size else 0.0


def _turned_back(faces: Detections, width: int, height: int, clockwise: bool) -> Detections:
    """Convert faces found in a picture of ``width`` x ``height`` px after a quarter turn back to its coordinates."""
    x, y, w, h = faces.boxes.T
    u, v = faces.landmarks[..., 0], faces.landmarks[..., 1]
    if clockwise:
        return Detections(np.stack([y, height - x - w, h, w], 1), np.stack([v, height - u], -1), faces.scores)
    return Detections(np.stack([width - y - h, x, h, w], 1), np.stack([width - v, u], -1), faces.scores)


def _same(boxes: Floats, others: Floats) -> npt.NDArray[np.bool_]:
    """``[N]``: whether each of ``boxes`` is the same face as one of ``others``."""
    return np.asarray((iou_matrix(boxes, others) >= 0.5).any(axis=1), np.bool_)


def without_parts(tile: Detections, faces: Detections) -> Detections:
    """Drop mouths and eyes mistaken for faces: at full size, faces over 300 px are too large for YuNet."""
    huge = faces.boxes[(faces.scores >= CERTAIN_FACE) & (faces.boxes[:, 2:].max(axis=1, initial=0.0) >= HUGE)]
    return tile.take(np.flatnonzero(~(shared(tile.boxes, huge) >= PART_OF_FACE).any(axis=1)))


def tile_starts(length: int, tile: int, overlap: int) -> list[int]:
    """The starts of tiles of ``tile`` px that cover ``length`` px and overlap by at least ``overlap`` px."""
    if length <= tile:
        return [0]
    count = -(-(length - overlap) // (tile - overlap))
    return [round(i * (length - tile) / (count - 1)) for i in range(count)]
