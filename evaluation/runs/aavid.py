"""Compare AAVID's three stages with ``process`` on a composed meeting: ``python -m evaluation.runs.aavid``.

A folder with a video, ``registeredFaces`` and ``voice_samples`` of every second person is laid from the test media.
The commands that AAVID's users give run in it, one after the other: ``speakers`` and ``biometrics``, and ``process``
on the same video with the same people. ``--stage1 play`` first records it with ``mask --play``; ``--stage1 devices``
with ``mask --cam 0 --mic NUMBER``, from a camera and a microphone of :mod:`evaluation.data.virtual_devices`. Then
``process`` gets that recording, too. ``process`` uses the models that the stages choose.

Prints, for ``timeline_labeled.txt`` and for the turns of ``process``: DER with a collar of 0.25 s, the share of speech
that is given the right person, a wrong name, and any name, and the CPU seconds. ``strictest`` is stage 3 with the
highest ``--sim_threshold``: faces alone name people. Words, on which neither names nor times depend, are left out
without ``--words``. With ``--folder``, a run that was stopped goes on from there.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from capture import AudioFile, probe
from diarization import Fusion
from discreet.aavid import best_models
from discreet.config import load
from evaluation.data import composed
from evaluation.data.aavid_project import Project, lay_out_project
from evaluation.data.media import RATE
from evaluation.data.virtual_devices import drift, environment, offset, sound_server, write_sound
from evaluation.metrics.diarization import der, right_person
from timeline import FloatArray, Timeline, from_aavid
from weights import Store

STAGE1 = ("none", "play", "devices")
NO_WORDS = ("--set", "process.words=false", "--set", "voice.mode=warp")
"""Words cost most."""
STEADY = 0.2
"""Seconds by which a film's halves may be apart; scores have a collar of 0.25 s."""
SETTLE = 4.0
"""Seconds that camera and microphone may take until the film has begun."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of speech: error rate, given the right person, given a wrong name, given any name; and CPU seconds."""

    der: float
    right: float
    wrong: float
    named: float
    cpu: float


class Runs:
    """Runs commands of ``discreet`` in a folder, and remembers those that are done."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._kept = folder, folder / "done.json"
        self._done: dict[str, float] = json.loads(self._kept.read_text("utf-8")) if self._kept.exists() else {}

    def __call__(self, *words: str, film: Path | None = None) -> float:
        """Run ``discreet words``, with ``film`` before the camera; its CPU seconds.

        Raises:
            subprocess.CalledProcessError: it failed.
        """
        key = " ".join(words)
        if key not in self._done:
            self._done[key] = self._run(words, film)
            self._kept.write_text(json.dumps(self._done), "utf-8")
        return self._done[key]

    def _run(self, words: Sequence[str], film: Path | None) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = {"DISCREET_KEYRING": "file", "XDG_STATE_HOME": str(self.folder / "state")}
        options = ("--registered", "people", "--quiet")
        if film is None:
            self._child(["discreet", *words, *options], environment(own))
        else:
            with tempfile.TemporaryDirectory() as runtime, sound_server(Path(runtime)) as sound:
                self._child(["evaluation.data.virtual_devices", str(film), *words, *options], environment(own | sound))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def _child(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        words = [sys.executable, "-m", *command]
        subprocess.run(words, cwd=self.folder, env=dict(env), check=True, stdout=subprocess.DEVNULL)


def scored(project: Project, timeline: Timeline, cpu: float) -> Figures:
    """The figures of a document whose labels are names of the media, or of nobody."""
    names = {person.id: person.label for person in timeline.people if person.label in project.enrolled}
    fusion = Fusion(list(timeline.people), list(timeline.turns), {}, names)
    right, wrong = right_person(project.truth, fusion, project.enrolled, project.seconds)
    speech = sum(turn.end - turn.start for turn in timeline.turns)
    named = sum(turn.end - turn.start for turn in timeline.turns if turn.person in names)
    error = der(project.truth, timeline.turns, project.seconds, composed.COLLAR).der
    return Figures(error, right, wrong, named / speech if speech else 0.0, cpu)


def measure(
    folder: Path, meeting: str, seconds: float, *, stage1: str = "none", strictest: bool = False, words: bool = False
) -> dict[str, Figures]:
    """Lay the folder, run everything, and give the figures by what was run.

    Args:
        folder: empty, or that of a run that was stopped.
        meeting: name of a composed meeting.
        seconds: how much of it.
        stage1: one of :data:`STAGE1`; other than "none" takes ``seconds`` by the clock.
        strictest: also run stage 3 with the highest threshold.
        words: look for words, too, which neither names nor times of turns depend on.
    """
    project, run = lay_out_project(folder, meeting, seconds), Runs(folder)
    less = () if words else NO_WORDS
    out: dict[str, Figures] = {}
    name, cost, video = "masked", 0.0, project.video
    if stage1 != "none":
        name = "recorded"
        cost = _record(run, project, stage1, f"output/{name}.mp4")
        video = folder / "output" / f"{name}.mp4"
        project = _late(project, video)
    cost += run("aavid", "speakers", "--videoFolder", "output", "--videoName", name, "--consent", "all", *less)
    pyavi = f"output/{name}/pyavi"
    stage3 = ("aavid", "biometrics", "--dir", pyavi, "--video_name", "video_out.avi", "--keep-spool", *less)
    # The strictest first: the files of the usual run are those that stay.
    for what, threshold in [("strictest", "1")] * strictest + [("aavid", "0.5")]:
        cpu = run(*stage3, "--sim_threshold", threshold)
        kept = folder / f"{what}.txt"
        if not kept.exists():
            shutil.copy(folder / pyavi / "timeline_labeled.txt", kept)
        labeled = from_aavid("", kept.read_text(encoding="utf-8"))
        out[what] = scored(project, labeled, cpu + cost if what == "aavid" else cpu)
    same = [word for option in models()[0] for word in ("--set", option)]
    relative = str(video.relative_to(folder))
    cpu = run("process", relative, "-o", "processed", "--sim-threshold", "0.5", "--annotated", *same, *less)
    processed = Timeline.from_json((folder / "processed" / "timeline.json").read_bytes())
    out["process"] = scored(project, processed, cpu)
    (folder / "figures.json").write_text(json.dumps({name: asdict(row) for name, row in out.items()}), "utf-8")
    return out


def models() -> tuple[list[str], str]:
    """The settings that choose the models of the stages, and a line that says which they are."""
    return best_models(Store(), lambda more: load(None, more))


def _record(run: Runs, project: Project, stage1: str, target: str) -> float:
    """Record the project's video with stage 1; CPU seconds."""
    mask = ("aavid", "mask", "--outfile", target, "--consent", "all")
    if stage1 == "play":
        return run(*mask, "--play", "output/masked.mp4")
    write_sound(project.video, project.video.with_suffix(".wav"))
    length = f"{project.seconds + SETTLE:g}"
    return run(*mask, "--cam", "0", "--mic", "MIC", "--duration", length, film=project.video)


def _late(project: Project, recording: Path) -> Project:
    """The project, with the times of its truth in a recording that began before it or after it."""
    own, heard = (_sound(path) for path in (project.video, recording))
    shift, length = offset(own, heard, RATE), probe(recording).duration
    rows = [(max(0.0, start + shift), min(length, end + shift), who) for start, end, who in project.truth]
    print(f"the film begins {shift:.2f} s after the recording, of {length:.1f} s")
    if abs(apart := drift(own, heard, RATE)) > STEADY:
        print(f"its second half came {apart:.2f} s late: the machine did not play it evenly, so the truth is off")
    made = Timeline.from_json(recording.with_suffix(".timeline.json").read_bytes())
    print("\n".join(f"the recorder's note: {note}" for note in made.provenance.notes))
    return replace(project, truth=tuple(row for row in rows if row[0] < row[1]), seconds=length)


def _sound(path: Path) -> FloatArray:
    return np.concatenate(list(AudioFile(path, RATE).blocks()))


def lines(figures: Mapping[str, Figures]) -> Iterator[str]:
    """The figures as a table."""
    yield f"{'':12s} {'DER':>6s} {'right':>6s} {'wrong':>6s} {'named':>6s} {'CPU-s':>6s}"
    for name, row in figures.items():
        yield f"{name:12s} {row.der:6.3f} {row.right:6.3f} {row.wrong:6.3f} {row.named:6.3f} {row.cpu:6.0f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.runs.aavid", description=(__doc__ or "").split(":")[0])
    parser.add_argument("--meeting", default="dev_gallery2", choices=[*composed.MEETINGS, *composed.VALIDATION])
    parser.add_argument("--seconds", type=float, default=40.0, help="how much of the meeting; default: 40")
    parser.add_argument("--stage1", choices=STAGE1, default="none", help="record it with `aavid mask` first")
    parser.add_argument("--strictest", action="store_true", help="also run stage 3 with the highest threshold")
    parser.add_argument("--words", action=argparse.BooleanOptionalAction, default=False, help="look for words, too")
    parser.add_argument("--folder", type=Path, help="work here, keep everything, and go on from an earlier run")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) if chosen.folder is None else chosen.folder
        figures = measure(
            place.absolute(),
            chosen.meeting,
            chosen.seconds,
            stage1=chosen.stage1,
            strictest=chosen.strictest,
            words=chosen.words,
        )
    recorded = f", recorded ({chosen.stage1})" if chosen.stage1 != "none" else ""
    print(f"{chosen.meeting}, {chosen.seconds:.0f} s{recorded}. {models()[1]}")
    print("\n".join(lines(figures)))


if __name__ == "__main__":
    main()
