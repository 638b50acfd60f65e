"""From the sightings of a whole recording to face tracks: who, where in every frame, and when it may be shown.

It looks in both directions of time: gaps are bridged, a face recognised late is shown from its beginning, and one that
stops being the same person is masked back to the last certain crop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from timeline import FaceTrack
from vision.offline.false_faces import without_false_faces
from vision.offline.segment_chains import IdentifiedSegment, TrackChain
from vision.offline.settings import SAME_AS_ENROLLED, SAME_SIZE, SAME_STRANGER
from vision.offline.visibility import face_track
from vision.offline.weak_detections import is_weak, suppress
from vision.recognition.identification import EnrolledFaces, Identification, combine_identifications, identify, unit
from vision.recognition.within_recording import WithinRecordingTemplates
from vision.settings import BRIDGED_GAP, SEGMENT_GAP, VisionSettings
from vision.tracking.tracklet import Tracklet, TrackletSegment, joined, tracklet_segments


def associate(
    records: Sequence[Tracklet],
    frames: npt.NDArray[np.float64],
    known: EnrolledFaces,
    consent: Mapping[str, bool],
    settings: VisionSettings,
) -> list[FaceTrack]:
    """Face tracks of ``records`` over pictures at ``frames`` ``[F]`` (s, increasing), in order of first sighting."""
    parts: list[IdentifiedSegment] = []
    last: dict[int, IdentifiedSegment] = {}
    recent: dict[int, IdentifiedSegment] = {}
    faces = without_false_faces([record for record in records if record.is_face(settings.detect.birth)])
    for record in sorted(faces, key=lambda r: r.times[0]):
        if record.after_cut is not None:
            before = last.get(record.after_cut)
        else:
            recent = {n: p for n, p in recent.items() if record.times[0] - p.stretch.times[-1] <= BRIDGED_GAP}
            before = _part_before_gap(record, recent.values())
        for stretch in tracklet_segments(record, SEGMENT_GAP):
            verdict = _judge(stretch, known, settings)
            part = IdentifiedSegment(stretch, verdict, before, firm=verdict.person is not None)
            parts.append(part)
            before = last[record.number] = recent[record.number] = part
    _accept_neighbours(parts, known, settings)
    if _recognise_by_own_templates(parts, known, settings):
        _accept_neighbours(parts, known, settings)
    parts = _rejoin_split_parts(parts)
    certain: list[FaceTrack] = []
    doubtful: list[FaceTrack] = []
    for chain in _chains(parts):
        track = face_track(chain, frames, consent, settings)
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
    if stretch.crossing and again is None:  # only somebody recognised just before or after can be
        none = np.zeros(len(stretch.quality), np.bool_)
        return Identification(None, 0.0, None, none, none, "another face was in the same place")
    return verdict


def _accept_neighbours(parts: list[IdentifiedSegment], known: EnrolledFaces, settings: VisionSettings) -> None:
    """Accept a part beside one where the person was recognised with fewer crops as the same person.

    A part of the same unbroken track may also be slightly less similar to that person.
    """
    near = _neighbours(parts)
    for order in (parts, parts[::-1]):
        for part in order:
            beside = near.get(id(part), [])
            people = {other.verdict.person for other in beside if other.verdict.person}
            if part.verdict.person is None and len(people) == 1:
                firm = sum(other.firm and other.stretch.record is part.stretch.record for other in beside)
                slack = settings.recognise.slack * min(firm, 2) / 2
                part.verdict = _judge(part.stretch, known, settings, people.pop(), slack)


def _recognise_by_own_templates(
    parts: Sequence[IdentifiedSegment], known: EnrolledFaces, settings: VisionSettings
) -> bool:
    """Recognise parts by what people look like elsewhere in the recording; return whether any was recognised.

    Where another face shares the place, only somebody recognised in the same track just before or after is considered.
    """
    seen = WithinRecordingTemplates(
        [(p.stretch, p.verdict) for p in parts], [p.firm for p in parts], known, settings.recognise
    )
    found = False
    for part in parts:
        if not part.stretch.crossing and part.verdict.person is None:
            part.verdict = seen.judge(part.stretch, part.verdict)
            found |= part.verdict.person is not None
    near = _neighbours(parts)
    for order in (parts, parts[::-1]):
        for part in order:
            same = [p for p in near.get(id(part), []) if p.stretch.record is part.stretch.record]
            people = {p.verdict.person for p in same if p.verdict.person}
            if part.verdict.person is None and len(people) == 1:
                again = people.pop()
                part.verdict = seen.judge(part.stretch, _judge(part.stretch, known, settings, again), again)
                found |= part.verdict.person is not None
    return found


def _neighbours(parts: Sequence[IdentifiedSegment]) -> dict[int, list[IdentifiedSegment]]:
    """Map ``id(part)`` to the parts just before and after it, in the same track or across a cut."""
    near: dict[int, list[IdentifiedSegment]] = {}
    for part in parts:
        before = part.follows
        while before is not None and _is_unidentified(before) and before.stretch.record is part.stretch.record:
            before = before.follows
        if before is not None and not _is_unidentified(part):
            near.setdefault(id(before), []).append(part)
            near.setdefault(id(part), []).append(before)
    return near


def _rejoin_split_parts(parts: list[IdentifiedSegment]) -> list[IdentifiedSegment]:
    """Rejoin parts that were split because the face looked different, if both sides turned out to be the same person.

    People who turn their heads look different. Each side was recognised by its own crops, so the time between them is
    no more in doubt than between any two crops.
    """
    out: list[IdentifiedSegment] = []
    became: dict[int, IdentifiedSegment] = {}
    for part in parts:
        part.follows = became.get(id(part.follows), part.follows) if part.follows else None
        back = 2 if len(out) > 1 and out[-1].stretch.record is part.stretch.record and _is_unidentified(out[-1]) else 1
        pieces = [*out[-back:], part]
        if len(out) >= back and _one_face(pieces):
            del out[len(out) - back + 1 :]
            whole = out[-1]
            became |= {id(piece): whole for piece in pieces[1:]}
            whole.stretch, whole.verdict = (
                joined([p.stretch for p in pieces]),
                combine_identifications([p.verdict for p in pieces]),
            )
        else:
            out.append(part)
    return out


def _is_unidentified(part: IdentifiedSegment) -> bool:
    """Whether nothing tells who it is."""
    return part.verdict.mean is None and not part.stretch.crossing


def _one_face(pieces: list[IdentifiedSegment]) -> bool:
    """Whether the first and the last are the same person, with no gap or crossing in between."""
    first, last = pieces[0], pieces[-1]
    if first.verdict.person is None or first.verdict.person != last.verdict.person:
        return False
    if any(p.stretch.record is not first.stretch.record or p.stretch.crossing for p in pieces):
        return False
    return all(b.stretch.times[0] - a.stretch.times[-1] <= SEGMENT_GAP for a, b in pairwise(pieces))


def _part_before_gap(record: Tracklet, ended: Iterable[IdentifiedSegment]) -> IdentifiedSegment | None:
    """The part that ended shortly before, where ``record`` begins, if there is exactly one."""
    box, start = record.boxes[0], record.times[0]
    found = []
    for part in ended:
        other = part.stretch.boxes[-1]
        wait = start - part.stretch.times[-1]
        if part.stretch.record.cut or not 0 < wait <= BRIDGED_GAP:
            continue
        size = float(np.sqrt(other[2] * other[3]))
        ratio = float(np.sqrt(box[2] * box[3])) / max(size, 1.0)
        away = float(np.linalg.norm((box[:2] + box[2:] / 2) - (other[:2] + other[2:] / 2)))
        if SAME_SIZE[0] < ratio < SAME_SIZE[1] and away < size:
            found.append(part)
    return found[0] if len(found) == 1 else None


def _chains(parts: list[IdentifiedSegment]) -> list[TrackChain]:
    """Join parts that follow one another and are the same person: enrolled, or unknown and similar."""
    chains: list[TrackChain] = []
    taken: set[int] = set()  # only one part may follow a part
    for part in parts:
        chain = None
        if part.follows is not None and id(part.follows) not in taken:
            before = chains[part.follows.chain]
            if part.follows is before.parts[-1] and _same(before, part):
                chain = before
                taken.add(id(part.follows))
        if chain is None:
            chain = TrackChain()
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


def _same(chain: TrackChain, part: IdentifiedSegment) -> bool:
    person = part.verdict.person
    if person is not None or chain.person is not None:
        if person is not None and chain.person is not None:
            return person == chain.person
        short = part.stretch.times[-1] - part.stretch.times[0] < 1.0 or part.stretch.crossing
        return _alike(chain, part, SAME_AS_ENROLLED) or (
            short and part.stretch.record is chain.parts[-1].stretch.record
        )
    return _alike(chain, part, SAME_STRANGER)


def _alike(chain: TrackChain, part: IdentifiedSegment, least: float) -> bool:
    """Whether the appearance is that of the chain so far, or nothing tells."""
    if chain.mean is None or part.verdict.mean is None:
        return True
    return float(chain.mean @ part.verdict.mean) > least


def _named(track: FaceTrack, id: str) -> FaceTrack:
    return replace(track, id=id)
