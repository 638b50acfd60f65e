"""Face crops at 25 per second from pictures of any frame rate, with a short delay line and never on disk.

A track's boxes are known only at some frames and are unsteady, so a crop is cut once the track has also been seen a
little later and its box can be smoothed. Until then the grey pictures wait: under a second of them, however long the
meeting.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from vision.active_speaker.settings import BOX_SMOOTHING, HALF_CROP, PICTURE_WAIT, SIGHTINGS_KEPT
from vision.detection.base import Image

CROP_RATE = 25
"""Crops per second; tick ``k`` is at ``k / CROP_RATE`` seconds of the recording."""
SIDE = 112
SIDES, CENTRE = 1.4, 0.4
"""Side of the crop, and offset of its centre below the box's, in half box sizes (the published crop scale 0.40)."""
_EYES_TO_MOUTH = 1.9
"""Side of the crop in distances from eyes to mouth: the same square, seen from the landmarks."""
_FRAMING = np.array([0.0, CENTRE / 2, SIDES / 2, 0.0])
"""Middle (from the box's), side and tilt of a crop, in box sizes, while no landmarks are known."""
_NARROW, _WIDE = np.array([-0.3, -0.2, 0.4, -np.inf]), np.array([0.3, 0.5, 1.0, np.inf])
"""Bounds of the same, where landmarks are wrong."""
_SPARE = 4
"""Pictures by which a crop is cut before its picture goes."""
Grey = npt.NDArray[np.uint8]
Square = npt.NDArray[np.float64]
"""``x, y`` of a square's middle (px), its side (px), and its tilt (rad, clockwise in the picture)."""


def cut_face(grey: Grey, box: npt.NDArray[np.floating]) -> Grey:
    """The lower face in ``box`` (x, y, w, h px) as ``[112, 112]`` grey, framed as TalkNet and its successors expect it.

    Those models crop a square (crop scale 0.40), resize it to 224 px and use the middle 112 px: a square of 0.7 box
    sizes, centred 0.2 box sizes below the box's centre. Outside the picture the value is 110.
    """
    return cut_square(grey, _square(np.asarray(box, np.float64), _FRAMING))


def lower_face(landmarks: npt.NDArray[np.floating]) -> Square:
    """The square of :func:`cut_face` for a face with ``landmarks`` ``[5, 2]`` (px), as tilted as the face."""
    points = np.asarray(landmarks, np.float64)
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    down = mouth - eyes
    middle = (eyes + mouth) / 2 + down / 2
    return np.array([*middle, _EYES_TO_MOUTH * np.hypot(*down), np.arctan2(-down[0], down[1])])


def cut_square(grey: Grey, square: Square) -> Grey:
    """``square`` of a picture, upright, as ``[112, 112]`` grey; 110 outside the picture."""
    x, y, side, tilt = (float(v) for v in square)
    turn = SIDE / max(side, 2.0) * np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    warp = np.hstack([turn, (SIDE / 2 - turn @ [x, y])[:, None]])
    return np.asarray(
        cv2.warpAffine(
            grey, warp, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(110,)
        ),
        np.uint8,
    )


def _square(box: npt.NDArray[np.float64], framing: npt.NDArray[np.float64]) -> Square:
    x, y, w, h = box
    size = max(w, h, 2.0)
    return np.array([x + w / 2 + framing[0] * size, y + h / 2 + framing[1] * size, framing[2] * size, framing[3]])


class FaceCropper:
    """Takes pictures and sightings in order of time, and yields crops."""

    def __init__(self, size: tuple[int, int], smooth: float = BOX_SMOOTHING, wait: float = PICTURE_WAIT) -> None:
        """Create a cropper.

        ``size``: width and height of the pictures; ``smooth``: s on either side over which boxes are averaged;
        ``wait``: most s that a picture is kept.
        """
        self._scale = max(1.0, size[0] / 1280.0)  # larger pictures only cost memory: the crop has 112 px
        self._size = (max(1, round(size[0] / self._scale)), max(1, round(size[1] / self._scale)))
        self._smooth, self._keep = smooth, max(2, round(wait * CROP_RATE))
        self._ticks: deque[tuple[int, Grey]] = deque(maxlen=self._keep)
        self._next = 0
        self._last: tuple[float, Image] | None = None
        self._seen: dict[int, deque[tuple[float, npt.NDArray[np.float32]]]] = {}
        self._framings: dict[int, deque[tuple[float, npt.NDArray[np.float64]]]] = {}
        self._done: dict[int, int] = {}

    def push(self, t: float, picture: Image) -> None:
        """Take in the picture at ``t`` (s).

        It stands for all ticks that are nearer to it than to the pictures before and after.
        """
        if self._last is not None:
            self._store((self._last[0] + t) / 2, self._last[1])
        elif self._next == 0:
            self._next = max(0, int(np.ceil((t - HALF_CROP) * CROP_RATE)))
        self._last = (t, picture)

    def _store(self, until: float, picture: Image) -> None:
        last = int(np.floor(until * CROP_RATE))
        if last < self._next:
            return
        self._next = max(self._next, last + 1 - self._keep)
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        if (grey.shape[1], grey.shape[0]) != self._size:
            grey = np.asarray(cv2.resize(grey, self._size, interpolation=cv2.INTER_AREA), np.uint8)
        while self._next <= last:
            self._ticks.append((self._next, grey))
            self._next += 1

    def see(self, number: int, t: float, box: npt.NDArray[np.float32]) -> None:
        """Note that track ``number`` was seen at ``t`` (s) in ``box`` (px of the full picture)."""
        self._seen.setdefault(number, deque(maxlen=SIGHTINGS_KEPT)).append((t, box / np.float32(self._scale)))

    def align(self, number: int, t: float, landmarks: npt.NDArray[np.floating]) -> None:
        """Note the ``landmarks`` ``[5, 2]`` (px of the full picture) of track ``number``, which was seen at ``t`` (s).

        From then on its crops are as tilted as the face, and framed by eyes and mouth.
        """
        box = next((box for seen, box in reversed(self._seen.get(number, ())) if abs(seen - t) < 1e-3), None)
        if box is None:
            return
        x, y, w, h = (float(v) for v in box)
        size = max(w, h, 2.0)
        square = lower_face(np.asarray(landmarks) / self._scale)
        framing = np.array([*(square[:2] - [x + w / 2, y + h / 2]) / size, square[2] / size, square[3]])
        known = self._framings.setdefault(number, deque(maxlen=SIGHTINGS_KEPT))
        if known:  # the shorter way round
            framing[3] -= 2 * np.pi * round((framing[3] - known[-1][1][3]) / (2 * np.pi))
        known.append((t, np.clip(framing, _NARROW, _WIDE)))

    def crops(self, number: int, final: bool = False) -> Iterator[tuple[int, Grey]]:
        """Yield the crops ``(tick, [2, 112, 112])`` of the track that can be cut now, each once.

        The first is framed by the box, as the scorers know it; the second by the landmarks, and upright.

        With ``final``, yield all that remain.
        """
        seen = self._seen.get(number)
        if not seen:
            return
        if final and self._last is not None:
            self._store(self._last[0], self._last[1])
        times = np.array([t for t, _ in seen])
        boxes = np.stack([box for _, box in seen])
        until = times[-1] if final else self._until(number, times[-1])
        for tick, grey in self._ticks:
            t = tick / CROP_RATE
            if tick <= self._done.get(number, -1) or t < times[0] - HALF_CROP or t > until + HALF_CROP:
                continue
            self._done[number] = tick
            box = self._mean(times, boxes, t)
            yield tick, np.stack([cut_face(grey, box), cut_square(grey, _square(box, self._framing(number, t)))])
        if final:
            self._seen.pop(number, None)
            self._framings.pop(number, None)
            self._done.pop(number, None)

    def _until(self, number: int, now: float) -> float:
        """Time up to which crops can be cut: boxes and framings on both sides are known, or the pictures would go.

        Otherwise each new framing would make the crops jump.
        """
        known = self._framings.get(number)
        framed = known[-1][0] if known else now
        late = now - (self._keep - _SPARE) / CROP_RATE
        return max(min(now, framed) - self._smooth, min(late, now - self._smooth))

    def _framing(self, number: int, t: float) -> npt.NDArray[np.float64]:
        known = self._framings.get(number)
        if not known:
            return _FRAMING
        return self._mean(np.array([t for t, _ in known]), np.stack([framing for _, framing in known]), t)

    def _mean(
        self, times: npt.NDArray[np.float64], rows: npt.NDArray[np.floating], t: float
    ) -> npt.NDArray[np.float64]:
        """``rows`` ``[N, 4]`` at ``times``, averaged around ``t``."""
        around = np.clip(t + np.linspace(-self._smooth, self._smooth, 5), times[0], times[-1])
        return np.array([np.interp(around, times, rows[:, i]).mean() for i in range(4)])
