"""From a chain of segments to a face track: where the face is in every frame, and in which frames it may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from timeline import FaceTrack
from vision.offline.segment_chains import IdentifiedSegment, TrackChain
from vision.settings import CROSSING_REACH, SHOWN_REACH, VisionSettings


def face_track(
    chain: TrackChain, frames: npt.NDArray[np.float64], consent: Mapping[str, bool], settings: VisionSettings
) -> FaceTrack | None:
    """The track of ``chain`` over pictures at ``frames`` ``[F]`` (s); None if there is no picture in its time.

    ``consent``: enrolled id -> has agreed to be seen (missing means no).
    """
    times = np.concatenate([p.stretch.times for p in chain.parts])
    boxes = np.concatenate([p.stretch.boxes for p in chain.parts])
    rows = frames[np.searchsorted(frames, times[0] - 1e-6) : np.searchsorted(frames, times[-1] + 1e-6)]
    if not len(rows):
        return None
    boxed = np.stack([np.interp(rows, times, boxes[:, i]) for i in range(4)], axis=1).astype(np.float32)
    shown = np.zeros(len(rows), np.bool_)
    reason = chain.parts[0].verdict.reason
    similarity = 0.0
    if chain.person is not None:
        own = [p for p in chain.parts if p.verdict.person == chain.person]
        best = max(own, key=lambda p: p.verdict.similarity)
        similarity, reason = best.verdict.similarity, best.verdict.reason
        if consent.get(chain.person, False):
            for part in own:
                shown |= _shown(part, rows, settings)
            for one, two in pairwise(own):
                shown |= _between(one, two, rows)
        else:
            reason += ", who has not agreed to be seen"
    speaking_times, speaking, synchrony = _speaking(chain)
    return FaceTrack(
        id="",
        times=rows,
        boxes=boxed,
        enrolled=chain.person,
        shown=shown,
        similarity=similarity,
        embedding=chain.mean,
        speaking_times=speaking_times,
        speaking=speaking,
        reason=reason,
        synchrony=synchrony,
    )


def _shown(part: IdentifiedSegment, rows: npt.NDArray[np.float64], settings: VisionSettings) -> npt.NDArray[np.bool_]:
    """The frames in which this part's face is certain: between agreeing crops, near one of them, and sighted."""
    stretch, verdict = part.stretch, part.verdict
    told = verdict.agrees | verdict.rejects
    times, agrees = stretch.crop_times[told], verdict.agrees[told]
    if not agrees.any():
        return np.zeros(len(rows), np.bool_)
    right = np.searchsorted(times, rows)
    # before the first and after the last crop, the other side decides
    padded = np.concatenate([[True], agrees, [True]])
    fine = padded[right] & padded[right + 1]
    hold = CROSSING_REACH if stretch.crossing else settings.recognise.hold
    near = np.abs(rows - _nearest(times[agrees], rows)) <= hold
    sighted = np.abs(rows - _nearest(stretch.times, rows)) <= SHOWN_REACH
    inside = (rows >= stretch.times[0] - 1e-6) & (rows <= stretch.times[-1] + 1e-6)
    return np.asarray(fine & near & sighted & inside, np.bool_)


def _between(one: IdentifiedSegment, two: IdentifiedSegment, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """The frames between two searches of one track, where another face enters or leaves its place.

    The face is certain if both searches found it and both had an agreeing crop.
    """
    end, start = float(one.stretch.times[-1]), float(two.stretch.times[0])
    sure = one.stretch.record is two.stretch.record and start - end <= CROSSING_REACH
    for part, t in ((one, end), (two, start)):
        sure = sure and bool((np.abs(part.stretch.crop_times[part.verdict.agrees] - t) < 1e-6).any())
    return np.asarray((rows > end) & (rows < start) & sure, np.bool_)


def _nearest(times: npt.NDArray[np.float64], rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    right = np.clip(np.searchsorted(times, rows), 0, len(times) - 1)
    left = np.clip(right - 1, 0, len(times) - 1)
    return np.where(np.abs(times[left] - rows) <= np.abs(times[right] - rows), times[left], times[right])


def _speaking(
    chain: TrackChain,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Times, speaking scores and synchrony, each ``[M]``."""
    rows = [np.zeros((0, 3))]
    for part, following in zip(chain.parts, [*chain.parts[1:], None], strict=True):
        record = part.stretch.record
        low, high = part.stretch.times[0] - 0.06, part.stretch.times[-1] + 0.06
        if following is not None:
            high = following.stretch.times[0] if following.stretch.record is record else high
        inside = (record.speaking_times >= low) & (record.speaking_times < high)
        synchrony = record.synchrony if len(record.synchrony) else np.zeros(len(record.speaking))
        rows.append(np.stack([record.speaking_times, record.speaking, synchrony], axis=1)[inside])
    joined = np.concatenate(rows)
    _, index = np.unique(joined[:, 0], return_index=True)
    times, values, synchrony = joined[index].T
    return times, values, synchrony
