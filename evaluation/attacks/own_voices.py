"""Looks for the own voice of strangers in the sound of a finished recording: by speaker embedding, and by waveform.

Both look at the same windows of the recording and of what was made of it, while one person alone speaks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from diarization import VoiceEmbedder
from timeline import FloatArray, Segment, intersect, subtract, total, union

RATE = 16000
WINDOW, STEP = 1.6, 0.8
"""Seconds of a window, and from one to the next."""
SPOKEN = 0.9
"""Least share of a window in which its person speaks."""
LAG = 0.1
"""Seconds by which the sound may have moved."""
SAME_WAVE = 0.5
"""Correlation from which on two windows hold the same waveform. Kept voices reach .9 and more after AAC."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The result for some people.

    Attributes:
        windows: windows in which one of them alone speaks.
        before, after: those in which the embedding is that of the speaker, in the recording and in the result.
        copied: those in which the result has the waveform of the recording.
        likeness: greatest cosine in the result to the speaker's own voice.
        correlation: greatest correlation of both waveforms.
    """

    windows: int
    before: int
    after: int
    copied: int
    likeness: float
    correlation: float


def windows_of(person: str, turns: Mapping[str, Sequence[Segment]], length: float) -> list[float]:
    """Starts of the windows, s, within ``length`` in which ``person`` speaks and nobody else."""
    own = union(turns[person])
    others = union(turn for who, each in turns.items() if who != person for turn in each)
    alone = subtract(own, others)
    starts = [float(at) for at in np.arange(0.0, length - WINDOW + 1e-9, STEP)]
    return [at for at in starts if total(intersect([Segment(at, at + WINDOW)], alone)) >= SPOKEN * WINDOW]


def correlation(one: FloatArray, other: FloatArray, lag: int = round(LAG * RATE)) -> float:
    """Greatest normalised correlation of two windows ``[n]`` for any shift up to ``lag`` samples; both whitened.

    Whitening makes two voices of the same pitch differ: the harmonics alone do not count as the same waveform.
    """
    first, second = (np.diff(np.asarray(each, np.float64), prepend=0.0) for each in (one, other))
    size = 1 << int(np.ceil(np.log2(len(first) + len(second))))
    spectrum = np.fft.rfft(first, size) * np.conj(np.fft.rfft(second, size))
    match = np.fft.irfft(spectrum, size)
    near = np.concatenate([match[: lag + 1], match[-lag:]]) if lag else match[:1]
    scale = np.sqrt((first**2).sum() * (second**2).sum())
    return float(np.abs(near).max() / scale) if scale > 1e-9 else 0.0


def search(
    original: FloatArray,
    safe: FloatArray,
    windows: Mapping[str, Sequence[float]],
    voices: Mapping[str, FloatArray],
    embedder: VoiceEmbedder,
    same: float,
) -> Kept:
    """Look for the own voices of people.

    Args:
        original, safe: sound ``[n]`` at 16 kHz, in step.
        windows: person -> starts of their windows, s.
        voices: person -> their own voice ``[m]``, from elsewhere.
        embedder: makes speaker embeddings.
        same: cosine from which on two embeddings are of one speaker.
    """
    before = after = copied = count = 0
    likeness = match = -1.0
    for person, starts in windows.items():
        if not starts:
            continue
        template = embedder.pieces([voices[person]])[0]
        cuts = [slice(round(at * RATE), round((at + WINDOW) * RATE)) for at in starts]
        rows = [embedder.pieces([sound[cut] for cut in cuts]) @ template for sound in (original, safe)]
        waves = [correlation(original[cut], safe[cut]) for cut in cuts]
        count += len(starts)
        before, after = before + int((rows[0] >= same).sum()), after + int((rows[1] >= same).sum())
        copied += sum(wave >= SAME_WAVE for wave in waves)
        likeness, match = max(likeness, float(rows[1].max())), max(match, *waves)
    return Kept(count, before, after, copied, likeness, match)


def search_groups(
    original: FloatArray,
    safe: FloatArray,
    turns: Mapping[str, Sequence[Segment]],
    agreed: Collection[str],
    voices: Mapping[str, FloatArray],
    embedder: VoiceEmbedder,
) -> dict[str, Kept]:
    """:func:`search` for strangers, and for those who agreed to be heard, whose voices must be found.

    Args:
        original, safe: sound ``[n]`` and ``[m]`` at 16 kHz, in step.
        turns: person -> when they speak.
        agreed: who agreed; all others are strangers.
        voices: person -> their own voice ``[k]``, from elsewhere.
        embedder: makes speaker embeddings; the product's threshold for its model decides.
    """
    size = min(len(original), len(safe))
    windows = {person: windows_of(person, turns, size / RATE) for person in turns}
    groups = {"strangers": set(turns) - set(agreed), "those who agreed": set(turns) & set(agreed)}
    return {
        group: search(
            original[:size],
            safe[:size],
            {person: windows[person] for person in sorted(people)},
            voices,
            embedder,
            embedder.same,
        )
        for group, people in groups.items()
    }
