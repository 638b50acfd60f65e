"""Several active-speaker scorers as one: two networks, or a network and the lips."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vision.active_speaker.base import SpeakerScorer, logit
from vision.active_speaker.lip_motion import LipMotion, Scores


class ScorerEnsemble:
    """The mean log odds of two networks, which err on different faces."""

    id = "both"

    def __init__(self, one: SpeakerScorer, other: SpeakerScorer) -> None:
        self._scorers = (one, other)

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """See :class:`SpeakerScorer`."""
        odds = np.mean([logit(scorer(crops, sound)) for scorer in self._scorers], axis=0)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))


class ScorerWithLips:
    """Adds a share of the log odds of :class:`vision.active_speaker.lip_motion.LipMotion` to a network's.

    Lip motion costs a fiftieth of a network.
    """

    def __init__(self, scorer: SpeakerScorer, share: float) -> None:
        self._scorer, self._share, self._lips = scorer, share, LipMotion()
        self.id = scorer.id

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """See :class:`SpeakerScorer`."""
        odds = logit(self._scorer(crops, sound)) + self._share * logit(self._lips(crops, sound))
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))
