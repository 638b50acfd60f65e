"""How steadily faces are tracked: ``python -m evaluation.runs.face_tracking [MEETING ...] --keep FOLDER``.

Two measures over the composed meetings, whose truth has everybody's place in every frame: *switches*, how often the
track of a person changes while the person stays in the picture or comes back (Bernardin and Stiefelhagen, 2008), and
*IDF1*, the share of frames given to the right identity under the best assignment of identities to people (Ristani et
al., 2016). Both for the tracks themselves, where a person who comes back has a new one, and for tracks joined by
appearance, as in the timeline. A box belongs to the person whose place is nearest to its middle.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from diarization import DiarizationSettings
from diarization.fusion import faces
from evaluation.data.composed import MEETINGS, Composed, load
from evaluation.data.face_scan_cache import cached_scan, enrol_everyone, gallery_of
from evaluation.runs.shown_strangers import chosen, whose
from timeline import FaceTrack
from vision import calibrated
from vision.offline import identify_faces
from vision.recognition import EnrolledFaces
from weights import Store


@dataclass(frozen=True, slots=True)
class Following:
    """``switches``, ``idf1`` 0..1, number of ``identities`` used, and of ``frames`` of faces in the truth."""

    switches: int
    idf1: float
    identities: int
    frames: int

    def __str__(self) -> str:
        return f"{self.switches} switches, IDF1 {self.idf1:.3f}, {self.identities} identities"


def following(meeting: Composed, tracks: Sequence[FaceTrack], identity: Mapping[str, str] | None = None) -> Following:
    """Score ``tracks`` of ``meeting``; ``identity`` maps a track's id to an identity, by default itself."""
    names = {track.id: (identity or {}).get(track.id, track.id) for track in tracks}
    order = sorted(set(names.values()))
    given: dict[str, dict[int, str]] = {person: {} for person in meeting.people}
    hits = np.zeros((len(meeting.people), len(order)), np.int64)
    boxes = 0
    for track in sorted(tracks, key=lambda t: -len(t.times)):
        rows = np.round(track.times * meeting.fps).astype(int)
        boxes += len(rows)
        for row, owner in zip(rows.tolist(), whose(track, meeting).tolist(), strict=True):
            # of two boxes on one face the longer track's counts, and the other is a false one
            if owner >= 0 and given[meeting.people[owner]].setdefault(row, names[track.id]) == names[track.id]:
                hits[owner, order.index(names[track.id])] += 1
    switches = sum(_switches(frames) for frames in given.values())
    truth = int(sum((~np.isnan(tile[:, 0])).sum() for tile in meeting.tiles.values()))
    right = int(hits[linear_sum_assignment(-hits)].sum())
    return Following(switches, 2 * right / max(1, truth + boxes), len(order), truth)


def _switches(frames: Mapping[int, str]) -> int:
    order = [frames[row] for row in sorted(frames)]
    return sum(a != b for a, b in pairwise(order))


def joined(tracks: Sequence[FaceTrack]) -> dict[str, str]:
    """Track id -> the face it is joined to by appearance."""
    groups = faces(tracks, DiarizationSettings().fusion)
    return {track.id: f"f{i}" for i, face in enumerate(groups) for track in face.tracks}


def measured(meeting: Composed, tracks: Sequence[FaceTrack]) -> dict[str, Following]:
    """The tracks as they are, and the faces they are joined to."""
    return {"tracks": following(meeting, tracks), "faces": following(meeting, tracks, joined(tracks))}


def main() -> None:
    """Print both for every meeting."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("meetings", nargs="*", help="of: " + " ".join(MEETINGS))
    parser.add_argument("--keep", type=Path, help="folder in which passes are kept")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="e.g. track.lost=2")
    options = parser.parse_args()
    store = Store()
    settings = calibrated(store, chosen(options.set))
    known = enrol_everyone(store, settings)
    for name in options.meetings or MEETINGS:
        meeting = load(name)
        seen = cached_scan(meeting, store, settings, known, options.keep)
        people = meeting.registered()
        tracks = identify_faces(
            seen, EnrolledFaces.of(gallery_of(known, people)), dict.fromkeys(people, True), settings
        )
        for what, result in measured(meeting, tracks).items():
            print(f"{name}, {what}: {result}; {len(meeting.people)} people, {result.frames} face frames", flush=True)


if __name__ == "__main__":
    main()
