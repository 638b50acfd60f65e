"""A meeting of hours, for ``python -m evaluation.runs.diarization --hours H``."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from diarization import ClusteringDiarizer
from evaluation.data import composed
from evaluation.metrics.diarization import Truth, der, grid, jer
from timeline import Turn

if TYPE_CHECKING:
    from evaluation.data.recordings import Recording


def peak_mb() -> float:
    """Peak resident memory of this process, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def least(truth: Truth, turns: Sequence[Turn], duration: float) -> str:
    """How much of the speech of the person who says least is in a speaker that is mostly them."""
    who, labels = sorted({name for *_, name in truth}), sorted({turn.person for turn in turns})
    true = grid(truth, who, duration).astype(np.float32)
    both = true.T @ grid([(t.start, t.end, t.person) for t in turns], labels, duration).astype(np.float32)
    quiet = int(true.sum(axis=0).argmin())
    own = both[quiet][both.argmax(axis=0) == quiet].max(initial=0.0)
    share, kept = true[:, quiet].sum() / true.sum(), own / true[:, quiet].sum()
    return f"who says least has {share:.3%} of the speech, {kept:.1%} of it as a speaker of their own"


def long_meeting(recording: Recording, diarizer: ClusteringDiarizer) -> Iterator[str]:
    """The row of a long recording, and the peak memory before scoring and the baseline.

    Scoring counts every 10 ms, and average linkage compares all pieces with each other. For hours of sound, either
    takes more memory than the diarizer.
    """
    audio = recording.audio()
    before = peak_mb()
    begin, busy = time.perf_counter(), time.process_time()
    rows = diarizer.scan(audio)
    heard = peak_mb()
    found = diarizer.decide(rows, audio.duration)
    clock = (time.perf_counter() - begin) / audio.duration
    cpu = (time.process_time() - busy) / audio.duration
    decided = peak_mb()
    yield (
        f"{audio.duration / 3600:.2f} h: RTF {clock:.3f}, CPU {cpu:.3f}; {len(rows.spans)} pieces; peak memory"
        f" {before:.0f} MB with the models loaded, {heard:.0f} MB heard, {decided:.0f} MB decided"
    )
    yield least(recording.turns, found.turns, audio.duration)
    score = der(recording.turns, found.turns, audio.duration)
    lenient = der(recording.turns, found.turns, audio.duration, composed.COLLAR)
    true = len({who for _, _, who in recording.turns})
    yield (
        f"{recording.name:17s} {score.der:5.3f} {score.missed:5.3f} {score.false_alarm:5.3f} {score.confusion:5.3f}"
        f"  {lenient.der:5.3f}   {jer(recording.turns, found.turns, audio.duration):5.3f}"
        f"  {len(found.embeddings):3d} /{true:3d}   peak memory {peak_mb():.0f} MB with the scoring"
    )
