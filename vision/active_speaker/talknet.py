"""TalkNet, and LR-ASD and Light-ASD after it: sound and a face in, the probability that the face speaks out.

The three are trained networks with the same inputs; ``weights/convert`` makes them from their authors' checkpoints.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from vision.active_speaker.lip_motion import Scores
from vision.active_speaker.mfcc import mfcc


class TalkNet:
    """TalkNet (Tao et al., ACM MM 2021), LR-ASD (Liao et al., IJCV 2025) or Light-ASD (Liao et al., CVPR 2023).

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
