"""Measure the gate on recordings: ``python -m evaluation.runs.sharing_recordings RESULTS [--make N]``.

``--make N`` first processes N cuts of eight seconds of the composed meetings into the folder RESULTS, each with its
own registry: every second person agrees to be seen and heard, the others are enrolled and agree to nothing. What is
there already is not made again. Then each result must pass the gate as it is; with a face that is bare for five
pictures, and with three seconds of the own voice of somebody who did not agree, it must be refused at that time.

The command ends with 1 if a clean result is refused or a plant is not found.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from discreet.config import load
from discreet.pipeline import EnrolmentFiles, enroll
from discreet.share import gated
from evaluation.data import composed
from evaluation.data.media import MEDIA
from evaluation.data.planted_recordings import RATE, bare_face, own_voice, sound_of, write_cut
from evaluation.data.processed_meetings import process_meeting
from registered import Answers, Consent, Registry
from sharing import Finding
from weights import Store

CUT_S = 8.0
BARE = 5
VOICE_S = 3.0
NEAR_S = 1.0
"""By how much the time of a finding may differ from that of the plant."""
PLACES = (
    *((MEDIA / "meetings", name) for name in composed.MEETINGS),
    *((MEDIA / "validation", f"val_{name}") for name in ("gallery4", "room3", "hard4", "hard3")),
)


@dataclass(frozen=True)
class Case:
    """One result: where it is, and the cut it was made from."""

    folder: Path
    meeting: composed.Composed
    people: Path
    start: float

    @property
    def original(self) -> Path:
        """The cut."""
        return self.folder / "cut.mp4"

    @property
    def hidden(self) -> Sequence[str]:
        """Who agreed to nothing."""
        return [person for person in self.meeting.people if person not in self.meeting.registered()]


def cases(root: Path, count: int) -> Iterator[Case]:
    """The first ``count`` cuts: of each meeting in turn, then the next part of each."""
    for number in range(count):
        place, name = PLACES[number % len(PLACES)]
        meeting = composed.load(name, place)
        start = 1.0 + 10.0 * (number // len(PLACES))
        yield Case(root / f"{name}-{start:.0f}", meeting, place / "people", start)


def make(case: Case) -> None:
    """Process the cut, unless that was done."""
    if (case.folder / "safe" / "timeline.json").exists():
        return
    shutil.rmtree(case.folder, ignore_errors=True)
    case.folder.mkdir(parents=True)
    write_cut(case.meeting.path, case.original, case.start, CUT_S)
    settings, store = load(), Store()
    registry = Registry.open(case.folder / "registry", "file", settings.registered)
    for person in case.meeting.people:
        all_of_it = person in case.meeting.registered()
        answers = Answers(seen=all_of_it, heard=all_of_it, quoted=True)
        source = case.people / person
        if not source.is_dir():
            continue
        photos = sorted(source.glob("face*.jpg"))
        enroll(
            registry, store, settings, person, EnrolmentFiles(photos, [source / "voice.wav"]), Consent.granting(answers)
        )
    process_meeting(case.original, case.folder / "safe", case.folder / "registry")


def look(case: Case, folder: Path) -> Sequence[Finding]:
    """What the gate finds of faces and voices."""
    settings = load()
    registry = Registry.open(case.folder / "registry", "file", settings.registered)
    found, _ = gated(folder, registry, settings, listen=False)
    return found


def planted_face(case: Case, folder: Path) -> tuple[float, float] | None:
    """Plant a bare face; when it is bare, None where nobody hidden is on camera for long enough."""
    at = round(case.start * case.meeting.fps)
    for person in case.hidden:
        tiles = case.meeting.tiles[person][at : at + round(CUT_S * case.meeting.fps)]
        there = np.asarray(~np.isnan(tiles).any(axis=1))
        for first in range(20, len(there) - BARE - 5):
            if there[first : first + BARE].all():
                bare_face(folder / "safe.mp4", case.original, first, BARE, tiles[first])
                return first / case.meeting.fps, (first + BARE) / case.meeting.fps
    return None


def planted_voice(case: Case, folder: Path) -> tuple[float, float] | None:
    """Plant an own voice; when it is heard, None where nobody hidden speaks for long enough in the whole meeting."""
    for person in case.hidden:
        if not (case.people / person).is_dir():
            continue
        for turn in case.meeting.turns[person]:
            alone = all(
                turn.end <= other.start or turn.start >= other.end
                for who, turns in case.meeting.turns.items()
                if who != person
                for other in turns
            )
            if turn.end - turn.start >= VOICE_S and alone:
                start = round(turn.start * RATE)
                voice = sound_of(case.meeting.path)[start : start + round(VOICE_S * RATE)]
                own_voice(folder / "safe.mp4", voice, 0.5)
                return 0.5, 0.5 + VOICE_S
    return None


def hit(found: Sequence[Finding], kind: str, when: tuple[float, float]) -> bool:
    """Whether a finding of that kind names that time."""
    for finding in found:
        words = finding.place.split()
        if finding.kind == kind and float(words[0]) <= when[1] + NEAR_S and float(words[2]) >= when[0] - NEAR_S:
            return True
    return False


def main() -> int:
    """Print what was found; 1 if a mark is not met."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.runs.sharing_recordings", description=__doc__.split("\n")[0]
    )
    parser.add_argument("results", type=Path, help="folder of the results")
    parser.add_argument("--make", type=int, default=0, help="process so many cuts first")
    parser.add_argument("--count", type=int, default=20, help="results to look at")
    given = parser.parse_args()
    for case in cases(given.results, given.make):
        make(case)
    clean: list[bool] = []
    faces: list[bool] = []
    voices: list[bool] = []
    for case in cases(given.results, given.count):
        safe = case.folder / "safe"
        if not (safe / "timeline.json").exists():
            continue
        refused = look(case, safe)
        clean.append(not refused)
        row: dict[str, object] = {"case": case.folder.name, "clean": [str(finding) for finding in refused]}
        for plant, kind, told in ((planted_face, "face", faces), (planted_voice, "voice", voices)):
            with tempfile.TemporaryDirectory() as place:
                folder = Path(shutil.copytree(safe, Path(place) / "planted"))
                when = plant(case, folder)
                if when is not None:
                    told.append(hit(look(case, folder), kind, when))
                    row[kind] = told[-1]
        print(json.dumps(row), flush=True)
    marks = {
        "clean results that pass": clean,
        "faces bare for 5 pictures found": faces,
        "own voices of 3 s found": voices,
    }
    for what, told in marks.items():
        print(f"{what}: {sum(told)} of {len(told)}", flush=True)
    return int(not all(all(told) and told for told in marks.values()))


if __name__ == "__main__":
    sys.exit(main())
