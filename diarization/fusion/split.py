"""Splitting a cluster that contains two voices, told apart by two mouths.

Where one of two faces on screen clearly speaks and the other rests, a cluster's pieces belong to that mouth. If two
mouths each have some seconds of one cluster, and the voices of the pieces differ like those of two people, the cluster
is
split: all its pieces go to the nearer voice, whoever's mouth moved. If they do not differ, it is one voice, and one
mouth merely moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from diarization.base import Diarization, Subsegments
from diarization.fusion.lip_sync import Face, samples, seen_together
from diarization.fusion.settings import (
    INSIDE_TURNS,
    LEAST_IN_PIECE,
    LEAST_OWN_SPEECH,
    LEAST_SCORES,
    LIP_CONTRAST,
    RESTS,
    SAME_PERSON,
    SPEAKS,
    SPLIT_NOISE,
    SPLIT_ROUNDS,
)
from timeline import FloatArray, Segment, Turn, total, union

Indices = npt.NDArray[np.int64]


def split_by_lips(diarization: Diarization, faces: Sequence[Face]) -> Diarization:
    """The diarization with such clusters split; unchanged if there are none."""
    pieces = diarization.pieces
    if pieces is None or len(faces) < 2:
        return diarization
    levels = np.stack([_levels(face, pieces) for face in faces], axis=1)
    out = diarization
    for label in list(diarization.embeddings):
        turns = [turn for turn in diarization.turns if turn.person == label]
        if not turns:
            continue
        mine = pieces_of(pieces, turns)
        mouths = _only_speaking_mouths(levels[mine])
        seeds = [mine[mouths == i] for i in range(len(faces))]
        voices = _voices(pieces, seeds, faces)
        if len(voices) > 1:
            out = _in_parts(out, label, mine, voices)
    return out


def _levels(face: Face, pieces: Subsegments) -> npt.NDArray[np.float64]:
    """``[N]`` how much the mouth moves in a piece, 0..1 on its own scale; NaN if not visible or not informative."""
    times, scores, _ = samples(face.tracks)
    out = np.full(len(pieces.spans), np.nan)
    if len(times) < LEAST_SCORES:
        return out
    order = np.argsort(times, kind="stable")
    times, scores = times[order], scores[order]
    low, high = np.percentile(scores, [10, 90])
    if high - low < LIP_CONTRAST:
        return out
    sums = np.concatenate([[0.0], np.cumsum(scores)])
    a, b = np.searchsorted(times, pieces.spans[:, 0]), np.searchsorted(times, pieces.spans[:, 1])
    seen = b - a >= LEAST_IN_PIECE
    out[seen] = np.clip(((sums[b] - sums[a])[seen] / (b - a)[seen] - low) / (high - low), 0, 1)
    return out


def pieces_of(pieces: Subsegments, turns: Sequence[Turn]) -> Indices:
    """Indices of the single-voice pieces that lie in these turns."""
    edges = [edge for span in union([Segment(t.start, t.end) for t in turns]) for edge in (span.start, span.end)]
    inside = np.concatenate([[0.0], np.cumsum(np.diff(edges) * (np.arange(len(edges) - 1) % 2 == 0))])
    start, end = pieces.spans.T
    within = np.interp(end, edges, inside) - np.interp(start, edges, inside)
    return np.flatnonzero(~pieces.double & (within >= INSIDE_TURNS * (end - start)))


def _only_speaking_mouths(levels: npt.NDArray[np.float64]) -> Indices:
    """``[N]`` the only mouth that speaks in each piece while another visible one rests; -1 if there is none."""
    if not len(levels):
        return np.zeros(0, np.int64)
    speaks, rests = np.nan_to_num(levels) >= SPEAKS, np.nan_to_num(levels, nan=1.0) <= RESTS
    clear = (speaks.sum(axis=1) == 1) & rests.any(axis=1)
    return np.where(clear, speaks.argmax(axis=1), -1)


def _voices(pieces: Subsegments, seeds: Sequence[Indices], faces: Sequence[Face]) -> list[Indices]:
    """The seeds of each voice, largest first; mouths are joined if their voices are similar or they can be one."""
    found: list[tuple[Indices, list[Face]]] = []
    for i in sorted(range(len(seeds)), key=lambda i: -seconds_of(pieces, seeds[i])):
        if seconds_of(pieces, seeds[i]) < LEAST_OWN_SPEECH:
            continue
        for index, (other, mouths) in enumerate(found):
            apart = all(seen_together(face.tracks, faces[i].tracks) for face in mouths)
            if not apart or _alike(pieces, other, seeds[i]):
                found[index] = (np.concatenate([other, seeds[i]]), [*mouths, faces[i]])
                break
        else:
            found.append((seeds[i], [faces[i]]))
    return [seed for seed, _ in found]


def seconds_of(pieces: Subsegments, index: Indices) -> float:
    """Seconds that these pieces cover."""
    return total([Segment(a, b) for a, b in pieces.spans[index].tolist()])


def centroid_of(pieces: Subsegments, index: Indices) -> FloatArray:
    """The unit mean ``[D]`` of these pieces, weighted by their lengths."""
    weight = pieces.spans[index, 1] - pieces.spans[index, 0]
    sum_ = (pieces.vectors[index] * weight[:, None]).sum(axis=0)
    return np.asarray(sum_ / max(float(np.linalg.norm(sum_)), 1e-9), np.float32)


def _alike(pieces: Subsegments, one: Indices, other: Indices) -> bool:
    """Whether the voices of two seeds are one person's; short ones are noisy, so their threshold is lower."""
    trust = np.prod([np.sqrt(s / (s + SPLIT_NOISE)) for s in (seconds_of(pieces, one), seconds_of(pieces, other))])
    return float(centroid_of(pieces, one) @ centroid_of(pieces, other)) >= SAME_PERSON * float(trust)


def _in_parts(diarization: Diarization, label: str, mine: Indices, seeds: Sequence[Indices]) -> Diarization:
    """Split the cluster into one for each seed; the first keeps the label."""
    pieces = diarization.pieces
    assert pieces is not None
    centroids = np.stack([centroid_of(pieces, seed) for seed in seeds])
    for _ in range(SPLIT_ROUNDS):
        # Seeds are reassigned, too: a listener's mouth may move while the speaker is out of sight.
        nearest = (pieces.vectors[mine] @ centroids.T).argmax(axis=1)
        parts = [mine[nearest == k] for k in range(len(seeds))]
        centroids = np.stack([centroid_of(pieces, part) if len(part) else centroids[k] for k, part in enumerate(parts)])
    return relabelled(diarization, label, mine, nearest, centroids)


def relabelled(
    diarization: Diarization, label: str, mine: Indices, voices: Indices, centroids: FloatArray
) -> Diarization:
    """Split a cluster into one for each of its voices; the first keeps the label, the others get the next ones.

    Args:
        diarization: of pieces.
        label: of the cluster.
        mine: ``[N]`` its pieces.
        voices: ``[N]`` the voice ``0..K-1`` of each.
        centroids: ``[K, D]`` unit embedding of each voice.
    """
    pieces = diarization.pieces
    assert pieces is not None
    turns = [turn for turn in diarization.turns if turn.person == label]
    highest = max(int(name.removeprefix("S")) for name in diarization.embeddings if name.removeprefix("S").isdigit())
    labels = [label, *(f"S{highest + k}" for k in range(1, len(centroids)))]
    order = np.argsort(pieces.spans[mine].mean(axis=1), kind="stable")
    spans, voices = pieces.spans[mine][order], voices[order]
    parted = [part for turn in turns for part in _parts(turn, spans, voices, labels)]
    rest = [turn for turn in diarization.turns if turn.person != label]
    # Which of them may have spoken where their voice was not heard is unknown: all may have.
    possible = [
        turn.model_copy(update={"person": part})
        for turn in diarization.possible
        for part in (labels if turn.person == label else [turn.person])
    ]
    return replace(
        diarization,
        turns=sorted([*rest, *parted], key=lambda t: (t.start, t.end, t.person)),
        embeddings={**diarization.embeddings, **dict(zip(labels, centroids, strict=True))},
        possible=tuple(possible),
    )


def _parts(turn: Turn, spans: npt.NDArray[np.float64], voices: Indices, labels: Sequence[str]) -> list[Turn]:
    """Cut a turn where its pieces (``[N, 2]``, in order) change voice; without any, use the nearest one's."""
    near = np.flatnonzero((spans[:, 0] < turn.end) & (turn.start < spans[:, 1]))
    if not len(near):
        near = np.array([int(np.abs(spans.mean(axis=1) - (turn.start + turn.end) / 2).argmin())])
    cuts, given = [turn.start], [int(voices[near[0]])]
    for before, after in pairwise(near.tolist()):
        if voices[before] != voices[after]:
            cuts.append(float(np.clip((spans[before, 1] + spans[after, 0]) / 2, cuts[-1], turn.end)))
            given.append(int(voices[after]))
    cuts.append(turn.end)
    return [
        turn.model_copy(update={"start": round(a, 3), "end": round(b, 3), "person": labels[k]})
        for (a, b), k in zip(pairwise(cuts), given, strict=True)
        if b > a
    ]
