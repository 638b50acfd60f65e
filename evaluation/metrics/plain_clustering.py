"""The baseline for clustering: average linkage of voiceprints, cut at one fixed cosine."""

from __future__ import annotations

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from diarization.clustering import Scan, Speakers

COSINE = 0.20
"""Cosine of the cut: the best of a grid of 0.05 on the recordings that settings were tuned on."""
_SHORT = 50
"""Pieces of fewer frames (0.84 s) found no cluster; they go to the nearest."""


def plain(rows: Scan, cosine: float = COSINE) -> Speakers:
    """Cluster the pieces of a scan by voice alone; each piece goes to the nearest cluster."""
    empty = np.zeros((0, rows.vectors.shape[1] if rows.vectors.ndim == 2 else 0), np.float32)
    if not len(rows.spans):
        return Speakers(empty, np.zeros((0, 0), np.float32), np.zeros(0, np.float32))
    chosen = np.flatnonzero(~rows.double & (rows.durations >= _SHORT))
    if not len(chosen):
        chosen = np.arange(len(rows.spans))
    if len(chosen) > 1:
        tree = linkage(rows.vectors[chosen], "average", "cosine")
        labels = fcluster(tree, 1 - cosine, "distance") - 1
    else:
        labels = np.zeros(1, int)
    count = int(labels.max()) + 1
    sums = np.zeros((count, rows.vectors.shape[1]), np.float32)
    np.add.at(sums, labels, rows.vectors[chosen] * rows.weights[chosen, None])
    centroids = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    posterior = np.eye(count, dtype=np.float32)[(rows.vectors @ centroids.T).argmax(axis=1)]
    return Speakers(centroids, posterior, np.bincount(labels, rows.weights[chosen], count).astype(np.float32))
