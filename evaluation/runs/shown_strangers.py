"""Is a stranger ever shown, whoever is enrolled? ``python -m evaluation.runs.shown_strangers [MEETING ...]``.

Every subset of a meeting's people is enrolled with full consent once, with the others as strangers; then again together
with all other people of the media; and once those others alone. The frames are analysed once per meeting
(``--keep FOLDER`` stores that for the next run).

A *trial* is one stranger's part of the recording (a track, to its end or to where it is taken for someone) with one
set of people enrolled. It fails if the face is shown in any frame. The trials of one part are not independent, so the
interval is that of independent ones with each part counted once for every enrolled person. *Wrong*: frames of an
enrolled person shown as another who agreed. *Visible*: frames of an enrolled face (its track's box, or its place in the
truth) of which less than a tenth is masked. *Bare*: frames of a stranger's face of which more than a tenth is not
masked.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evaluation.data.composed import MEETINGS, Composed, load
from evaluation.data.face_scan_cache import cached_scan, enrol_everyone, gallery_of
from evaluation.metrics.intervals import wilson
from registered import Gallery
from timeline import FaceTrack
from vision import Floats, MaskPlan, VisionSettings, calibrated
from vision.offline import ScanResult, identify_faces
from vision.recognition import EnrolledFaces
from weights import Store

STEP = 5
"""Masks are checked in every fifth picture; who is shown is counted in all of them."""


@dataclass
class Tally:
    """Counts over some enrolments; frames are of one face."""

    name: str
    sets: int = 0
    trials: int = 0
    failed: int = 0
    pairs: int = 0
    stranger_frames: int = 0
    shown_frames: int = 0
    bare: int = 0
    wrong: int = 0
    enrolled_looks: int = 0
    visible: int = 0
    by_person: dict[str, list[int]] = field(default_factory=dict)
    where: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Add the counts of ``other``."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for person, (seen, every) in other.by_person.items():
            mine = self.by_person.setdefault(person, [0, 0])
            mine[0], mine[1] = mine[0] + seen, mine[1] + every
        self.where.extend(other.where)

    def line(self) -> str:
        """The counts in one line."""
        low, high = wilson(self.failed, max(1, self.pairs))
        people = ", ".join(f"{p} {a / max(1, n):.1%}" for p, (a, n) in sorted(self.by_person.items()))
        return (
            f"{self.name}: {self.sets} enrolments; strangers shown in {self.failed} of {self.trials} trials"
            f" (95 % interval {low:.2%} to {high:.2%} for {self.pairs} pairs), {self.shown_frames} of"
            f" {self.stranger_frames} frames, bare {self.bare}; shown as another {self.wrong};"
            f" visible {self.visible / max(1, self.enrolled_looks):.2%} ({people})"
        )


COUNTS = (
    "sets",
    "trials",
    "failed",
    "pairs",
    "stranger_frames",
    "shown_frames",
    "bare",
    "wrong",
    "enrolled_looks",
    "visible",
)


def enrolments(people: tuple[str, ...], every: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The sets of people to enrol: the subsets of ``people``, without and with the rest of ``every``."""
    rest = tuple(p for p in every if p not in people)
    for size in range(len(people) + 1):
        for chosen in combinations(people, size):
            if chosen:
                yield chosen
            if rest:
                yield chosen + rest


def whose(track: FaceTrack, meeting: Composed) -> npt.NDArray[np.int64]:
    """``[N]`` index of the person whose face is nearest to each of the track's boxes, -1 if none is near."""
    rows = np.clip(np.round(track.times * meeting.fps).astype(int), 0, None)
    middle = track.boxes[:, :2] + track.boxes[:, 2:] / 2
    away = np.full((len(meeting.people), len(rows)), np.inf)
    for i, person in enumerate(meeting.people):
        tile = meeting.tiles[person][np.minimum(rows, len(meeting.tiles[person]) - 1)]
        apart = np.abs(middle - (tile[:, :2] + tile[:, 2:] / 2)) / tile[:, 2:]
        away[i] = np.where(np.isnan(apart).any(axis=1), np.inf, apart.max(axis=1))
    return np.where(away.min(axis=0) < 0.35, away.argmin(axis=0), -1)


def judge(meeting: Composed, seen: ScanResult, known: Gallery, settings: VisionSettings) -> Tally:
    """Count one enrolment, in which all of ``known`` agree to be seen."""
    tracks = identify_faces(seen, EnrolledFaces.of(known), dict.fromkeys(known.ids, True), settings)
    tally = Tally(meeting.name, sets=1)
    for track in tracks:
        owner = whose(track, meeting)
        shown = track.shown if len(track.shown) else np.zeros(len(owner), np.bool_)
        for i, person in enumerate(meeting.people):
            own = owner == i
            if not own.any():
                continue
            if person in known.ids:
                tally.wrong += int((own & shown).sum()) if track.enrolled != person else 0
                continue
            tally.trials += 1
            tally.pairs += len(known.ids)
            tally.stranger_frames += int(own.sum())
            bad = own & shown
            tally.failed += bool(bad.any())
            tally.shown_frames += int(bad.sum())
            if bad.any():
                at = ", ".join(f"{t:.2f}" for t in track.times[bad][:3])
                tally.where.append(f"{meeting.name}: {person} as {track.enrolled} of {known.ids} at {at}")
    _masks(meeting, tracks, known.ids, settings, tally)
    return tally


def _masks(
    meeting: Composed, tracks: list[FaceTrack], enrolled: tuple[str, ...], settings: VisionSettings, tally: Tally
) -> None:
    plan = MaskPlan(tracks, meeting.size, settings.mask)
    places = {person: meeting.face(person) for person in meeting.people}
    for track in tracks:
        owner, rows = whose(track, meeting), np.round(track.times * meeting.fps).astype(int)
        for i, person in enumerate(meeting.people):
            own = (owner == i) & (rows < len(places[person])) & (track.enrolled == person)
            places[person][rows[own]] = track.boxes[own]
    for index in range(0, max(len(place) for place in places.values()), STEP):
        boxes = plan.boxes(index / meeting.fps)
        for person, place in places.items():
            if index >= len(place) or np.isnan(place[index, 0]):
                continue
            masked = covered(place[index], boxes)
            if person in enrolled:
                tally.enrolled_looks += 1
                tally.visible += masked < 0.1
                count = tally.by_person.setdefault(person, [0, 0])
                count[0], count[1] = count[0] + (masked < 0.1), count[1] + 1
            else:
                tally.bare += masked < 0.9


def covered(face: Floats, boxes: Floats, cells: int = 32) -> float:
    """The share of ``face`` ``[4]`` that the ``boxes`` ``[K, 4]`` cover together, approximately."""
    grid = (np.arange(cells) + 0.5) / cells
    x, y = face[0] + grid * face[2], face[1] + grid * face[3]
    across = (boxes[:, None, 0] <= x) & (x <= boxes[:, None, 0] + boxes[:, None, 2])
    down = (boxes[:, None, 1] <= y) & (y <= boxes[:, None, 1] + boxes[:, None, 3])
    return float((across[:, None, :] & down[:, :, None]).any(axis=0).mean()) if len(boxes) else 0.0


def main() -> None:
    """Print a line for every meeting and one for all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("meetings", nargs="*", help="of: " + " ".join(MEETINGS))
    parser.add_argument("--keep", type=Path, help="folder in which passes are kept")
    parser.add_argument("--photo", type=int, help="enrol everybody from this photo alone, counted from 0")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="e.g. recognise.track=0.4")
    parser.add_argument("--out", type=Path, help="file for the figures, JSON")
    options = parser.parse_args()
    store = Store()
    settings = calibrated(store, chosen(options.set))
    known = enrol_everyone(store, settings, options.photo)
    every = Tally("all")
    rows = []
    for name in options.meetings or MEETINGS:
        meeting = load(name)
        seen = cached_scan(meeting, store, settings, known, options.keep)
        total = Tally(name)
        for some in enrolments(meeting.people, known.ids):
            total.add(judge(meeting, seen, gallery_of(known, some), settings))
        rows.append(total)
        print(total.line(), flush=True)
        for line in total.where[:10]:
            print("   ", line)
        every.add(total)
    print(every.line())
    if options.out:
        options.out.write_text(json.dumps([asdict(row) for row in [*rows, every]], indent=1), encoding="utf-8")


def chosen(pairs: list[str]) -> VisionSettings:
    """The settings with each ``part.key=value`` of ``pairs`` set."""
    values: dict[str, dict[str, str]] = {}
    for pair in pairs:
        key, _, value = pair.partition("=")
        part, _, name = key.partition(".")
        values.setdefault(part, {})[name] = value
    return VisionSettings.model_validate(values)


if __name__ == "__main__":
    main()
