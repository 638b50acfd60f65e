"""Lip motion without a trained network: how much more the mouth moves than the rest of the face, while there is voice.

The movement between two pictures 80 ms apart is measured in every cell of the crop (dense optical flow, Kroeger et al.,
"Fast Optical Flow using Dense Inverse Search", ECCV 2016). Movement of the whole head, and of the crop because its box
is unsteady, is linear over the face: it is fitted outside the mouth and subtracted everywhere. What remains in the
mouth's cells, divided by what remains in the others, is the lips' own movement. As a ratio it does not depend on light,
contrast, size or compression; its logarithm is averaged, so that a jump of the picture, which moves everything, counts
no more than any other frame.

The sound is used only for whether there is voice. Correlating it with lip opening added nothing on the composed
meetings, however the envelope was shifted, nor did the opening measured with a face mesh.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from vision.active_speaker.face_crops import CROP_RATE
from vision.active_speaker.mfcc import RATE
from vision.active_speaker.settings import FLOOR

Scores = npt.NDArray[np.float64]
PER_CROP = RATE // CROP_RATE
"""Samples of sound per crop."""
LAG = 2
"""Crops between which movement is measured; even at 12 pictures per second there is a new picture after two crops."""
GRID = 14
"""Cells of a crop in each direction."""
_LIPS, _VOICE, _BIAS = 12.0, 1.1, -4.6
"""Weights of the lips' log ratio and of the log voice level over 0.2 s, and the constant: logistic regression on the
frames of dev_gallery2 and dev_gallery4 (fits on any other two of the three meetings with silent listeners differ by
about a tenth).
"""
CALIBRATION = {"slope": 1.22, "bias": -1.25}
"""Values for :class:`vision.settings.SpeakerSettings` that calibrate the competition's result as a probability."""

_ROW, _COLUMN = (v.ravel() for v in np.mgrid[0:GRID, 0:GRID])


def _cells(rows: tuple[int, int], columns: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Mask ``[196]`` of the cells from the first to the last row and column, both included."""
    inside = (rows[0] <= _ROW) & (rows[1] >= _ROW) & (columns[0] <= _COLUMN) & (columns[1] >= _COLUMN)
    return np.asarray(inside, np.bool_)


MOUTH = _cells((6, 11), (3, 10))
"""Mask ``[196]`` of the mouth's cells, rows first, in a crop framed by
:func:`vision.active_speaker.face_crops.cut_face`.
"""
MOUTH_SHAPE = (6, 8)
"""Rows and columns of those cells."""
REST = ~_cells((5, 12), (2, 11)) & _cells((0, GRID - 1), (1, 12))
"""Mask ``[196]`` of the cells around it: cheeks, nose, sides of the chin."""
_LINEAR = np.stack([np.ones(GRID * GRID), (_COLUMN - 6.5) / 7, (_ROW - 6.5) / 7], axis=1)
_FIT = np.linalg.pinv(_LINEAR[REST])


class LipMotion:
    """The scorer without a trained network: see the module.

    It does not recognise whose voice it is, and chewing deceives it; ``evaluation.runs.active_speaker`` measures its
    quality.
    """

    id = "lips"

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """See :class:`vision.active_speaker.base.SpeakerScorer`."""
        from scipy.ndimage import uniform_filter1d  # slow to import

        count = len(crops)
        voice = np.log(uniform_filter1d(voice_level(sound, count), 5, mode="nearest") + 0.02)
        odds = _LIPS * lip_movement(crops) + _VOICE * voice + _BIAS
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def lip_movement(crops: npt.NDArray[np.uint8]) -> Scores:
    """Log ratio ``[T]`` of the mouth's movement to the rest's, in ``crops`` ``[T, 112, 112]``; 0 for too few."""
    if len(crops) <= LAG:
        return np.zeros(len(crops))
    left = own_movement(crops, LAG)[LAG:]
    size = np.linalg.norm(left, axis=2)
    ratio = np.log(size[:, MOUTH].mean(axis=1) + FLOOR) - np.log(size[:, REST].mean(axis=1) + FLOOR)
    return np.concatenate([np.full(LAG, ratio[0]), ratio])


def own_movement(crops: npt.NDArray[np.uint8], lag: int) -> Scores:
    """Movement ``[T, 196, 2]``, px, of each cell from ``lag`` crops before, without the whole head's; first 0."""
    finder: Any = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    rows = [np.ascontiguousarray(crop) for crop in crops]
    cells = np.zeros((len(rows), GRID * GRID, 2))
    for i in range(lag, len(rows)):
        cells[i] = _mean_movement(finder.calc(rows[i - lag], rows[i], None))
    return np.asarray(cells - np.einsum("pk,kr,trc->tpc", _LINEAR, _FIT, cells[:, REST]), np.float64)


def _mean_movement(flow: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """The mean movement in each cell ``[196, 2]``, px."""
    return np.asarray(cv2.resize(flow, (GRID, GRID), interpolation=cv2.INTER_AREA).reshape(-1, 2), np.float32)


def voice_level(sound: npt.NDArray[np.float32], count: int) -> Scores:
    """Voice activity 0..1 per crop ``[count]``: loudness above the quietest tenth, scaled by the sound's own range."""
    padded = np.zeros(count * PER_CROP, np.float64)
    padded[: min(len(sound), len(padded))] = sound[: len(padded)]
    level = 10.0 * np.log10(np.mean(padded.reshape(count, PER_CROP) ** 2, axis=1) + 1e-10)
    floor = max(float(np.percentile(level, 10)), -65.0)
    peak = max(float(np.percentile(level, 95)), floor + 15.0)
    return np.asarray(np.clip((level - floor) / max(0.6 * (peak - floor), 1.0), 0.0, 1.0))
