"""Processing long talk in windows, to bound memory and model input, without cutting anything in two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from redaction.settings import SEGMENT_PAUSE, SHARED_WORDS, WORDS_AT_ONCE
from redaction.text.entity import evidence
from redaction.text.private_spans import PrivateSpan
from timeline import Word


def windows(words: Sequence[Word]) -> list[range]:
    """Overlapping ranges of indices that cover all words; two neighbours share at least ``2 * SHARED_WORDS`` words."""
    cores: list[range] = []
    first, good = 0, 0
    for i, word in enumerate(words):
        if i - first >= WORDS_AT_ONCE:
            stop = good if good > first + WORDS_AT_ONCE // 2 else i
            cores.append(range(first, stop))
            first = stop
        pause = i + 1 < len(words) and words[i + 1].start - word.end >= SEGMENT_PAUSE
        if word.text.endswith((".", "?", "!")) or pause:
            good = i + 1
    if first < len(words):
        cores.append(range(first, len(words)))
    return [range(max(0, core.start - SHARED_WORDS), min(len(words), core.stop + SHARED_WORDS)) for core in cores]


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
