"""From the sightings of the whole recording to face tracks: who, where in every frame, and when it may be shown.

Looks in both directions of time: gaps are bridged, a face recognised late is shown from its beginning, and one that
stops being the same
person is masked back to the last crop that was certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from timeline import FaceTrack
from vision.geometry import Floats
from vision.offline.suppression import is_weak, suppress
from vision.recognition.decision import EnrolledFaces, Identification, agreed, identify, unit
from vision.recognition.within_recording import WithinRecordingTemplates
from vision.settings import VisionSettings
from vision.tracking.tracklet import Tracklet, TrackletSegment, joined, tracklet_segments

GAP = 0.5
"""Seconds without a sighting after which a face has to be recognised anew."""
UNSEEN = 0.3
"""Seconds from the nearest sighting beyond which no face is shown."""
CROSSING = 0.13
"""Seconds that one agreeing crop can vouch for while another face shares the place: until the next crop."""
BRIDGE = 2.5
"""Seconds between the end of a track and the start of another in its place that are masked as one."""


@dataclass(slots=True, eq=False)
class _Part:
    stretch: TrackletSegment
    verdict: Identification
    follows: _Part | None = None
    chain: int = -1
    firm: bool = False
    """Whether the person was recognised in this part by itself."""


@dataclass(slots=True, eq=False)
class _Chain:
    parts: list[_Part] = field(default_factory=list)
    person: str | None = None
    mean: Floats | None = None


def associate(
    records: Sequence[Tracklet],
    frames: npt.NDArray[np.float64],
    known: EnrolledFaces,
    consent: Mapping[str, bool],
    settings: VisionSettings,
) -> list[FaceTrack]:
    """Face tracks of ``records`` over pictures at ``frames`` ``[F]`` (s, increasing), in order of first sighting."""
    parts: list[_Part] = []
    last: dict[int, _Part] = {}
    recent: dict[int, _Part] = {}
    for record in sorted((r for r in records if r.is_face(settings.detect.birth)), key=lambda r: r.times[0]):
        if record.after_cut is not None:
            before = last.get(record.after_cut)
        else:
            recent = {n: p for n, p in recent.items() if record.times[0] - p.stretch.times[-1] <= BRIDGE}
            before = _bridged(record, recent.values())
        for stretch in tracklet_segments(record, GAP):
            verdict = _judge(stretch, known, settings)
            part = _Part(stretch, verdict, before, firm=verdict.person is not None)
            parts.append(part)
            before = last[record.number] = recent[record.number] = part
    _second_thoughts(parts, known, settings)
    if _recalled(parts, known, settings):
        _second_thoughts(parts, known, settings)
    parts = _mended(parts)
    certain: list[FaceTrack] = []
    doubtful: list[FaceTrack] = []
    for chain in _chains(parts):
        track = _track(chain, frames, consent, settings)
        if track is not None:
            records = [part.stretch.record for part in chain.parts]
            (doubtful if is_weak(records, settings.recognise.quality) else certain).append(track)
    left = [suppress(track, certain) for track in doubtful]
    tracks = sorted([*certain, *(t for t in left if t is not None)], key=lambda t: t.start)
    return [_named(track, f"t{i + 1}") for i, track in enumerate(tracks)]


def _judge(
    stretch: TrackletSegment,
    known: EnrolledFaces,
    settings: VisionSettings,
    again: str | None = None,
    slack: float = 0.0,
) -> Identification:
    rules = settings.recognise
    if slack:
        rules = rules.model_copy(update={"track": rules.track - slack})
    verdict = identify(stretch.embeddings, stretch.quality, known, rules, again, rules.again if again else None)
    if stretch.crossing and again is None:  # only who was recognised just before or after can be
        none = np.zeros(len(stretch.quality), np.bool_)
        return Identification(None, 0.0, None, none, none, "another face was in the same place")
    return verdict


def _second_thoughts(parts: list[_Part], known: EnrolledFaces, settings: VisionSettings) -> None:
    """A short part beside one where the person was recognised needs fewer crops to be accepted as the same one.

    And a part of the same unbroken track need not be quite as like that person.
    """
    near = _beside(parts)
    for order in (parts, parts[::-1]):
        for part in order:
            beside = near.get(id(part), [])
            people = {other.verdict.person for other in beside if other.verdict.person}
            if part.verdict.person is None and len(people) == 1:
                firm = sum(other.firm and other.stretch.record is part.stretch.record for other in beside)
                slack = settings.recognise.slack * min(firm, 2) / 2
                part.verdict = _judge(part.stretch, known, settings, people.pop(), slack)


def _recalled(parts: Sequence[_Part], known: EnrolledFaces, settings: VisionSettings) -> bool:
    """Recognise parts by what people looked like elsewhere in the recording; whether there were any.

    Where another face shares the place, only who was recognised in the same track just before or after can be.
    """
    seen = WithinRecordingTemplates(
        [(p.stretch, p.verdict) for p in parts], [p.firm for p in parts], known, settings.recognise
    )
    found = False
    for part in parts:
        if not part.stretch.crossing and part.verdict.person is None:
            part.verdict = seen.judge(part.stretch, part.verdict)
            found |= part.verdict.person is not None
    near = _beside(parts)
    for order in (parts, parts[::-1]):
        for part in order:
            same = [p for p in near.get(id(part), []) if p.stretch.record is part.stretch.record]
            people = {p.verdict.person for p in same if p.verdict.person}
            if part.verdict.person is None and len(people) == 1:
                again = people.pop()
                part.verdict = seen.judge(part.stretch, _judge(part.stretch, known, settings, again), again)
                found |= part.verdict.person is not None
    return found


def _beside(parts: Sequence[_Part]) -> dict[int, list[_Part]]:
    """By ``id``: the parts just before and after each, in the same track or across a cut."""
    near: dict[int, list[_Part]] = {}
    for part in parts:
        before = part.follows
        while before is not None and _blank(before) and before.stretch.record is part.stretch.record:
            before = before.follows
        if before is not None and not _blank(part):
            near.setdefault(id(before), []).append(part)
            near.setdefault(id(part), []).append(before)
    return near


def _mended(parts: list[_Part]) -> list[_Part]:
    """Parts that were split where the face looked like another, and turned out to be one person on both sides.

    Somebody who turns the head looks unlike before. Each side was recognised by its own crops, so what is between them
    is no more in doubt than between any two crops.
    """
    out: list[_Part] = []
    became: dict[int, _Part] = {}
    for part in parts:
        part.follows = became.get(id(part.follows), part.follows) if part.follows else None
        back = 2 if len(out) > 1 and out[-1].stretch.record is part.stretch.record and _blank(out[-1]) else 1
        pieces = [*out[-back:], part]
        if len(out) >= back and _one_face(pieces):
            del out[len(out) - back + 1 :]
            whole = out[-1]
            became |= {id(piece): whole for piece in pieces[1:]}
            whole.stretch, whole.verdict = joined([p.stretch for p in pieces]), agreed([p.verdict for p in pieces])
        else:
            out.append(part)
    return out


def _blank(part: _Part) -> bool:
    """Whether there is nothing to tell who it is."""
    return part.verdict.mean is None and not part.stretch.crossing


def _one_face(pieces: list[_Part]) -> bool:
    """Whether the first and the last are one person, with no gap or crossing on the way."""
    first, last = pieces[0], pieces[-1]
    if first.verdict.person is None or first.verdict.person != last.verdict.person:
        return False
    if any(p.stretch.record is not first.stretch.record or p.stretch.crossing for p in pieces):
        return False
    return all(b.stretch.times[0] - a.stretch.times[-1] <= GAP for a, b in pairwise(pieces))


def _bridged(record: Tracklet, ended: Iterable[_Part]) -> _Part | None:
    """The part that ended shortly before where ``record`` begins, if there is just one."""
    box, start = record.boxes[0], record.times[0]
    found = []
    for part in ended:
        other = part.stretch.boxes[-1]
        wait = start - part.stretch.times[-1]
        if part.stretch.record.cut or not 0 < wait <= BRIDGE:
            continue
        size = float(np.sqrt(other[2] * other[3]))
        ratio = float(np.sqrt(box[2] * box[3])) / max(size, 1.0)
        away = float(np.linalg.norm((box[:2] + box[2:] / 2) - (other[:2] + other[2:] / 2)))
        if 0.6 < ratio < 1.6 and away < size:
            found.append(part)
    return found[0] if len(found) == 1 else None


def _chains(parts: list[_Part]) -> list[_Chain]:
    """Join parts that follow one another and are the same person: enrolled, or alike and unknown."""
    chains: list[_Chain] = []
    taken: set[int] = set()  # a part may be followed by one only
    for part in parts:
        chain = None
        if part.follows is not None and id(part.follows) not in taken:
            before = chains[part.follows.chain]
            if part.follows is before.parts[-1] and _same(before, part):
                chain = before
                taken.add(id(part.follows))
        if chain is None:
            chain = _Chain()
            chains.append(chain)
            part.chain = len(chains) - 1
        else:
            part.chain = part.follows.chain if part.follows else -1
        chain.parts.append(part)
        chain.person = chain.person or part.verdict.person
        if part.verdict.mean is not None:
            weights = [float(p.stretch.quality.sum()) for p in chain.parts if p.verdict.mean is not None]
            means = [p.verdict.mean for p in chain.parts if p.verdict.mean is not None]
            chain.mean = unit(np.sum([w * m for w, m in zip(weights, means, strict=True)], axis=0))
    return chains


def _same(chain: _Chain, part: _Part) -> bool:
    person = part.verdict.person
    if person is not None or chain.person is not None:
        if person is not None and chain.person is not None:
            return person == chain.person
        short = part.stretch.times[-1] - part.stretch.times[0] < 1.0 or part.stretch.crossing
        alike = chain.mean is None or part.verdict.mean is None or float(chain.mean @ part.verdict.mean) > 0.4
        return alike or (short and part.stretch.record is chain.parts[-1].stretch.record)
    if chain.mean is None or part.verdict.mean is None:
        return True
    return float(chain.mean @ part.verdict.mean) > 0.35


def _track(
    chain: _Chain, frames: npt.NDArray[np.float64], consent: Mapping[str, bool], settings: VisionSettings
) -> FaceTrack | None:
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
    speaking_times, speaking = _speaking(chain)
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
    )


def _shown(part: _Part, rows: npt.NDArray[np.float64], settings: VisionSettings) -> npt.NDArray[np.bool_]:
    """The frames in which this part's face is certain: between crops that agree, near one, and sighted."""
    stretch, verdict = part.stretch, part.verdict
    told = verdict.agrees | verdict.rejects
    times, agrees = stretch.crop_times[told], verdict.agrees[told]
    if not agrees.any():
        return np.zeros(len(rows), np.bool_)
    right = np.searchsorted(times, rows)
    padded = np.concatenate([[True], agrees, [True]])  # before the first and after the last crop the other side decides
    fine = padded[right] & padded[right + 1]
    hold = CROSSING if stretch.crossing else settings.recognise.hold
    near = np.abs(rows - _nearest(times[agrees], rows)) <= hold
    sighted = np.abs(rows - _nearest(stretch.times, rows)) <= UNSEEN
    inside = (rows >= stretch.times[0] - 1e-6) & (rows <= stretch.times[-1] + 1e-6)
    return np.asarray(fine & near & sighted & inside, np.bool_)


def _between(one: _Part, two: _Part, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """The frames between two looks at one track, where another face comes into or leaves its place.

    The face is certain if both looks found it and both had a crop that agrees.
    """
    end, start = float(one.stretch.times[-1]), float(two.stretch.times[0])
    sure = one.stretch.record is two.stretch.record and start - end <= CROSSING
    for part, t in ((one, end), (two, start)):
        sure = sure and bool((np.abs(part.stretch.crop_times[part.verdict.agrees] - t) < 1e-6).any())
    return np.asarray((rows > end) & (rows < start) & sure, np.bool_)


def _nearest(times: npt.NDArray[np.float64], rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    right = np.clip(np.searchsorted(times, rows), 0, len(times) - 1)
    left = np.clip(right - 1, 0, len(times) - 1)
    return np.where(np.abs(times[left] - rows) <= np.abs(times[right] - rows), times[left], times[right])


def _speaking(chain: _Chain) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    times, values = [np.zeros(0)], [np.zeros(0)]
    for part, following in zip(chain.parts, [*chain.parts[1:], None], strict=True):
        record = part.stretch.record
        low, high = part.stretch.times[0] - 0.06, part.stretch.times[-1] + 0.06
        if following is not None:
            high = following.stretch.times[0] if following.stretch.record is record else high
        inside = (record.speaking_times >= low) & (record.speaking_times < high)
        times.append(record.speaking_times[inside])
        values.append(record.speaking[inside])
    joined = np.concatenate(times)
    unique, index = np.unique(joined, return_index=True)
    return unique, np.concatenate(values)[index]


def _named(track: FaceTrack, id: str) -> FaceTrack:
    return FaceTrack(
        id,
        track.times,
        track.boxes,
        track.enrolled,
        track.shown,
        track.similarity,
        track.embedding,
        track.speaking_times,
        track.speaking,
        track.reason,
    )
