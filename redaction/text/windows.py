"""Processing long talk in windows, to bound memory and model input, without cutting anything in two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from redaction.text.entity import evidence
from redaction.text.spans import PAUSE, PrivateSpan
from timeline import Word

WINDOW = 120
"""Words processed together. A window ends with a sentence or a pause if it can."""
OVERLAP = 24
"""Words of its neighbours that a window includes on each side: more than the longest private phrase."""


def windows(words: Sequence[Word]) -> list[range]:
    """Overlapping ranges of indices that cover all words; two neighbours share at least ``2 * OVERLAP`` words."""
    cores: list[range] = []
    first, good = 0, 0
    for i, word in enumerate(words):
        if i - first >= WINDOW:
            stop = good if good > first + WINDOW // 2 else i
            cores.append(range(first, stop))
            first = stop
        pause = i + 1 < len(words) and words[i + 1].start - word.end >= PAUSE
        if word.text.endswith((".", "?", "!")) or pause:
            good = i + 1
    if first < len(words):
        cores.append(range(first, len(words)))
    return [range(max(0, core.start - OVERLAP), min(len(words), core.stop + OVERLAP)) for core in cores]


def united(spans: Iterable[PrivateSpan]) -> list[PrivateSpan]:
    """Merge spans that share a word, in order; the most specific one gives entity, score and reason."""
    out: list[PrivateSpan] = []
    for span in sorted(spans, key=lambda s: (s.first, -s.last)):
        if out and span.first <= out[-1].last:
            best = max(out[-1], span, key=lambda s: evidence(s.entity, s.score, s.last - s.first))
            out[-1] = PrivateSpan(out[-1].first, max(out[-1].last, span.last), best.entity, best.score, best.reason)
        else:
            out.append(span)
    return out
