"""From speaker probabilities to turns: two thresholds, padding, shortest turns and pauses.

The order is that of NeMo's post-processing: binarise with hysteresis, pad, drop short turns, close short pauses.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from diarization.sortformer_settings import SortformerSettings
from timeline import Evidence, FloatArray, Segment, Turn, intersect, union


def binarize(probability: FloatArray, step: float, duration: float, settings: SortformerSettings) -> list[Segment]:
    """When one speaker talks: sorted and disjoint spans, from probabilities ``[T]`` for ``step`` seconds each."""
    talking, found, start = False, [], 0
    for at, value in enumerate([*np.asarray(probability, float).tolist(), 0.0]):
        if not talking and value > settings.on:
            talking, start = True, at
        elif talking and value < settings.off:
            talking = False
            found.append((start * step - settings.pad_on, at * step + settings.pad_off))
    clipped = [Segment(max(0.0, a), min(b, duration)) for a, b in found if min(b, duration) > max(0.0, a)]
    # Spans that overlap through padding are one; short ones are dropped before pauses are closed, so noise joins
    # nothing.
    long = [span for span in union(clipped) if span.duration >= settings.min_on]
    return union(long, gap=settings.min_off - 1e-9) if settings.min_off > 0 else long


def turns_of(
    labels: Sequence[str], probability: FloatArray, step: float, duration: float, settings: SortformerSettings
) -> list[Turn]:
    """Turns of the speakers ``labels [K]`` by start, from ``probability [T, K]``.

    ``overlap`` is set if somebody else has a turn at the same time; ``confidence`` is the mean probability.
    """
    found = {label: binarize(probability[:, k], step, duration, settings) for k, label in enumerate(labels)}
    turns = []
    for k, label in enumerate(labels):
        others = union(span for other, mine in found.items() if other != label for span in mine)
        for span in found[label]:
            first = min(int(span.start / step), len(probability) - 1)
            sure = float(np.clip(probability[first : max(first + 1, round(span.end / step)), k].mean(), 0, 1))
            turns.append(
                Turn(
                    start=span.start,
                    end=span.end,
                    person=label,
                    confidence=sure,
                    evidence=Evidence(voice=sure),
                    overlap=bool(intersect([span], others)),
                )
            )
    return sorted(turns, key=lambda turn: (turn.start, turn.end, turn.person))
