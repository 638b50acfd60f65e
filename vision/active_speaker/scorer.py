"""The protocol of active-speaker scorers, and the networks LR-ASD, Light-ASD and TalkNet."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from vision.active_speaker.lip_motion import PER_CROP, LipMotion, Scores
from vision.active_speaker.mfcc import STEP, WINDOW, mfcc


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


class AudioVisualScorer:
    """LR-ASD (Liao et al., IJCV 2025), Light-ASD (Liao et al., CVPR 2023) or TalkNet (Tao et al., ACM MM 2021).

    The session takes ``audio`` ``[1, 4 T, 13]`` and ``faces`` 0..255 ``[1, T, 112, 112]`` and returns ``probability``
    ``[1, T]``.
    """

    def __init__(self, session: Any, id: str = "lr-asd") -> None:
        self._session = session
        self.id = id

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """See :class:`SpeakerScorer`."""
        feed = {"audio": mfcc(sound, 4 * len(crops))[None], "faces": crops[None].astype(np.float32)}
        return np.asarray(self._session.run(["probability"], feed)[0][0], np.float64)


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


def logit(p: Scores) -> Scores:
    """Log odds of probabilities, limited to +-9."""
    p = np.clip(p, 1.2e-4, 1.0 - 1.2e-4)
    return np.asarray(np.log(p / (1.0 - p)))
