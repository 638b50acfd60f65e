"""Combining several detectors, and making their scores comparable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vision.detection.base import Detections, Detector, Image

COMMON = {"keep": 0.2, "tentative": 0.3, "birth": 0.5}
"""Scores on the room's scale, YuNet's, to which those of other detectors with equally many errors are mapped."""


class RescaledDetector:
    """A detector with scores on the room's scale, interpolated linearly between measured scores.

    So a threshold means the same for every detector, and the scores of two detectors can be compared.
    """

    def __init__(self, detector: Detector, own: Mapping[str, float]) -> None:
        """``own``: the detector's scores that give as many errors as those in :data:`COMMON`, by the same names.

        Raises:
            ValueError: they do not increase from ``keep`` over ``tentative`` to ``birth``, within 0..1.
        """
        self._detector = detector
        self._own = np.array([0.0, *(own[name] for name in COMMON), 1.0])
        self._common = np.array([0.0, *COMMON.values(), 1.0])
        if not (np.diff(self._own) > 0).all():
            raise ValueError(f"scores {dict(own)} do not rise from keep to birth")

    def __call__(self, picture: Image, threshold: float) -> Detections:
        """See :class:`vision.detection.base.Detector`."""
        found = self._detector(picture, float(np.interp(threshold, self._common, self._own)))
        scores = np.interp(found.scores, self._own, self._common).astype(np.float32)
        return Detections(found.boxes, found.landmarks, np.maximum(scores, np.float32(threshold)))


class DetectorEnsemble:
    """Everything that any of several detectors finds; for each face, the detection with the best score.

    Preferring the first detector's box where both find a face showed fewer enrolled people (61 % instead of 70 % on
    dev_hard4).
    """

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self._detectors = list(detectors)

    def __call__(self, picture: Image, threshold: float) -> Detections:
        """See :class:`vision.detection.base.Detector`."""
        return Detections.join([detector(picture, threshold) for detector in self._detectors])
