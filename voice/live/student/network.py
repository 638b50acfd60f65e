"""The student's network as ONNX, step by step, its memory handed from step to step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from timeline import FloatArray
from voice.live.student.cepstra import CEPSTRA, centred
from voice.resynthesis import VoiceRange, pitch_range

STEP, PAST, LOOK = 2, 5, 2
"""Frames of a step, and those before and behind it that are seen."""
VOICE = 2 * CEPSTRA
"""Numbers that describe a voice: mean and spread of its cepstra."""
WIDE = 192
"""Channels of the layers."""
HEARD, SAID = (1, 2, 4), (1, 2, 4, 8)
"""Steps between what a layer sees and what is before it, for the layers before the code and behind it."""
MEMORIES = (2 * sum(HEARD), WIDE), (2 * sum(SAID), WIDE)
"""Shapes of what both remember."""


@dataclass(frozen=True, slots=True, eq=False)
class StudentVoice:
    """A voice that the student can give: ``code`` ``[36]``, and where its pitch lies."""

    code: FloatArray
    pitch: VoiceRange


def voice_of(features: FloatArray) -> StudentVoice:
    """The voice in which some seconds are said whose features are ``[T, 20]``.

    Raises:
        ValueError: there is too little speech in them.
    """
    speech = features[features[:, 0] > np.median(features[:, 0])]
    hertz = 16000.0 / (256.0 / 2.0 ** (speech[:, 18].astype(np.float64) + 1.5))
    found = pitch_range(np.where(speech[:, 19] > 0.0, hertz, np.nan))
    if found is None:
        raise ValueError("too little speech to tell a voice by")
    code = np.concatenate([speech[:, :CEPSTRA].mean(axis=0), speech[:, :CEPSTRA].std(axis=0)])
    return StudentVoice(np.asarray(code, np.float32), found)


def stacked(frames: FloatArray) -> FloatArray:
    """``[S, 9 * 18]``: of each step of two frames of ``[T, 18]`` what is seen; frames beyond both ends are zero."""
    steps = len(frames) // STEP
    padded = np.pad(frames, ((PAST, LOOK), (0, 0)))
    width = PAST + STEP + LOOK
    seen = np.lib.stride_tricks.sliding_window_view(padded, width, axis=0)[: steps * STEP : STEP]
    return np.ascontiguousarray(seen.transpose(0, 2, 1).reshape(steps, width * frames.shape[1]))


class Student:
    """A stream through the network.

    Args:
        session: ONNX Runtime's; inputs ``seen [1, S, 162]``, ``voice [1, 36]``, ``heard [1, 14, 192]``,
            ``said [1, 30, 192]``; outputs ``made [1, S, 36]`` and both memories.
    """

    delay = LOOK
    """Frames by which the output is late."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self._mean: FloatArray | None = None
        self._waiting: FloatArray = np.zeros((PAST, CEPSTRA), np.float32)
        self._memory = [np.zeros((1, *shape), np.float32) for shape in MEMORIES]

    def __call__(self, cepstra: FloatArray, voice: StudentVoice) -> FloatArray:
        """Take ``[T, 18]``, give those of ``voice``, ``[2 k, 18]``: as soon as the frames behind a step are there."""
        without, self._mean = centred(np.asarray(cepstra, np.float32), self._mean)
        held = np.concatenate([self._waiting, without])
        steps = max(0, (len(held) - PAST - LOOK) // STEP)
        if not steps:
            self._waiting = held
            return np.zeros((0, CEPSTRA), np.float32)
        width = PAST + STEP + LOOK
        seen = np.lib.stride_tricks.sliding_window_view(held, width, axis=0)[: steps * STEP : STEP]
        given = {
            "seen": np.ascontiguousarray(seen.transpose(0, 2, 1)).reshape(1, steps, width * CEPSTRA),
            "voice": voice.code[None],
            "heard": self._memory[0],
            "said": self._memory[1],
        }
        made, *self._memory = self._session.run(["made", "heard_after", "said_after"], given)
        self._waiting = held[steps * STEP :]
        return np.asarray(made, np.float32).reshape(steps * STEP, CEPSTRA)
