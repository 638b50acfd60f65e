"""Preparing a crop for the recogniser: removing a veil of light, and the noise of a poor camera.

Back light, a flat picture profile or mist leave a crop's darkest parts grey and its brightest parts not much brighter.
To SFace such a face looks like nobody in particular: the raw embedding is short, so the crop counts as poor, and
somebody who agreed to be seen is masked. Once its contrast is stretched down to black, the same crop is recognised. The
same holds for strong noise, once it is smoothed by about a pixel. All other crops are unchanged, bit by bit. Dim ones
are, too: they contain black, and stretching them would only amplify noise. ``evaluation.runs.masking_conditions``
measures it.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vision.detection.base import Image
from vision.recognition.settings import HAZE_LEAST, HAZE_MOST, HAZE_RANGE, HAZE_VEIL, NOISE_SMOOTHING, NOISY

INNER = (slice(16, 104), slice(20, 92))
"""The face in an aligned crop of 112 px, without background and hair."""
_LAPLACE = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


def dehaze(crop: Image) -> Image:
    """``crop`` (aligned, BGR ``[112, 112, 3]``), cleared if necessary; else ``crop`` itself."""
    grey = _grey(crop)
    if noise(grey) >= NOISY:
        crop = np.asarray(cv2.GaussianBlur(crop, (0, 0), NOISE_SMOOTHING), np.uint8)
        grey = _grey(crop)
    low, high = np.percentile(cv2.GaussianBlur(grey, (0, 0), 1.0), (2, 98))
    share = float(np.clip((low - HAZE_VEIL[0]) / (HAZE_VEIL[1] - HAZE_VEIL[0]), 0.0, 1.0))
    gain = 1.0 + share * (float(np.clip(HAZE_RANGE / max(high - low, 1.0), 1.0, HAZE_MOST)) - 1.0)
    if gain < HAZE_LEAST:
        return crop
    # Black stays above 0: a picture clipped there has lost more than it shows.
    table = np.clip((np.arange(256) - low) * gain + low / gain, 0, 255).round().astype(np.uint8)
    return np.asarray(cv2.LUT(crop, table), np.uint8)


def noise(grey: npt.NDArray[np.float32]) -> float:
    """Standard deviation of the noise of a grey picture ``[H, W]``.

    Immerkær, "Fast noise variance estimation", CVIU 1996: the residual after neighbouring pixels are fitted by a plane.
    """
    rest = cv2.filter2D(grey, cv2.CV_32F, _LAPLACE)
    return float(np.abs(rest).mean() * np.sqrt(np.pi / 2) / 6)


def _grey(crop: Image) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(crop[INNER], cv2.COLOR_BGR2GRAY), np.float32)
