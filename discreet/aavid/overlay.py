"""What stage 2 draws: a box around each face, green while it speaks and red while not, with its label and score."""

from __future__ import annotations

import math

import cv2
import numpy as np

from capture import Image
from timeline import UNKNOWN_FACE, Timeline

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_SPEAKS, _SILENT, _NO_SCORE = (0, 255, 0), (0, 0, 255), (150, 150, 150)
"""BGR, as in AAVID."""
_NEAR = 0.1
"""Seconds to a score up to which it counts for a picture."""


class ScoreOverlay:
    """Draws the faces of a document, which must hold all boxes, with names only where they may be written."""

    def __init__(self, timeline: Timeline) -> None:
        labels = {person.id: person.name or UNKNOWN_FACE for person in timeline.people}
        self._tracks = [
            (labels.get(track.person or "", UNKNOWN_FACE), np.array(track.boxes, np.float64), _scores(track.speaking))
            for track in timeline.tracks
            if track.boxes
        ]
        self._scale = max(0.4, timeline.recording.height / 900)

    def __call__(self, picture: Image, t: float) -> None:
        """Draw what is so at ``t`` seconds on ``picture``, BGR ``[H, W, 3]``."""
        for label, path, scores in self._tracks:
            if path[0, 0] <= t <= path[-1, 0]:
                x, y, w, h = (round(float(np.interp(t, path[:, 0], path[:, i]))) for i in range(1, 5))
                self._box(picture, (x, y, w, h), label, _at(scores, t))

    def _box(self, picture: Image, box: tuple[int, int, int, int], label: str, score: float | None) -> None:
        x, y, w, h = box
        colour = _NO_SCORE if score is None else _SPEAKS if score >= 0 else _SILENT
        thick = max(1, round(3 * self._scale))
        cv2.rectangle(picture, (x, y), (x + w, y + h), colour, thick)
        text = label if score is None else f"{label} {score:.1f}"
        (width, height), _ = cv2.getTextSize(text, _FONT, self._scale, thick)
        at = max(0, min(x, picture.shape[1] - width)), max(height, y - thick - 2)
        cv2.putText(picture, text, at, _FONT, self._scale, colour, thick, cv2.LINE_AA)


def _scores(speaking: list[tuple[float, float]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    rows = [(t, math.log(p / (1 - p))) for t, q in speaking for p in (min(max(q, 1e-4), 1 - 1e-4),)]
    return np.array(rows, np.float64).reshape(-1, 2)


def _at(scores: np.ndarray[tuple[int, ...], np.dtype[np.float64]], t: float) -> float | None:
    if not len(scores):
        return None
    nearest = int(np.argmin(np.abs(scores[:, 0] - t)))
    return float(scores[nearest, 1]) if abs(scores[nearest, 0] - t) <= _NEAR else None
