"""How much of what was said is still there: word errors, BLEU, chrF, and likeness of what a recogniser heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from timeline import FloatArray
from voice.quality import word_errors

_ORDERS = 4
_LETTERS = 6
_BETA = 2.0


def wer(wanted: Sequence[Sequence[str]], heard: Sequence[Sequence[str]]) -> float:
    """Word errors per word of ``wanted``; nan without words."""
    total = sum(map(len, wanted))
    wrong = sum(word_errors(one, other) for one, other in zip(wanted, heard, strict=True))
    return wrong / total if total else float("nan")


def bleu(wanted: Sequence[Sequence[str]], heard: Sequence[Sequence[str]]) -> float:
    """BLEU of a corpus, 0..1, with one reference each (Papineni et al., 2002).

    Orders of which nothing is found count as half of one (Chen, Cherry, 2014), so that short corpora are not all 0.
    """
    logs = []
    for order in range(1, _ORDERS + 1):
        pairs = [(_grams(one, order), _grams(other, order)) for one, other in zip(wanted, heard, strict=True)]
        found = sum(sum((one & other).values()) for one, other in pairs)
        total = sum(sum(other.values()) for _, other in pairs)
        if total:
            logs.append(np.log((found or 0.5) / total))
    said, got = sum(map(len, wanted)), sum(map(len, heard))
    if not logs or not got:
        return 0.0
    return float(np.exp(np.mean(logs) + min(0.0, 1.0 - said / got)))


def chrf(wanted: Sequence[str], heard: Sequence[str]) -> float:
    """chrF2 of a corpus, 0..1: letters in runs of one to six, recall counting twice (Popovic, 2015)."""
    scores = []
    for order in range(1, _LETTERS + 1):
        pairs = [
            (_grams(one.replace(" ", ""), order), _grams(other.replace(" ", ""), order))
            for one, other in zip(wanted, heard, strict=True)
        ]
        found = sum(sum((one & other).values()) for one, other in pairs)
        of, got = (sum(sum(pair[side].values()) for pair in pairs) for side in (0, 1))
        if not of and not got:
            continue
        precision, recall = found / max(got, 1), found / max(of, 1)
        weight = _BETA**2 * precision + recall
        scores.append((1 + _BETA**2) * precision * recall / weight if weight else 0.0)
    return float(np.mean(scores)) if scores else 0.0


def state_likeness(
    wanted: Sequence[FloatArray], heard: Sequence[FloatArray], content: Callable[[FloatArray], FloatArray]
) -> float:  # fmt: skip
    """Mean cosine of a recogniser's states, frame by frame, less what they all share: what is said, not only spelled.

    Args:
        wanted, heard: sounds that are in step.
        content: sound to states ``[T, D]``.
    """
    pairs = [(content(one), content(other)) for one, other in zip(wanted, heard, strict=True)]
    if not pairs:
        return float("nan")
    middle = np.concatenate([one for one, _ in pairs]).mean(axis=0)
    found = []
    for one, other in pairs:
        size = min(len(one), len(other))
        first, second = one[:size] - middle, other[:size] - middle
        norms = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
        found.append((first * second).sum(axis=1) / np.maximum(norms, 1e-9))
    return float(np.concatenate(found).mean())


def _grams(parts: Sequence[str] | str, order: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(parts[at : at + order]) for at in range(len(parts) - order + 1))
