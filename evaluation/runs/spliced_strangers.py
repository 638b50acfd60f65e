"""A stranger takes an enrolled person's place unnoticed: ``python -m evaluation.runs.spliced_strangers --keep FOLDER``.

This is the worst case for the rules that let one part of a track vouch for another: the tracker notices neither a cut
nor a crossing nor a gap, and only the crops can reveal it. Crops of one person are put into the track of another, who
is enrolled alone or with everybody but the stranger: at the beginning, in the middle and at the end, for one, three or
six crops. It counts the stranger's frames that are shown, and the splices with any such frame.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from evaluation.data.composed import MEETINGS, Composed, load
from evaluation.data.face_scan_cache import cached_scan, enrol_everyone, gallery_of
from evaluation.metrics.intervals import wilson
from evaluation.runs.shown_strangers import chosen, whose
from registered import Gallery
from timeline import FaceTrack
from vision import VisionSettings, calibrated
from vision.offline import ScanResult, associate
from vision.recognition import EnrolledFaces
from vision.tracking import Tracklet, tracklet_segments
from weights import Store

LENGTHS = (1, 3, 6)
PLACES = ("beginning", "middle", "end")


@dataclass
class Count:
    """Counts for one length and place: splices, splices in which the stranger was shown, and frames."""

    splices: int = 0
    failed: int = 0
    frames: int = 0
    shown: int = 0
    where: list[str] = field(default_factory=list)


def owned(meeting: Composed, seen: ScanResult) -> Iterator[tuple[str, Tracklet]]:
    """Tracks of at least 18 crops that belong to one person throughout, and that person."""
    for record in seen.records:
        if len(record.crop_times) < 3 * max(LENGTHS):
            continue
        owners = whose(FaceTrack("", np.asarray(record.times), np.stack(record.boxes)), meeting)
        if owners[0] >= 0 and (owners == owners[0]).all() and not any(record.crossing):
            yield meeting.people[owners[0]], record


def pieces(meeting: Composed, seen: ScanResult, length: int, every: int = 12) -> Iterator[tuple[str, Tracklet, int]]:
    """Starts of runs of ``length`` crops of one person in the tracks, every few crops."""
    for person, record in owned(meeting, seen):
        for start in range(0, len(record.crop_times) - length + 1, every):
            yield person, record, start


def spliced(host: Tracklet, guest: Tracklet, start: int, length: int, place: str) -> tuple[Tracklet, float, float]:
    """``host`` with crops of ``guest``, and the times of the first and last of these."""
    crops = len(host.crop_times)
    at = {"beginning": 0, "middle": (crops - length) // 2, "end": crops - length}[place]
    embeddings, quality = list(host.embeddings), list(host.quality)
    embeddings[at : at + length] = guest.embeddings[start : start + length]
    quality[at : at + length] = guest.quality[start : start + length]
    made = replace(host, embeddings=embeddings, quality=quality)
    return made, host.crop_times[at], host.crop_times[at + length - 1]


def recognised(host: Tracklet, person: str, known: EnrolledFaces, settings: VisionSettings) -> bool:
    """Whether the person is shown in most of the track if nobody is spliced in."""
    tracks = associate([host], np.asarray(host.times), known, {person: True}, settings)
    shown = sum(int(track.shown.sum()) for track in tracks if track.enrolled == person)
    return shown > 0.5 * len(host.times) and len(tracklet_segments(host, 0.5)) < 12


def count(
    hosts: list[tuple[str, Tracklet]],
    guests: list[tuple[str, Tracklet, int]],
    length: int,
    place: str,
    known: Gallery,
    settings: VisionSettings,
) -> Count:
    """Splice every guest into a host of another person, in turn, with the host enrolled alone and with all others."""
    out = Count()
    for turn, (stranger, guest, start) in enumerate(guests):
        others = [(person, host) for person, host in hosts if person != stranger]
        person, host = others[turn % len(others)]
        made, first, last = spliced(host, guest, start, length, place)
        times = np.asarray(made.times)
        for enrolled in ((person,), tuple(p for p in known.ids if p != stranger)):
            agreed = dict.fromkeys(enrolled, True)
            shown = 0
            for track in associate([made], times, EnrolledFaces.of(gallery_of(known, enrolled)), agreed, settings):
                inside = (track.times >= first - 1e-6) & (track.times <= last + 1e-6)
                shown += int((track.shown & inside).sum())
            out.splices += 1
            out.failed += shown > 0
            out.frames += int(((times >= first - 1e-6) & (times <= last + 1e-6)).sum())
            out.shown += shown
            if shown:
                out.where.append(f"{stranger} in {person}'s at {first:.2f}")
    return out


def main() -> None:
    """Print a line for every length and place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("meetings", nargs="*", help="of: " + " ".join(MEETINGS))
    parser.add_argument("--keep", type=Path, help="folder in which passes are kept")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="e.g. recognise.slack=0")
    options = parser.parse_args()
    store = Store()
    settings = calibrated(store, chosen(options.set))
    known = enrol_everyone(store, settings)
    passes = [
        (meeting, cached_scan(meeting, store, settings, known, options.keep))
        for meeting in map(load, options.meetings or MEETINGS)
    ]
    every = [pair for meeting, seen in passes for pair in owned(meeting, seen)]
    hosts = [(p, r) for p, r in every if recognised(r, p, EnrolledFaces.of(gallery_of(known, (p,))), settings)]
    total = Count()
    for length in LENGTHS:
        guests = [piece for meeting, seen in passes for piece in pieces(meeting, seen, length)]
        for place in PLACES:
            one = count(hosts, guests, length, place, known, settings)
            low, high = wilson(one.failed, max(1, one.splices))
            print(
                f"{length} crops at the {place}: shown in {one.failed} of {one.splices} splices"
                f" ({low:.2%} to {high:.2%}), {one.shown} of {one.frames} looks",
                flush=True,
            )
            for line in one.where[:3]:
                print("   ", line)
            total.splices, total.failed = total.splices + one.splices, total.failed + one.failed
    print(f"all: {total.failed} of {total.splices} from {len(hosts)} tracks")


if __name__ == "__main__":
    main()
