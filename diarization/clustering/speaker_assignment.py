"""From pieces to speakers: the groups that count as speakers, and the probability of each speaker for each piece."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from diarization.clustering.agglomerative import (
    BLOCK,
    Agreement,
    GroupsToJoin,
    Labels,
    agreement,
    blended,
    join,
    likeness,
    membership,
    trust,
)
from diarization.clustering.calibration import cosine_levels
from diarization.clustering.channel_mismatch import join_across_rooms
from diarization.clustering.embedded_windows import Scan
from diarization.clustering.settings import (
    DISTINCT,
    EASIER,
    LADDER,
    MINOR,
    RELIABLE,
    ROUNDS,
    SCARCE,
    SHARPNESS,
    STRICTER_IN_BLOCKS,
    STRICTER_STEPS,
    STUCK,
    TRUST,
)
from diarization.likelihood import likelihoods
from diarization.settings import DiarizationSettings
from timeline import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Speakers:
    """The result of clustering.

    Attributes:
        centroids: ``[K, D]`` unit embedding of each speaker.
        posterior: ``[N, K]`` probability of each speaker for each piece; rows sum to 1.
        clean: ``[K]`` frames of clean speech behind each centroid.
    """

    centroids: FloatArray
    posterior: FloatArray
    clean: FloatArray


def _sums(groups: csr_matrix, scan: Scan) -> FloatArray:
    return np.asarray(groups.T @ (scan.vectors * scan.weights[:, None]), np.float32)


def _frames(groups: csr_matrix, scan: Scan) -> FloatArray:
    return np.asarray(groups.T @ scan.weights, np.float32).reshape(-1)


def _joined(
    labels: Labels, scan: Scan, links: Agreement, threshold: float, at_least: int = 1, at_most: int | None = None
) -> Labels:
    groups = membership(labels)
    same, heard = links.between(groups)
    found = join(GroupsToJoin(_sums(groups, scan), same, heard, _frames(groups, scan)), threshold, at_least, at_most)
    return np.where(labels >= 0, found[np.maximum(labels, 0)], -1)


def _in_blocks(labels: Labels, scan: Scan, links: Agreement, threshold: float) -> Labels:
    """Reduce the groups to few enough for one comparison: neighbours in time are joined first, if surely the same."""
    size = int(labels.max()) + 1
    while size > BLOCK:
        parts = np.arange(size) * BLOCK // (2 * size) if size < 2 * BLOCK else np.arange(size) // BLOCK
        out, used = np.full_like(labels, -1), 0
        for part in range(int(parts.max()) + 1):
            inside = np.isin(labels, np.flatnonzero(parts == part))
            _, local = np.unique(labels[inside], return_inverse=True)
            block = np.full_like(labels, -1)
            block[inside] = local
            found = _joined(block, scan, links, threshold)
            out[inside] = found[inside] + used
            used += int(found.max()) + 1
        if used > STUCK * size:
            threshold -= EASIER
        labels, size = out, used
    return labels


def _clean(labels: Labels, scan: Scan) -> FloatArray:
    """Frames of clean speech of each group."""
    return np.bincount(labels[labels >= 0], scan.weights[labels >= 0]).astype(np.float32)


def _speaker_groups(labels: Labels, scan: Scan, links: Agreement, threshold: float) -> npt.NDArray[np.int64]:
    """The groups that are speakers: those with enough clean speech, and those with little that resemble no larger one.

    If none has enough, the largest one. In hours of speech, pieces that are noisy or contain the end of one turn and
    the beginning of the next add up to groups of their own. So a group with very little speech is no speaker if it is
    similar enough to one or two larger groups together. ``threshold`` as for :func:`join`.
    """
    clean = _clean(labels, scan)
    major = np.flatnonzero(clean >= MINOR)
    if not len(major):
        return np.array([int(clean.argmax())])
    groups = membership(labels)
    alike = likeness(_sums(groups, scan), *links.between(groups))
    distinct = alike[:, major].max(axis=1) < DISTINCT
    scarce = (clean < SCARCE * clean.sum()) & blended(_sums(groups, scan), clean, major, threshold)
    return np.flatnonzero(((clean >= MINOR) & ~scarce) | ((clean >= RELIABLE) & distinct))


def _wanted(labels: Labels, scan: Scan, links: Agreement, threshold: float, least: int) -> npt.NDArray[np.int64]:
    """The groups that are speakers, plus the largest others if they are fewer than ``least``."""
    major, clean = _speaker_groups(labels, scan, links, threshold), _clean(labels, scan)
    others = np.setdiff1d(np.argsort(-clean, kind="stable"), major, assume_unique=True)
    more = [group for group in others if clean[group] >= RELIABLE][: max(0, least - len(major))]
    return np.sort(np.concatenate([major, np.array(more, np.int64)]))


def _groups(scan: Scan, links: Agreement, threshold: float, settings: DiarizationSettings) -> Labels:
    reliable = ~scan.double & (scan.durations >= RELIABLE)
    if not reliable.any():
        reliable = ~scan.double
    if not reliable.any():
        reliable = np.ones(len(scan.spans), np.bool_)
    labels = np.full(len(scan.spans), -1, np.int64)
    labels[reliable] = np.arange(int(reliable.sum()))
    labels = _in_blocks(labels, scan, links, threshold + STRICTER_IN_BLOCKS)
    least = settings.num_speakers or settings.min_speakers
    most = settings.num_speakers or settings.max_speakers
    # A ladder down to the wanted level, to go back to if that gives too few groups.
    tried: list[Labels] = []
    for rung in (*(STRICTER_STEPS if least > 1 else ()), *LADDER, 0.0):
        labels = _joined(labels, scan, links, threshold + rung)
        tried.append(labels)
    if len(_speaker_groups(labels, scan, links, threshold)) < least:
        # The lowest step that leaves this many possible speakers, even with little speech.
        counts = [int((_clean(labels, scan) >= RELIABLE).sum()) for labels in tried]
        enough = [labels for labels, count in zip(tried, counts, strict=True) if count >= least]
        labels, most = enough[-1] if enough else tried[int(np.argmax(counts))], least
    while most is not None and len(_speaker_groups(labels, scan, links, threshold)) > most:
        labels = _joined(labels, scan, links, 2.0, at_most=int(labels.max()))
    return labels


def speakers(scan: Scan, settings: DiarizationSettings) -> Speakers:
    """Cluster the pieces into speakers; without speech there are none."""
    if not len(scan.spans):
        return Speakers(
            np.zeros((0, scan.vectors.shape[1]), np.float32), np.zeros((0, 0), np.float32), np.zeros(0, "f")
        )
    links = agreement(scan)
    here = cosine_levels(scan, links)
    threshold = here.middle if settings.same_voice is None else settings.same_voice
    threshold += settings.strictness
    least = settings.num_speakers or settings.min_speakers
    labels = _groups(scan, links, threshold, settings)
    major = _wanted(labels, scan, links, threshold, least)
    order = {int(group): i for i, group in enumerate(major)}
    labels = np.array([order.get(int(label), -1) for label in labels], np.int64)
    groups = membership(labels)
    same = likelihoods().get(settings.voiceprint)
    if same is not None and settings.same_voice is None and settings.strictness <= 0:
        found = join_across_rooms(_sums(groups, scan), _frames(groups, scan), same, here.apart, least)
        labels = np.where(labels >= 0, found[np.maximum(labels, 0)], -1)
        groups = membership(labels)
    sums = _sums(groups, scan)
    centroids = (sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return Speakers(centroids, assign(scan, links, centroids), _frames(groups, scan))


def assign(scan: Scan, links: Agreement, centroids: FloatArray) -> FloatArray:
    """Probability ``[N, K]`` of each speaker for each piece, including short and doubtful ones.

    Mean-field: combines a piece's own voice, trusted more the longer it is, with the speakers of the pieces that
    windows assigned to the same, or to another, local speaker.
    """
    voice = SHARPNESS * trust(scan.durations)[:, None] * (scan.vectors @ centroids.T)
    heard = np.asarray(links.heard.sum(axis=1)).reshape(-1, 1)
    for_or_against = links.same - 0.5 * links.heard
    posterior = np.full(voice.shape, 1.0 / len(centroids))
    for _ in range(ROUNDS):
        energy = voice + TRUST * np.asarray(for_or_against @ posterior) / np.maximum(heard, 1.0)
        energy -= energy.max(axis=1, keepdims=True)
        posterior = np.exp(energy)
        posterior /= posterior.sum(axis=1, keepdims=True)
    return posterior.astype(np.float32)
