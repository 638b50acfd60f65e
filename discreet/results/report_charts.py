"""The charts of the report: who spoke how much, and what happened when, as SVG without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from timeline import Segment, Timeline, stamp, total, union

COLOURS = 8
"""Colours of people; further people share them and are distinguished by the name beside."""
WIDTH, LEFT, ROW = 960, 150, 26
COLUMNS = WIDTH - LEFT
"""Pixels of the time axis: what falls on one pixel is drawn once, so the picture stays small."""
LANES = (("word", "words taken out"), ("voice", "voices changed"), ("face", "faces masked"))


def spoken(timeline: Timeline) -> dict[str, float]:
    """Seconds that each person spoke, by id, in the document's order."""
    return {
        person.id: total(union(Segment(t.start, t.end) for t in timeline.turns if t.person == person.id))
        for person in timeline.people
    }


def speaking_chart(timeline: Timeline) -> str:
    """One bar per person: seconds and share of all speech."""
    seconds = spoken(timeline)
    most, whole = max(seconds.values(), default=0.0) or 1.0, sum(seconds.values()) or 1.0
    rows = []
    for number, person in enumerate(timeline.people):
        said, y = seconds[person.id], number * ROW
        wide = round(said / most * (COLUMNS - 150))
        rows.append(
            _text(0, y + 17, person.label)
            + f'<rect class="p{number % COLOURS}" x="{LEFT}" y="{y + 4}" width="{wide}" height="{ROW - 8}"/>'
            + _text(LEFT + wide + 8, y + 17, f"{said:.1f} s, {100 * said / whole:.0f} %")
        )
    return _svg(len(timeline.people) * ROW, "Who spoke how much", rows)


def timeline_picture(timeline: Timeline) -> str:
    """One lane per person with their turns, and below them the redactions, on one time axis."""
    lanes: list[tuple[str, str, Sequence[Segment]]] = [
        (person.label, f"p{n % COLOURS}", [Segment(t.start, t.end) for t in timeline.turns if t.person == person.id])
        for n, person in enumerate(timeline.people)
    ]
    lanes += [
        (label, f"out {kind}", [Segment(r.start, r.end) for r in timeline.redactions if r.kind == kind])
        for kind, label in LANES
    ]
    length = timeline.recording.duration or 1.0
    rows = []
    for number, (label, style, spans) in enumerate(lanes):
        y = number * ROW
        rows.append(
            _text(0, y + 17, label)
            + f'<rect class="lane" x="{LEFT}" y="{y + 4}" width="{COLUMNS}" height="{ROW - 8}"/>'
            + f'<path class="{style}" d="{_bars(union(spans), length, y + 4, ROW - 8)}"/>'
        )
    end = len(lanes) * ROW
    for part in range(5):
        at = LEFT + part * COLUMNS // 4
        anchor = "end" if part == 4 else "start"
        rows.append(_text(at, end + 17, stamp(length * part / 4)[:8], anchor))
    return _svg(end + ROW, "What happened when", rows)


def _bars(spans: Sequence[Segment], length: float, y: int, height: int) -> str:
    """Rectangles as one path, none narrower than a pixel."""
    parts: list[tuple[int, int]] = []
    for span in spans:
        left = LEFT + min(int(span.start / length * COLUMNS), COLUMNS - 1)
        right = max(left + 1, LEFT + min(round(span.end / length * COLUMNS), COLUMNS))
        if parts and left <= parts[-1][1]:
            parts[-1] = (parts[-1][0], max(right, parts[-1][1]))
        else:
            parts.append((left, right))
    return "".join(f"M{left} {y}h{right - left}v{height}h{left - right}z" for left, right in parts)


def _text(x: int, y: int, text: str, anchor: str = "start") -> str:
    short = text if len(text) <= 20 or x else f"{text[:19]}…"
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(short)}</text>'


def _svg(height: int, title: str, rows: Iterable[str]) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {max(height, 1)}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title>{''.join(rows)}</svg>"
    )
