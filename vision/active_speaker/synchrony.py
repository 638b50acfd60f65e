"""Lips that move in time with the sound: a linear model of which movements and which sounds go together.

Whoever talks moves the lips as the sound changes; somebody who chews, laughs or talks without being heard moves them as
much, at other moments. Where people's lips move all the time, only this tells who talks. Movement and look of the
mouth, and the cepstra of the sound, each with their neighbours in time, are projected on the directions in which they
are most correlated in talking faces (canonical correlation, as in Slaney & Covell, "FaceSync", NIPS 2000). The product
of both projections is positive on average for a talker, and zero for anybody else, whatever they do.

Slow changes are subtracted from both, so that light, head and loudness tell nothing. A crop must be upright, with eyes
and mouth where :func:`vision.active_speaker.face_crops.lower_face` puts them. The weights are fitted and measured by
``python -m evaluation.runs.synchrony``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

import cv2
import numpy as np
import numpy.typing as npt

from vision.active_speaker.face_crops import CROP_RATE
from vision.active_speaker.lip_motion import MOUTH, MOUTH_SHAPE, PER_CROP, Scores, own_movement
from vision.active_speaker.mfcc import CEPSTRA, mfcc
from vision.active_speaker.settings import FLAT, LEAST_CROPS, MOST_SYNCHRONY, STILL

LIPS_AHEAD = 3
"""Crops before and after, that count for the lips; and for the sound:"""
SOUND_AHEAD = 2
SLOW = 2 * CROP_RATE
"""Crops over which slow changes are averaged to be subtracted."""
_SMALL = 28
_MOUTH_ROWS, _MOUTH_COLUMNS = slice(11, 25), slice(5, 23)
"""Crop side at which the mouth's look is taken, and where it is."""

Array = npt.NDArray[np.float64]
SYNCHRONY_FILE = "synchrony.npz"


@dataclass(frozen=True, slots=True, eq=False)
class SynchronyModel:
    """Means and whitened bases of movement, look and sound, then their projections with ``K`` strengths."""

    movement_mean: Array
    movement: Array
    look_mean: Array
    look: Array
    cepstra_mean: Array
    cepstra: Array
    lips_mean: Array
    lips: Array
    sound_mean: Array
    sound: Array
    strength: Array

    @classmethod
    def load(cls, file: IO[bytes] | Path) -> SynchronyModel:
        """From what :meth:`save` wrote."""
        with np.load(file) as stored:
            return cls(*(stored[field.name].astype(np.float64) for field in fields(cls)))

    def save(self, path: Path) -> None:
        """Write the arrays in single precision."""
        arrays: dict[str, Any] = {f.name: getattr(self, f.name).astype(np.float32) for f in fields(self)}
        np.savez_compressed(path, **arrays)

    def of_lips(self, movement: Array, look: Array) -> Array:
        """Projections ``[T, K]`` of :func:`lip_features`."""
        parts = [(movement - self.movement_mean) @ self.movement, (look - self.look_mean) @ self.look]
        return np.asarray(
            (neighbours(np.concatenate(parts, axis=1), LIPS_AHEAD) - self.lips_mean) @ self.lips, np.float64
        )

    def of_sound(self, cepstra: Array) -> Array:
        """Projections ``[T, K]`` of :func:`sound_features`."""
        rows = neighbours((cepstra - self.cepstra_mean) @ self.cepstra, SOUND_AHEAD)
        return np.asarray((rows - self.sound_mean) @ self.sound, np.float64)


@cache
def default_model() -> SynchronyModel:
    """The fitted model."""
    with files(__package__).joinpath(SYNCHRONY_FILE).open("rb") as file:
        return SynchronyModel.load(file)


class LipSynchrony:
    """Scores each crop by how well lips and sound go together there: about 0 unless the face talks."""

    id = "synchrony"

    def __init__(self, model: SynchronyModel | None = None) -> None:
        self._model = model or default_model()

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """Evidence ``[T]``; arguments as of :class:`vision.active_speaker.base.SpeakerScorer`."""
        if len(crops) < LEAST_CROPS:
            return np.zeros(len(crops))
        lips = self._model.of_lips(*lip_features(crops))
        heard = self._model.of_sound(sound_features(sound, len(crops)))
        return agreement(lips, heard, self._model.strength)


def agreement(lips: Array, heard: Array, strength: Array) -> Scores:
    """The strength-weighted mean product ``[T]`` of both normalised projections ``[T, K]``, limited."""
    product = _normal(lips) * _normal(heard)
    return np.asarray(np.clip(product @ strength / strength.sum(), -MOST_SYNCHRONY, MOST_SYNCHRONY), np.float64)


def lip_features(crops: npt.NDArray[np.uint8]) -> tuple[Array, Array]:
    """Movement ``[T, 96]`` of the mouth's cells between neighbouring crops, and its look ``[T, 252]``."""
    from scipy.ndimage import uniform_filter1d  # slow to import

    cells = own_movement(crops, 1)[:, MOUTH]
    usual = uniform_filter1d(np.linalg.norm(cells, axis=2).mean(axis=1), CROP_RATE)
    movement = np.clip(cells / (STILL + usual[:, None, None]), -4, 4).reshape(len(crops), -1)
    small = [cv2.resize(crop, (_SMALL, _SMALL), interpolation=cv2.INTER_AREA) for crop in crops]
    look = np.stack(small)[:, _MOUTH_ROWS, _MOUTH_COLUMNS].astype(np.float64).reshape(len(crops), -1)
    look = (look - look.mean(axis=1, keepdims=True)) / (look.std(axis=1, keepdims=True) + FLAT)
    return movement, without_slow(look)


def mirrored(movement: Array, look: Array) -> tuple[Array, Array]:
    """The :func:`lip_features` of the mirrored face."""
    cells = movement.reshape(len(movement), *MOUTH_SHAPE, 2)[:, :, ::-1] * [-1.0, 1.0]
    rows = len(look), _MOUTH_ROWS.stop - _MOUTH_ROWS.start, _MOUTH_COLUMNS.stop - _MOUTH_COLUMNS.start
    return cells.reshape(movement.shape), look.reshape(rows)[:, :, ::-1].reshape(look.shape)


def sound_features(sound: npt.NDArray[np.float32], count: int) -> Array:
    """Cepstra ``[count, 52]``: four per crop."""
    per_crop = PER_CROP // 160
    rows = mfcc(sound, per_crop * count).astype(np.float64)
    return without_slow(rows.reshape(count, per_crop * CEPSTRA))


def without_slow(rows: Array) -> Array:
    """``rows`` ``[T, D]`` without what changes slowly."""
    from scipy.ndimage import uniform_filter1d  # slow to import

    share = uniform_filter1d(np.ones(len(rows)), SLOW, mode="constant")
    return np.asarray(rows - uniform_filter1d(rows, SLOW, axis=0, mode="constant") / share[:, None], np.float64)


def neighbours(rows: Array, ahead: int) -> Array:
    """Each of ``rows`` ``[T, D]`` with those around it: ``[T, (2 ahead + 1) D]``."""
    padded = np.pad(rows, ((ahead, ahead), (0, 0)), mode="edge")
    return np.concatenate([padded[i : i + len(rows)] for i in range(2 * ahead + 1)], axis=1)


def _normal(rows: Array) -> Array:
    spread = rows - rows.mean(axis=0)
    return np.asarray(spread / np.sqrt((spread**2).mean(axis=0) + 1e-6), np.float64)
