"""Upright crops of everybody's lower face in the composed meetings, cut by the tiles' truth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d

from capture import AudioFile, VideoFile
from evaluation.data.composed import Composed, load
from timeline import FloatArray
from vision import make_detector
from vision.active_speaker import cut_square, lower_face
from vision.recognition import SFace, UprightRecogniser
from weights import Store

EVERY = 5
"""Pictures between two searches for the landmarks; the tile tells where the face is in between."""
_VIEW = 224
_SMOOTH = 4.0
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Mouths:
    """A meeting's sound (16 kHz), and for each person the crops ``[F, 112, 112]`` and where they are seen ``[F]``."""

    meeting: Composed
    sound: FloatArray
    crops: dict[str, npt.NDArray[np.uint8]]
    seen: dict[str, Flags]

    def alone(self, person: str) -> Flags:
        """``[F]``: only ``person`` talks."""
        times = np.arange(len(self.seen[person])) / self.meeting.fps
        talk = {
            other: np.any([(times >= t.start) & (times < t.end) for t in turns] or [np.zeros(len(times), bool)], axis=0)
            for other, turns in self.meeting.turns.items()
        }
        return np.asarray(talk[person] & ~np.any([talk[o] for o in talk if o != person], axis=0), np.bool_)


def mouths(name: str, store: Store, kept: Path | None = None) -> Mouths:
    """The mouths of the meeting ``name``; read from the folder ``kept`` if they are there, else written to it."""
    meeting = load(name)
    sound = np.concatenate(list(AudioFile(meeting.path, 16000).blocks(1.0))).astype(np.float32)
    seen = {person: ~np.isnan(meeting.tiles[person][:, 0]) for person in meeting.people}
    file = kept / f"{name}.npz" if kept is not None else None
    if file is not None and file.is_file():
        with np.load(file) as stored:
            return Mouths(meeting, sound, {person: stored[person] for person in meeting.people}, seen)
    points = {person: _between(rows, meeting.tiles[person]) for person, rows in _landmarks(meeting, store).items()}
    crops = {person: np.zeros((len(seen[person]), 112, 112), np.uint8) for person in meeting.people}
    for index, (_, picture) in enumerate(VideoFile(meeting.path)):
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        for person in meeting.people:
            if index < len(seen[person]) and seen[person][index]:
                crops[person][index] = cut_square(grey, lower_face(points[person][index]))
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(file, **crops)  # type: ignore[arg-type]
    return Mouths(meeting, sound, crops, seen)


def _landmarks(meeting: Composed, store: Store) -> dict[str, FloatArray]:
    """Landmarks ``[F, 5, 2]`` px of each person, NaN where they were not looked for or not found."""
    detector = make_detector(store, "yunet")
    upright = UprightRecogniser(SFace(store.path("sface")), detector)
    out = {p: np.full((len(t), 5, 2), np.nan, np.float32) for p, t in meeting.tiles.items()}
    for index, (_, picture) in enumerate(VideoFile(meeting.path)):
        if index % EVERY:
            continue
        for person, tiles in meeting.tiles.items():
            if index >= len(tiles) or np.isnan(tiles[index, 0]):
                continue
            x, y, w, h = (float(v) for v in tiles[index])
            scale = _VIEW / (1.3 * w)
            corner = np.array([x - 0.15 * w, y - 0.15 * h])
            warp = np.array([[scale, 0, -corner[0] * scale], [0, scale, -corner[1] * scale]])
            found = detector(np.asarray(cv2.warpAffine(picture, warp, (_VIEW, _VIEW)), np.uint8), 0.3)
            off = np.abs(found.landmarks.mean(axis=1) - _VIEW / 2).max(axis=1) if len(found) else np.array([np.inf])
            if off.min() <= 60:
                best = found.take([int(off.argmin())]).moved(1 / scale, *corner)
                out[person][index] = upright.upright(picture, best).landmarks[0]
    return out


def _between(points: FloatArray, tiles: npt.NDArray[np.float32]) -> FloatArray:
    """``points`` ``[F, 5, 2]`` in every picture: interpolated and smoothed in the tile."""
    count, known = len(points), np.flatnonzero(~np.isnan(points[:, 0, 0]))
    middle, side = np.nan_to_num(tiles[:, :2] + tiles[:, 2:] / 2), np.nan_to_num(tiles[:, 2])
    inside = ((points[known] - middle[known, None]) / side[known, None, None]).reshape(len(known), 10)
    rows = np.stack([np.interp(np.arange(count), known, column) for column in inside.T], axis=1)
    rows = gaussian_filter1d(rows, _SMOOTH, axis=0).reshape(count, 5, 2)
    return np.asarray(rows * side[:, None, None] + middle[:, None], np.float32)
