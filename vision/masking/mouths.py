"""Which mouths to cover when: lips could reveal a word that nobody may hear."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from timeline import FaceTrack, Segment
from vision.geometry import Floats, hull
from vision.masking.settings import COVERED_AROUND, MOUTH_AROUND, MOUTH_MOVES

TOP, BOTTOM, SIDE = 0.5, 1.15, 0.12
"""The lower face, from half the face's height to below the chin, with a margin on both sides in face widths.

The mouth of a head that tilts or turns lies inside, too.
"""
_BUCKET = 2.0


class MouthPlan:
    """The mouths to cover, from face tracks and the spans in which lips must not be readable.

    Args:
        tracks: all faces. A face that is masked at that time needs nothing more.
        spans: ``(span, tracks)``: when (s), and the ids of the speaker's faces; empty if the speaker is unknown.

    If none of the speaker's faces is in the picture, all shown faces are covered. Faces with moving lips are always
    covered, whoever is believed to speak.
    """

    def __init__(self, tracks: Sequence[FaceTrack], spans: Sequence[tuple[Segment, Collection[str]]]) -> None:
        self._tracks = [track for track in tracks if len(track.times)]
        self._near: dict[
            int, list[tuple[Segment, frozenset[str]]]
        ] = {}  # by time: a frame of a long meeting costs the same
        for span, ids in spans:
            for bucket in range(int(span.start // _BUCKET), int(span.end // _BUCKET) + 1):
                self._near.setdefault(bucket, []).append((span, frozenset(ids)))

    def boxes(self, t: float) -> Floats:
        """The regions to cover at ``t`` (s): ``[K, 4]`` px x, y, w, h; they may reach beyond the picture."""
        active = [ids for span, ids in self._near.get(int(t // _BUCKET), ()) if span.start <= t < span.end]
        if not active:
            return np.zeros((0, 4), np.float32)
        here = [(track, rows) for track in self._tracks if len(rows := _rows(track, t))]
        out = [
            hull(_mouths(track.boxes[rows]))
            for track, rows in here
            if _shown(track, rows) and any(_concerns(track, t, ids, [h.id for h, _ in here]) for ids in active)
        ]
        return np.asarray(out, np.float32).reshape(-1, 4)


def _concerns(track: FaceTrack, t: float, ids: frozenset[str], here: Sequence[str]) -> bool:
    return track.id in ids or not ids.intersection(here) or _moves(track, t)


def _rows(track: FaceTrack, t: float) -> npt.NDArray[np.int64]:
    """Rows near ``t``, with those just before and after it; empty if the face is not in the picture."""
    if not track.start - COVERED_AROUND <= t <= track.end + COVERED_AROUND:
        return np.zeros(0, np.int64)
    at = int(np.searchsorted(track.times, t))
    low, high = np.searchsorted(track.times, [t - COVERED_AROUND, t + COVERED_AROUND])
    return np.arange(max(0, min(int(low), at - 1)), min(len(track.times), max(int(high), at + 1)))


def _shown(track: FaceTrack, rows: npt.NDArray[np.int64]) -> bool:
    return len(track.shown) > 0 and bool(track.shown[rows].any())


def _moves(track: FaceTrack, t: float) -> bool:
    low, high = np.searchsorted(track.speaking_times, [t - MOUTH_AROUND, t + MOUTH_AROUND])
    return bool((track.speaking[low:high] >= MOUTH_MOVES).any())


def _mouths(faces: Floats) -> Floats:
    x, y, w, h = np.asarray(faces, np.float32).T
    return np.stack([x - SIDE * w, y + TOP * h, (1 + 2 * SIDE) * w, (BOTTOM - TOP) * h], axis=1)
