"""Several detectors as one, and their scores made comparable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vision.detection.base import Detections, Detector, Image

COMMON = {"keep": 0.2, "tentative": 0.3, "birth": 0.5}
"""Scores of the room's scale, YuNet's, at which other detectors were measured to make as many mistakes as YuNet."""


class RescaledDetector:
    """A detector on the room's scale of scores: linear between the scores it was measured at.

    So a threshold means the same whoever looks, and what two detectors say of one face can be compared.
    """

    def __init__(self, detector: Detector, own: Mapping[str, float]) -> None:
        """``own``: its scores that make as many mistakes as :data:`COMMON`, by the same names.

        Raises:
            ValueError: if they do not rise from ``keep`` over ``tentative`` to ``birth``, within 0..1.
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
    """Whatever one of several detectors finds; of one face the detection with the best score.

    Keeping to the first one's box where both find a face showed fewer of the enrolled (61 % for 70 % on dev_hard4).
    """

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self._detectors = list(detectors)

    def __call__(self, picture: Image, threshold: float) -> Detections:
        """See :class:`vision.detection.base.Detector`."""
        return Detections.join([detector(picture, threshold) for detector in self._detectors])
