"""TextGrid files of Praat, in the long text form: interval tiers that fill the whole time without gaps or overlaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from discreet.export.tiers import Span, Tier, tiers
from timeline import Timeline

SILENT = "(no words)"
"""Stands for an utterance without words: to Praat an interval without text is one in which nothing happens."""


def textgrid(timeline: Timeline, name: str) -> str:
    """One tier of utterances and one of words for each speaker; times in seconds to the millisecond."""
    made = tiers(timeline)
    end = max([round(timeline.recording.duration * 1000), 1, *(tier.spans[-1][1] for tier in made)])
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        "xmin = 0",
        f"xmax = {_seconds(end)}",
        "tiers? <exists>" if made else "tiers? <absent>",
    ]
    if made:
        lines += [f"size = {len(made)}", "item []:"]
    for number, tier in enumerate(made, 1):
        lines += [f"    item [{number}]:", *(f"        {line}" for line in _tier(tier, end))]
    return "\n".join(lines) + "\n"


def _tier(tier: Tier, end: int) -> Iterator[str]:
    intervals = list(_filled(tier.spans, end))
    yield 'class = "IntervalTier"'
    yield f"name = {_quoted(tier.name)}"
    yield "xmin = 0"
    yield f"xmax = {_seconds(end)}"
    yield f"intervals: size = {len(intervals)}"
    for number, (start, stop, text) in enumerate(intervals, 1):
        yield f"intervals [{number}]:"
        yield f"    xmin = {_seconds(start)}"
        yield f"    xmax = {_seconds(stop)}"
        yield f"    text = {_quoted(text)}"


def _filled(spans: Sequence[Span], end: int) -> Iterator[Span]:
    at = 0
    for start, stop, text in spans:
        if start > at:
            yield at, start, ""
        yield start, stop, text or SILENT
        at = stop
    if at < end:
        yield at, end, ""


def _seconds(ms: int) -> str:
    return f"{ms // 1000}.{ms % 1000:03d}" if ms else "0"


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
