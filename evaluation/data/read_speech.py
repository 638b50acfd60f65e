"""Read speech of the media, one voice at a time, and which voices settings were chosen on."""

from __future__ import annotations

import numpy as np

from capture import AudioFile
from evaluation.data.media import MEDIA
from timeline import ArrayAudio

TUNE = ("libri_1688", "libri_1998", "vctk_p225", "vctk_p226")
"""Voices on which padding and levels were chosen."""
TEST = ("libri_2033", "vctk_p227", "libri_367", "vctk_p228", "libri_533")
"""Voices that were not used for that."""
_PAUSE = 0.8
_FLOOR = 1e-4


def recording(voice: str) -> ArrayAudio:
    """The utterances of one voice, one after the other, at 16 kHz."""
    parts = [np.zeros(8000, np.float32)]
    for path in sorted((MEDIA / "voices" / voice).glob("*.flac")):
        parts += [*AudioFile(path, 16000).blocks(), np.zeros(round(_PAUSE * 16000), np.float32)]
    x = np.concatenate(parts)
    return ArrayAudio((x + np.random.default_rng(0).normal(0, _FLOOR, len(x))).astype(np.float32))
