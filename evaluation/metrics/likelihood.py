"""Log-likelihood ratios of pairs: how to fit them, what they cost, and whether they mean what they say."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
BINS = (0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0)
"""Edges of the probabilities that :func:`reliability` takes together."""
_SIDE, _EDGE = 260, 40


def even(same: Flags) -> Floats:
    """Weights ``[N]`` that give pairs of one person and pairs of two the same total, one half."""
    return np.asarray(np.where(same, 0.5 / max(1, same.sum()), 0.5 / max(1, (~same).sum())), np.float64)


def cllr(ratios: Floats, same: Flags) -> float:
    """Cost of log-likelihood ratios ``[N]``, bits (Brummer & du Preez 2006): 0 if right, 1 if they say nothing."""
    return float((even(same) * np.logaddexp(0, np.where(same, -ratios, ratios))).sum() / np.log(2))


def fit(features: Floats, same: Flags) -> tuple[Floats, float]:
    """Weights ``[F]`` of ``features [N, F]`` with the least Cllr, and that cost in nats: a logistic regression."""
    weight = even(same)

    def cost(b: Floats) -> tuple[float, Floats]:
        score = features @ b
        loss = float(weight @ np.logaddexp(0, np.where(same, -score, score))) + 1e-6 * float(b @ b)
        slope = features.T @ (weight * (1 / (1 + np.exp(-score)) - same)) + 2e-6 * b
        return loss, np.asarray(slope)

    found = minimize(cost, np.zeros(features.shape[1]), jac=True)
    return np.asarray(found.x, np.float64), float(found.fun)


def reliability(score: Floats, same: Flags) -> list[tuple[float, float, int]]:
    """``(mean probability, share of one person, pairs)`` of each bin; both kinds of pairs have equal total weight."""
    said, weight = 1 / (1 + np.exp(-score)), even(same)
    rows = []
    for low, high in pairwise(BINS):
        inside = (said >= low) & ((said < high) | (high == 1.0))
        total = float(weight[inside].sum())
        if total > 0:
            mean, share = float(weight[inside] @ said[inside]) / total, float(weight[inside] @ same[inside]) / total
            rows.append((mean, share, int(inside.sum())))
    return rows


def reliability_svg(panels: dict[str, list[tuple[float, float, int]]]) -> str:
    """The rows of :func:`reliability` of each panel as a picture: said against true, and the diagonal."""
    parts = []
    for number, (title, rows) in enumerate(panels.items()):
        left, side = number * (_SIDE + 2 * _EDGE) + _EDGE, _SIDE
        at = [(f"{left + p * side:.1f}", f"{_EDGE + (1 - s) * side:.1f}", n) for p, s, n in rows]
        dots = "".join(f'<circle cx="{x}" cy="{y}" r="4"><title>{n} pairs</title></circle>' for x, y, n in at)
        line = " ".join(f"{x},{y}" for x, y, _ in at)
        parts += [
            f'<rect x="{left}" y="{_EDGE}" width="{side}" height="{side}" fill="none" stroke="#999"/>',
            f'<line x1="{left}" y1="{_EDGE + side}" x2="{left + side}" y2="{_EDGE}" stroke="#ccc"/>',
            f'<polyline points="{line}" fill="none" stroke="#246"/><g fill="#246">{dots}</g>',
            f'<text x="{left}" y="{_EDGE - 8}">{title}</text>',
            f'<text x="{left}" y="{_EDGE + side + 18}">probability said; upwards: share that is one person</text>',
        ]
    width = len(panels) * (_SIDE + 2 * _EDGE)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_SIDE + 2 * _EDGE}" font-family="sans-serif" '
        f'font-size="11"><rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n'
    )
