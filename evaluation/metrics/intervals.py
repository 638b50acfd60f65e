"""Confidence intervals of shares, and the curve of false accepts and false rejects as a picture."""

from __future__ import annotations

from math import log
from typing import Any

Z = 1.959964
WIDTH, HEIGHT, LEFT, BOTTOM, PANEL = 340, 240, 52, 40, 20
FLOOR = 1e-4
"""Smaller shares are drawn here: the axis is logarithmic, and none of so few is not zero."""


def wilson(hits: float, of: int, z: float = Z) -> tuple[float, float]:
    """The 95 % interval of a share ``hits / of`` (Wilson, "Probable Inference", JASA 1927); (0, 1) if ``of`` is 0."""
    if of <= 0:
        return 0.0, 1.0
    share, extra = hits / of, z * z / of
    middle = (share + extra / 2) / (1 + extra)
    half = z / (1 + extra) * (share * (1 - share) / of + extra / of / 4) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def curve_svg(results: list[dict[str, Any]]) -> str:
    """FAR and FRR over the threshold on 2 s tracks of the people of the report half, one panel per recogniser."""
    panels = [_panel(result, i * (WIDTH + PANEL)) for i, result in enumerate(results)]
    width = len(results) * (WIDTH + PANEL)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT + BOTTOM}" '
        f'font-family="sans-serif" font-size="11">\n<rect width="100%" height="100%" fill="white"/>\n'
        + "\n".join(panels)
        + "\n</svg>\n"
    )


def _panel(result: dict[str, Any], left: float) -> str:
    kinds = result["halves"]["report"]
    curve = kinds[next(iter(kinds))]["curve"]
    low, high = curve[0]["threshold"], curve[-1]["threshold"]

    def x(threshold: float) -> float:
        return float(round(left + LEFT + (threshold - low) / (high - low) * (WIDTH - LEFT), 1))

    def y(share: float) -> float:
        depth: float = log(max(share, FLOOR)) / log(FLOOR)
        return float(round(24 + depth * (HEIGHT - 24), 1))

    def line(kind: str, colour: str) -> str:
        points = " ".join(f"{x(r['threshold'])},{y(r[kind]['wrong'] / max(1, r[kind]['of']))}" for r in curve)
        return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>'

    def bound(colour: str) -> str:
        points = " ".join(f"{x(r['threshold'])},{y(r['far']['high'])}" for r in curve)
        return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-dasharray="3 3"/>'

    used = x(result["rules"]["track"])
    parts = [
        f'<text x="{left + LEFT}" y="14">{result["recogniser"]}: FAR red (dashed: its upper bound), FRR blue</text>',
        *(
            f'<line x1="{x(low)}" x2="{x(high)}" y1="{y(s)}" y2="{y(s)}" stroke="#ddd"/>'
            f'<text x="{left + 4}" y="{y(s) + 4}">{100 * s:g} %</text>'
            for s in (1.0, 0.1, 0.01, 0.001, 0.0001)
        ),
        *(
            f'<text x="{x(t / 10) - 8}" y="{HEIGHT + 16}">{t / 10:.1f}</text>'
            for t in range(1, 8)
            if low <= t / 10 <= high
        ),
        f'<text x="{left + LEFT + 60}" y="{HEIGHT + 32}">threshold on the cosine of a 2 s track</text>',
        f'<line x1="{used}" x2="{used}" y1="24" y2="{HEIGHT}" stroke="#333"/>',
        line("far", "#c22"),
        bound("#c22"),
        line("frr", "#26c"),
    ]
    return "\n".join(parts)
