"""What a detector takes for a second face inside one that it sees well: half of the face, the chin, an ear.

It is small beside the face, lies within it, stays where it is on it, the face itself is seen as well as ever, and what
can be recognised of it is the face itself. Somebody who really is in front hides a part of the face behind, which then
scores lower or is lost, and looks like nobody or somebody else. Geometry alone is not enough: of 770 faces of somebody
else pasted onto a face, two small, dark ones passed by it. What is in doubt stays a face of its own, and masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from vision.geometry import Floats
from vision.offline.settings import FALSE_FACE_ALIKE, FALSE_FACE_GOOD, FALSE_FACE_NEAR
from vision.recognition.identification import unit
from vision.settings import FALSE_FACE_SECONDS, FALSE_FACE_SIDE, FALSE_FACE_SWAY, FALSE_FACE_WITHIN, SEEN_WELL
from vision.tracking.tracklet import Tracklet


def without_false_faces(records: Sequence[Tracklet]) -> list[Tracklet]:
    """``records`` without those that are a part of another one's face; where only these crossed a face, nothing did."""
    hosts = {id(record): host for record in records if (host := _host(record, records)) is not None}
    left = [record for record in records if id(record) not in hosts]
    parts: dict[int, list[Tracklet]] = {}
    for record in records:
        if id(record) in hosts:
            parts.setdefault(id(hosts[id(record)]), []).append(record)
    return [_cleared(r, parts[id(r)], [o for o in left if o is not r]) if id(r) in parts else r for r in left]


def _host(part: Tracklet, records: Sequence[Tracklet]) -> Tracklet | None:
    """The face that ``part`` is a part of, or None."""
    if part.times[-1] - part.times[0] > FALSE_FACE_SECONDS:
        return None
    hosts = [record for record in records if record is not part and _inside(part, record)]
    return hosts[0] if len(hosts) == 1 and _is_of(part, hosts[0]) else None


def _inside(part: Tracklet, face: Tracklet) -> bool:
    if face.times[0] > part.times[0] or face.times[-1] < part.times[-1] or len(face.times) < 2 * len(part.times):
        return False
    times, scores = np.asarray(face.times), np.asarray(face.scores)
    at = np.abs(times[:, None] - np.asarray(part.times)).argmin(axis=0)
    seen_well = (scores[at] >= SEEN_WELL) & (scores[at] >= np.asarray(part.scores))
    if not (np.abs(times[at] - part.times) <= FALSE_FACE_NEAR).all() or not seen_well.all():
        return False
    one, other = np.stack(part.boxes), _boxes(face, np.asarray(part.times))
    low, high = np.maximum(one[:, :2], other[:, :2]), np.minimum(one[:, :2] + one[:, 2:], other[:, :2] + other[:, 2:])
    within = np.maximum(high - low, 0).prod(axis=1) / np.maximum(one[:, 2:].prod(axis=1), 1e-6)
    side = np.sqrt(one[:, 2:].prod(axis=1) / np.maximum(other[:, 2:].prod(axis=1), 1e-6))
    place = (one[:, :2] + one[:, 2:] / 2 - other[:, :2]) / np.maximum(other[:, 2:], 1e-6)
    steady = (place.std(axis=0) <= FALSE_FACE_SWAY).all()
    return bool((within >= FALSE_FACE_WITHIN).all() and (side <= FALSE_FACE_SIDE).all() and steady)


def _boxes(record: Tracklet, times: npt.NDArray[np.float64]) -> Floats:
    rows = np.stack(record.boxes)
    return np.stack([np.interp(times, record.times, rows[:, i]) for i in range(4)], axis=1).astype(np.float32)


def _is_of(part: Tracklet, face: Tracklet) -> bool:
    """Whether the crops of ``part`` that are good enough to tell, and there are some, all look like the ``face``."""
    crops = [e for e, q in zip(part.embeddings, part.quality, strict=True) if q >= FALSE_FACE_GOOD]
    own = _mean(face)
    return (
        bool(crops) and own is not None and bool((np.stack(crops).astype(np.float32) @ own >= FALSE_FACE_ALIKE).all())
    )


def _mean(record: Tracklet) -> Floats | None:
    """Unit mean of the good crops; None without any."""
    good = [e for e, q in zip(record.embeddings, record.quality, strict=True) if q >= FALSE_FACE_GOOD]
    return unit(np.sum(np.stack(good).astype(np.float32), axis=0)) if good else None


def _cleared(face: Tracklet, parts: Sequence[Tracklet], others: Sequence[Tracklet]) -> Tracklet:
    """``face`` where its ``parts`` crossed it, unless any of the ``others`` was near."""
    crossing = list(face.crossing)
    for i, t in enumerate(face.times):
        if crossing[i] and any(
            p.times[0] - 2 * FALSE_FACE_NEAR <= t <= p.times[-1] + 2 * FALSE_FACE_NEAR for p in parts
        ):
            crossing[i] = any(_near(face.boxes[i], other, t) for other in others)
    return replace(face, crossing=crossing)


def _near(box: Floats, other: Tracklet, t: float) -> bool:
    if not other.times[0] - 1.0 <= t <= other.times[-1] + 1.0:
        return False
    theirs = _boxes(other, np.array([t]))[0]
    return bool((np.maximum(box[:2], theirs[:2]) < np.minimum(box[:2] + box[2:], theirs[:2] + theirs[2:])).all())
