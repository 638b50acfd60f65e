"""Somebody far from the microphone: is speech 40 dB below the main speaker transcribed, silenced or missed?"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from diarization import SpeechFinder
from discreet.pipeline import Normalised
from redaction import Transcriber
from timeline import ArrayAudio, Audio, FloatArray, Segment, intersect, total, union
from weights import Store

BELOW = 40.0
"""dB by which the quiet speaker is below the main one."""
_PAUSE = 1.5
_NOISE = 3e-5


def scene(loud: FloatArray, low: FloatArray) -> tuple[ArrayAudio, Segment]:
    """A scene in light noise of a main speaker and, after a pause, a distant one; and when the latter talks (s)."""
    level, other = (float(np.sqrt(np.mean(np.square(x, dtype=np.float64)))) for x in (loud, low))
    rest = np.zeros(round(_PAUSE * 16000), np.float32)
    far = low * np.float32(level / other * 10 ** (-BELOW / 20))
    samples = np.concatenate([loud, rest, far, rest])
    samples += np.random.default_rng(0).normal(0, _NOISE, len(samples)).astype(np.float32)
    # As a 16-bit file holds it.
    samples = (np.round(samples * 32767) / 32767).astype(np.float32)
    start = (len(loud) + len(rest)) / 16000
    return ArrayAudio(samples), Segment(start, start + len(low) / 16000)


def quiet(store: Store, transcriber: Transcriber, clips: list[FloatArray]) -> None:
    """Print the share of quiet speech that was transcribed or silenced, unchanged and amplified."""
    finder = SpeechFinder.from_store(store)
    shares: dict[str, list[float]] = {"as it is": [], "raised": []}
    heard = dict.fromkeys(shares, 0)
    for first, second in pairwise(clips):
        audio, far = scene(first, second)
        alone = finder(ArrayAudio(second))
        speaks = Segment(far.start + alone[0].start, far.start + alone[-1].end)
        for name in shares:
            given: Audio = Normalised(audio) if name == "raised" else audio
            speech = list(finder(given))
            transcript = transcriber.transcribe(given, speech)
            words = [w for w in transcript.words if w.start >= far.start]
            seen = union([*(Segment(w.start, w.end).grown(0.25) for w in words), *transcript.unheard])
            shares[name].append(total(intersect(seen, [speaks])) / speaks.duration)
            heard[name] += len(words)
    for name, values in shares.items():
        print(
            f"speech {BELOW:.0f} dB below the main speaker, {name}: {np.mean(values):.2f} of its time is "
            f"transcribed or silenced, {heard[name]} words heard, in {len(values)} scenes"
        )
