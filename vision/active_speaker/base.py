"""The protocol of active-speaker scorers, and their scores as log odds."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from vision.active_speaker.lip_motion import PER_CROP, Scores
from vision.active_speaker.mfcc import STEP, WINDOW


def samples_for(crops: int) -> int:
    """Number of 16 kHz samples that a scorer needs for this many crops."""
    return crops * PER_CROP + WINDOW - STEP


class SpeakerScorer(Protocol):
    """Scores how likely it is that the face is the one speaking."""

    @property
    def id(self) -> str:
        """Name of the model."""
        ...

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """Probability ``[T]`` that the face speaks, for each crop.

        ``crops`` are grey ``[T, 112, 112]`` at 25 per second; the 16 kHz ``sound`` begins with the first of them.
        """
        ...


def logit(p: Scores) -> Scores:
    """Log odds of probabilities, limited to +-9."""
    p = np.clip(p, 1.2e-4, 1.0 - 1.2e-4)
    return np.asarray(np.log(p / (1.0 - p)))
