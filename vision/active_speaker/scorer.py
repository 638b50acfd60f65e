"""Whose lips go with the sound: the scorer protocol, and the networks LR-ASD, Light-ASD and TalkNet."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from vision.active_speaker.lip_motion import PER_CROP, LipMotion, Scores
from vision.active_speaker.mfcc import STEP, WINDOW, mfcc


def samples_for(crops: int) -> int:
    """How many samples of 16 kHz sound a scorer wants for that many crops."""
    return crops * PER_CROP + WINDOW - STEP


class SpeakerScorer(Protocol):
    """Scores how likely the face is the one that is heard."""

    @property
    def id(self) -> str:
        """Name of the model."""
        ...

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """Probability ``[T]``.

        For grey ``crops`` ``[T, 112, 112]`` at 25 per second and 16 kHz ``sound`` that begins with the first of them.
        """
        ...


class AudioVisualScorer:
    """LR-ASD (Liao et al., IJCV 2025), Light-ASD (Liao et al., CVPR 2023) or TalkNet (Tao et al., ACM MM 2021).

    The session takes ``audio`` ``[1, 4 T, 13]`` and ``faces`` 0..255 ``[1, T, 112, 112]`` and gives ``probability``
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
    """The mean log odds of two networks: they err at different faces."""

    id = "both"

    def __init__(self, one: SpeakerScorer, other: SpeakerScorer) -> None:
        self._scorers = (one, other)

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """See :class:`SpeakerScorer`."""
        odds = np.mean([logit(scorer(crops, sound)) for scorer in self._scorers], axis=0)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))


class ScorerWithLips:
    """A network's log odds with a share of those of :class:`vision.active_speaker.lip_motion.LipMotion`, which cost a
    fiftieth of its."""

    def __init__(self, scorer: SpeakerScorer, share: float) -> None:
        self._scorer, self._share, self._lips = scorer, share, LipMotion()
        self.id = scorer.id

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """See :class:`SpeakerScorer`."""
        odds = logit(self._scorer(crops, sound)) + self._share * logit(self._lips(crops, sound))
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def logit(p: Scores) -> Scores:
    """Log odds of probabilities, within +-9."""
    p = np.clip(p, 1.2e-4, 1.0 - 1.2e-4)
    return np.asarray(np.log(p / (1.0 - p)))
