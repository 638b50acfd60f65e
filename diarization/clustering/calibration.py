"""Calibration per recording: how similar two people's voices are in it, and how similar one voice is to itself.

One threshold for all recordings is brittle: on one microphone, in one room, all voices sound more similar than voices
from different places do, and a voice recorded evenly is more similar to itself. Both levels are learnt from each
recording before anything is clustered:

* *apart*: the segmentation model, which hears ten seconds at a time, rarely takes one person for two. So pieces that it
  assigns to two local speakers are samples of how similar two people are here.
* *alike*: the pieces most similar to a given one are usually the same person's.

The threshold for one person lies half-way between the two. Cosines are divided by the pieces' trust, so that the levels
of short and of long pieces can be compared (see ``agglomerative.trust``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diarization.clustering.agglomerative import Agreement, trust
from diarization.clustering.embedded_windows import Scan
from diarization.clustering.settings import NEAREST, RELIABLE

APART, ALIKE = 0.2, 0.8
"""Prior levels, expected before anything is heard."""
_APART_PAIRS, _ALIKE_PIECES = 20.0, 5.0
"""Number of pairs and pieces that weigh as much as the prior."""
_HEARD, _TWO = 3.0, 0.2
"""Windows that must contain a pair, and the largest share of them that may call it one speaker, for it to be two
people.
"""
_BLOCK = 150
"""Pieces considered together (some two minutes of speech), so that the levels do not depend on the length."""


@dataclass(frozen=True, slots=True)
class CosineLevels:
    """Typical cosines of long stretches of speech of two people (``apart``) and of one person (``alike``)."""

    apart: float
    alike: float

    @property
    def middle(self) -> float:
        """The cosine above which two long groups of speech are more likely the same person's."""
        return (self.apart + self.alike) / 2


def cosine_levels(scan: Scan, links: Agreement) -> CosineLevels:
    """The two levels of a recording; close to the prior if there is little to learn from."""
    single = ~scan.double & (scan.durations >= RELIABLE)
    return CosineLevels(_apart(scan, links, single), _alike(scan, np.flatnonzero(single)))


def _apart(scan: Scan, links: Agreement, single: npt.NDArray[np.bool_]) -> float:
    heard, same = links.heard.tocoo(), links.same.tocsr()
    i, j = heard.row, heard.col
    keep = (i < j) & (heard.data >= _HEARD) & single[i] & single[j] & (scan.spans[i, 1] <= scan.spans[j, 0])
    i, j, often = i[keep], j[keep], heard.data[keep]
    two = np.asarray(same[i, j]).reshape(-1) < _TWO * often
    i, j = i[two], j[two]
    cosine = (scan.vectors[i] * scan.vectors[j]).sum(axis=1) / (trust(scan.durations[i]) * trust(scan.durations[j]))
    return float((cosine.sum() + _APART_PAIRS * APART) / (len(cosine) + _APART_PAIRS))


def _alike(scan: Scan, pieces: npt.NDArray[np.int64]) -> float:
    found = [np.zeros(0)]
    for block in np.array_split(pieces, max(1, -(-len(pieces) // _BLOCK))):
        count = min(NEAREST, len(block) - 1)
        if count < 1:
            continue
        vectors, sure = scan.vectors[block], trust(scan.durations[block])
        cosine = (vectors @ vectors.T) / np.outer(sure, sure)
        start, end = scan.spans[block].T
        # the piece itself, and pieces that overlap it
        cosine[(start[:, None] < end) & (start < end[:, None])] = -np.inf
        # No voice is more similar to itself than 1: anything above is the same sound again, or chance.
        nearest = np.minimum(np.sort(cosine, axis=1)[:, -count:], 1.0)
        found.append(nearest[np.isfinite(nearest).all(axis=1)].mean(axis=1))
    values = np.concatenate(found)
    typical = float(np.median(values)) if len(values) else ALIKE
    return (typical * len(values) + ALIKE * _ALIKE_PIECES) / (len(values) + _ALIKE_PIECES)
