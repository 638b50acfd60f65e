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
Grey = npt.NDArray[np.uint8]


def cut_face(grey: Grey, box: npt.NDArray[np.floating]) -> Grey:
    """The lower face in ``box`` (x, y, w, h px) as ``[112, 112]`` grey, framed as TalkNet and its successors expect it.

    Those models crop a square (crop scale 0.40), resize it to 224 px and use the middle 112 px: a square of 0.7 box
    sizes, centred 0.2 box sizes below the box's centre. Outside the picture the value is 110.
    """
    x, y, w, h = (float(v) for v in box)
    half = max(w, h, 2.0) / 2
    side = SIDES * half
    scale = SIDE / side
    left, top = x + w / 2 - side / 2, y + h / 2 + CENTRE * half - side / 2
    warp = np.array([[scale, 0.0, -left * scale], [0.0, scale, -top * scale]])
    return np.asarray(
        cv2.warpAffine(
            grey, warp, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(110,)
        ),
        np.uint8,
    )


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

    def crops(self, number: int, final: bool = False) -> Iterator[tuple[int, Grey]]:
        """Yield the crops ``(tick, [112, 112])`` of the track that can be cut now, each once.

        With ``final``, yield all that remain.
        """
        seen = self._seen.get(number)
        if not seen:
            return
        if final and self._last is not None:
            self._store(self._last[0], self._last[1])
        times = np.array([t for t, _ in seen])
        boxes = np.stack([box for _, box in seen])
        until = times[-1] - (0.0 if final else self._smooth)
        for tick, grey in self._ticks:
            t = tick / CROP_RATE
            if tick <= self._done.get(number, -1) or t < times[0] - HALF_CROP or t > until + HALF_CROP:
                continue
            self._done[number] = tick
            yield tick, cut_face(grey, self._box(times, boxes, t))
        if final:
            self._seen.pop(number, None)
            self._done.pop(number, None)

    def _box(self, times: npt.NDArray[np.float64], boxes: npt.NDArray[np.float32], t: float) -> npt.NDArray[np.float64]:
        around = np.clip(t + np.linspace(-self._smooth, self._smooth, 5), times[0], times[-1])
        return np.array([np.interp(around, times, boxes[:, i]).mean() for i in range(4)])
