"""How exactly words are placed, measured on sentences that are spoken with pauses between the words."""

from __future__ import annotations

import numpy as np

from evaluation.data.espeak import VOICES, say
from evaluation.metrics.audible_leaks import SENTENCES
from redaction import Transcriber
from redaction.text import bare_word
from timeline import ArrayAudio, FloatArray

_GAP = 20
"""Pause between words, hundredths of a second."""
_FRAME = 0.01
_LEAST_PAUSE = 0.12


def islands(samples: FloatArray, rate: int = 16000) -> list[tuple[float, float]]:
    """Stretches of sound (s) between pauses of at least 0.12 s."""
    size = round(_FRAME * rate)
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    loud = np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1)) > 0.004
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]])))
    out: list[tuple[float, float]] = []
    for start, end in zip(edges[::2] * _FRAME, edges[1::2] * _FRAME, strict=True):
        if out and start - out[-1][1] < _LEAST_PAUSE:
            out[-1] = (out[-1][0], float(end))
        else:
            out.append((float(start), float(end)))
    return out


def boundaries(transcriber: Transcriber) -> None:
    """Print the error of the words' starts and ends against the sound; skips sentences with another number of words."""
    starts: list[float] = []
    ends: list[float] = []
    used = 0
    for voice in VOICES:
        for sentence, _ in SENTENCES:
            audio: ArrayAudio = say(sentence, voice, gap=_GAP)
            truth, plain = islands(audio.samples), [bare_word(w).lower() for w in sentence.split()]
            words = transcriber(audio)
            if len(truth) != len(plain) or [bare_word(w.text).lower() for w in words] != plain:
                continue
            used += 1
            starts += [w.start - a for w, (a, _) in zip(words, truth, strict=True)]
            ends += [w.end - b for w, (_, b) in zip(words, truth, strict=True)]
    if not starts:
        print("word boundaries: no sentence was heard word for word")
        return
    for name, errors in (("start", np.array(starts)), ("end", np.array(ends))):
        sizes = np.abs(errors)
        print(
            f"word {name}s: off by {np.median(errors):+.3f} s (median), in size {np.median(sizes):.3f} s (median), "
            f"{np.quantile(sizes, 0.95):.3f} s (95 %), of {len(errors)} words in {used} sentences"
        )
