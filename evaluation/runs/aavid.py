"""Compare AAVID's three stages with ``process`` on a composed meeting: ``python -m evaluation.runs.aavid``.

A folder with a video, ``registeredFaces`` and ``voice_samples`` of every second person is laid from the test media.
The commands that AAVID's users give run in it, one after the other: with ``--live``, ``mask`` plays the video in place
of camera and microphone; ``speakers`` and ``biometrics`` follow. ``process`` runs on the same video with the same
people. Prints, for ``timeline_labeled.txt`` and for the turns of ``process``: DER with a collar of 0.25 s, the share of
speech that is given the right person, a wrong name, and any name, and the CPU seconds. ``strictest`` is stage 3 with
the highest ``--sim_threshold``: faces alone name people.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from diarization import Fusion
from evaluation.data import composed
from evaluation.data.aavid_project import Project, lay
from evaluation.metrics.diarization import der, right_person
from timeline import Timeline, from_aavid


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of speech: error rate, given the right person, given a wrong name, given any name; and CPU seconds."""

    der: float
    right: float
    wrong: float
    named: float
    cpu: float


def discreet(folder: Path, *words: str) -> float:
    """Run a command in ``folder``; its CPU seconds. Raises subprocess.CalledProcessError when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    env = {**os.environ, "DISCREET_KEYRING": "file", "XDG_STATE_HOME": str(folder / "state")}
    own = Path(__file__).resolve().parents[2]
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(own), env.get("PYTHONPATH", "")]))
    subprocess.run(
        [sys.executable, "-m", "discreet", *words, "--registered", "people", "--quiet"],
        cwd=folder,
        env=env,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
    folder: Path, meeting: str, seconds: float, *, live: bool = False, strictest: bool = False
) -> dict[str, Figures]:
    """Lay the folder, run everything, and give the figures by what was run.

    Args:
        folder: empty.
        meeting: name of a composed meeting.
        seconds: how much of it.
        live: record it with ``aavid mask --play`` first, which takes ``seconds`` by the clock; without it, the video
            is taken as it is.
        strictest: also run stage 3 with the highest threshold.
    """
    project = lay(folder, meeting, seconds)
    out: dict[str, Figures] = {}
    video, name = project.video, "masked"
    cost = 0.0
    if live:
        name = "recorded"
        cost = discreet(
            folder, "aavid", "mask", "--play", str(video), "--outfile", f"output/{name}.mp4", "--consent", "all"
        )
    cost += discreet(folder, "aavid", "speakers", "--videoFolder", "output", "--videoName", name, "--consent", "all")
    pyavi = folder / "output" / name / "pyavi"
    stage3 = ("aavid", "biometrics", "--dir", str(pyavi), "--video_name", "video_out.avi", "--keep-spool")
    # The strictest first: the files of the usual run are those that stay.
    if strictest:
        alone = discreet(folder, *stage3, "--sim_threshold", "1")
        out["strictest"] = scored(project, _labeled(pyavi), alone)
    cost += discreet(folder, *stage3, "--sim_threshold", "0.5")
    out["aavid"] = scored(project, _labeled(pyavi), cost)
    cpu = discreet(folder, "process", str(video), "-o", "processed", "--sim-threshold", "0.5", "--annotated")
    processed = Timeline.from_json((folder / "processed" / "timeline.json").read_bytes())
    out["process"] = scored(project, processed, cpu)
    return out


def _labeled(folder: Path) -> Timeline:
    return from_aavid("", (folder / "timeline_labeled.txt").read_text(encoding="utf-8"))


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
    parser.add_argument("--live", action="store_true", help="record it with `aavid mask` first")
    parser.add_argument("--strictest", action="store_true", help="also run stage 3 with the highest threshold")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), chosen.meeting, chosen.seconds, live=chosen.live, strictest=chosen.strictest)
    print(f"{chosen.meeting}, {chosen.seconds:.0f} s{', recorded live' if chosen.live else ''}")
    print("\n".join(lines(figures)))


if __name__ == "__main__":
    main()
