"""How AAVID's thresholds move acceptance: ``python -m evaluation.runs.aavid_acceptance [MEETING ...]``.

On composed meetings, with every second person enrolled by two photos and a voice clip, and then with the others. Each
recording is looked at and listened to once; what follows is decided anew for each threshold, as the stages do:

* ``faces``, ``--simThreshold``: share of the seconds in which faces are on screen that get the right name, a wrong one;
* ``voices``, ``--sim_threshold``: share of speech that is given an enrolled person's name by voice alone, rightly and
  wrongly;
* ``both``: the same with faces and lips, as stage 3 decides.

``used`` is the threshold after the safe bounds. A line says whether acceptance never grows with the threshold; the
command fails where it does. ``--commands SECONDS`` also runs the commands of stages 2 and 3 on so much of the first
meeting for each of ``--thresholds``, without words.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from pathlib import Path

import numpy as np

from capture import AudioFile, VideoFile
from diarization import Diarization, EnrolledPerson, Fusion, VoiceEmbedder, fuse, make_clustering_diarizer
from discreet.aavid import face_threshold, voice_threshold
from discreet.config import Settings, load
from evaluation.data import composed
from evaluation.data.aavid_project import Project, lay_out_project
from evaluation.metrics.diarization import Truth, grid
from evaluation.runs.aavid import NO_WORDS, Runs
from evaluation.runs.speaker_attribution import owner
from evaluation.runs.speaker_identification import voice_gallery
from registered import Answers, Gallery
from timeline import ArrayAudio, Audio, FaceTrack, from_aavid
from vision import FaceFinder, FaceStage, calibrated
from vision.offline import ScanResult, identify_faces
from vision.recognition import EnrolledFaces
from weights import Store

GRID = (0.0, 0.3, 0.41, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 1.0)
WIDE = (0.3, 0.5, 0.65, 0.8, 1.0)
YES = Answers(True, True, True, True)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Shares that got a name at a threshold: the right one, a wrong one."""

    wanted: float
    used: float
    right: float
    wrong: float

    @property
    def named(self) -> float:
        """Either."""
        return self.right + self.wrong


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A meeting that was looked at and listened to once, and who is enrolled."""

    meeting: composed.Composed
    settings: Settings
    seen: ScanResult
    heard: Diarization
    faces: Gallery
    voices: Gallery
    enrolled: tuple[str, ...]
    truth: Truth
    duration: float

    def tracks(self, threshold: float | None = None) -> list[FaceTrack]:
        """The faces over time, with the threshold, or that of the settings."""
        vision = self.settings.vision
        if threshold is not None:
            rules = vision.recognise.model_copy(update={"track": threshold})
            vision = vision.model_copy(update={"recognise": rules})
        return identify_faces(self.seen, EnrolledFaces.of(self.faces), dict.fromkeys(self.enrolled, True), vision)

    def fusion(self, threshold: float, tracks: Sequence[FaceTrack]) -> Fusion:
        """The people and turns, with the threshold of voices."""
        rules = self.settings.diarization
        changed = rules.fusion.model_copy(update={"name_similarity": threshold})
        people = {name: EnrolledPerson(name, YES) for name in self.enrolled}
        return fuse(self.heard, tracks, self.voices, people, rules.model_copy(update={"fusion": changed}))


def cases(name: str, store: Store, seconds: float = math.inf) -> Iterator[Case]:
    """The first ``seconds`` of a meeting with each half of the people enrolled."""
    settings = load()
    settings = settings.model_copy(update={"vision": calibrated(store, settings.vision)})
    meeting, vision, voice = composed.load(name), settings.vision, settings.diarization
    finder, embedder = FaceFinder.from_store(store, vision), VoiceEmbedder.from_store(store, voice)
    sound = first(AudioFile(meeting.path), seconds)
    stage = FaceStage.from_store(store, vision, composed.gallery(finder, meeting.people), {})
    pictures = takewhile(lambda row: row[0] < seconds, VideoFile(meeting.path))
    seen = stage.look(pictures, meeting.size, meeting.fps, sound)
    heard = make_clustering_diarizer(store, voice)(sound)
    spoken = [(t.start, min(t.end, seconds), who) for who, turns in meeting.turns.items() for t in turns]
    truth = [row for row in spoken if row[0] < row[1]]
    for enrolled in (meeting.people[::2], meeting.people[1::2]):
        faces, voices = composed.gallery(finder, enrolled), voice_gallery(embedder, enrolled)
        yield Case(meeting, settings, seen, heard, faces, voices, enrolled, truth, sound.duration)


def first(sound: Audio, seconds: float) -> Audio:
    """The first ``seconds`` of a sound."""
    if seconds >= sound.duration:
        return sound
    return ArrayAudio(np.concatenate(list(sound.blocks()))[: round(seconds * sound.sample_rate)], sound.sample_rate)


def of_faces(case: Case, tracks: Sequence[FaceTrack]) -> tuple[float, float]:
    """Shares of the seconds of faces on screen with the right name and with a wrong one."""
    whole = right = wrong = 0.0
    for track in tracks:
        seconds, true = track.end - track.start, owner(track, case.meeting)
        whole += seconds
        if track.enrolled is not None:
            right, wrong = right + seconds * (track.enrolled == true), wrong + seconds * (track.enrolled != true)
    return right / max(whole, 1e-9), wrong / max(whole, 1e-9)


def of_speech(fusion: Fusion, truth: Truth, duration: float) -> tuple[float, float]:
    """Shares of speech (seconds of everybody who talks) with the right name and with a wrong one."""
    who, ids = sorted({person for _, _, person in truth}), sorted(fusion.enrolled)
    talks = grid(truth, who, duration)
    given = grid([(t.start, t.end, t.person) for t in fusion.turns if t.person in fusion.enrolled], ids, duration)
    own = np.zeros_like(given)
    for column, id in enumerate(ids):
        if fusion.enrolled[id] in who:
            own[:, column] = talks[:, who.index(fusion.enrolled[id])]
    spoken = max(1, int(talks.sum()))
    anybody = talks.any(axis=1, keepdims=True)
    return float((given & own).sum() / spoken), float((given & ~own & anybody).sum() / spoken)


def sweep(case: Case, store: Store, values: Sequence[float] = GRID) -> dict[str, list[Accepted]]:
    """What is accepted at each threshold, by what decides."""
    usual = case.tracks()

    def rows(bounded: Callable[[float], float], accepted: Callable[[float], tuple[float, float]]) -> list[Accepted]:
        return [Accepted(wanted, used, *accepted(used)) for wanted in values for used in (bounded(wanted),)]

    def speech(tracks: Sequence[FaceTrack]) -> Callable[[float], tuple[float, float]]:
        return lambda used: of_speech(case.fusion(used, tracks), case.truth, case.duration)

    def voice(wanted: float) -> float:
        return voice_threshold(wanted)[0]

    def face(wanted: float) -> float:
        return face_threshold(store, case.settings, wanted)[0]

    return {
        "faces": rows(face, lambda used: of_faces(case, case.tracks(used))),
        "voices": rows(voice, speech([])),
        "both": rows(voice, speech(usual)),
    }


def monotone(rows: Sequence[Accepted]) -> bool:
    """Whether a higher threshold never gives more names, right or wrong."""
    ordered = sorted(rows, key=lambda row: row.wanted)
    return all(later.named <= row.named + 1e-9 and later.wrong <= row.wrong + 1e-9 for row, later in pairwise(ordered))


def by_commands(folder: Path, name: str, seconds: float, values: Sequence[float]) -> dict[str, list[Accepted]]:
    """The same of what the commands write, on the first ``seconds`` of a meeting."""
    project, run = lay_out_project(folder, name, seconds), Runs(folder)
    faces, voices = [], []
    pyavi = ("--dir", "output/masked/pyavi", "--video_name", "video_out.avi", "--keep-spool")
    for wanted in values:
        run("aavid", "speakers", "--consent", "all", "--simThreshold", f"{wanted:g}", *NO_WORDS)
        scores = (folder / "output" / "masked" / "pywork" / "label_scores.txt").read_text(encoding="utf-8")
        faces.append(Accepted(wanted, wanted, _named_frames(scores), 0.0))
    for wanted in values:
        run("aavid", "biometrics", *pyavi, "--sim_threshold", f"{wanted:g}", *NO_WORDS)
        labeled = (folder / "output" / "masked" / "pyavi" / "timeline_labeled.txt").read_text(encoding="utf-8")
        voices.append(Accepted(wanted, wanted, *_labeled(project, labeled)))
    return {"stage 2": faces, "stage 3": voices}


def _named_frames(scores: str) -> float:
    """Share of scored frames that bear a name."""
    found = re.findall(r"(?m)^(\S.*)\n  frames: \[(.*)\]$", scores)
    counts: dict[str, int] = {label: rows.count(",") + 1 for label, rows in found}
    return 1 - counts.get("Unknown", 0) / max(1, sum(counts.values()))


def _labeled(project: Project, text: str) -> tuple[float, float]:
    made = from_aavid("", text)
    names = {person.id: person.label for person in made.people if person.label in project.enrolled}
    return of_speech(Fusion(list(made.people), list(made.turns), {}, names), project.truth, project.seconds)


def table(what: str, rows: Sequence[Accepted]) -> Iterator[str]:
    """The rows, and whether they are monotone."""
    yield f"  {what}: {'never more at a higher threshold' if monotone(rows) else 'NOT MONOTONE'}"
    yield "    wanted " + " ".join(f"{row.wanted:5.2f}" for row in rows)
    yield "    used   " + " ".join(f"{row.used:5.2f}" for row in rows)
    yield "    right  " + " ".join(f"{row.right:5.3f}" for row in rows)
    yield "    wrong  " + " ".join(f"{row.wrong:5.3f}" for row in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; 1 where a higher threshold accepted more."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("meetings", nargs="*", help="of: " + " ".join([*composed.MEETINGS, *composed.VALIDATION]))
    parser.add_argument("--seconds", type=float, default=math.inf, help="how much of each meeting; default: all")
    parser.add_argument("--commands", type=float, metavar="SECONDS", help="also run the commands of stages 2 and 3")
    parser.add_argument("--thresholds", type=float, nargs="+", default=WIDE, help="for --commands")
    parser.add_argument("--folder", type=Path, help="where --commands works, and goes on from")
    chosen = parser.parse_args(arguments)
    store, good = Store(), True
    names = chosen.meetings or ["dev_gallery2"]
    for name in names:
        for case in cases(name, store, chosen.seconds):
            print(f"{name}, enrolled: {len(case.enrolled)} of {len(case.meeting.people)}")
            for what, rows in sweep(case, store).items():
                print("\n".join(table(what, rows)), flush=True)
                good &= monotone(rows)
    if chosen.commands:
        with tempfile.TemporaryDirectory() as folder:
            place = (chosen.folder or Path(folder)).absolute()
            print(f"{names[0]}, {chosen.commands:g} s, by the commands")
            for what, rows in by_commands(place, names[0], chosen.commands, chosen.thresholds).items():
                print("\n".join(table(what, rows)))
                good &= monotone(rows)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
