"""``kill -9`` at random moments: ``python -m evaluation.runs.kills [--record 200] [--process 200]``.

``record``: the recorder of the command line, with its models, the test picture and sound, the live voice and the sealed
sound, runs in its own process and is killed up to six seconds after the recording began. It prints the seconds lost at
the moment of the kill (worst and median): of film, as recovered by `discreet recover`, and of the original sound in the
sidecar; the number of empty files; and whether any sidecar is not sealed.

``process``: the main job on the demo's clip is killed at a random moment, a few times in the same folder, and then run
to its end. It prints the number of empty files, runs that left incomplete results, files that hold a private word of
the clip, sealed or not; how many stages later runs took up and how many they did again although they were stored; and
how many of the final results differ from those of a run that nobody stopped: in any frame, sample or value.

The marks: at most 1 s of film and sound is lost, at most one of three files is empty, nothing private is in clear,
nothing is done again, and every final result is the same.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from capture import probe
from discreet.config import load
from evaluation.data.processed_meetings import REPEATABLE
from evaluation.runs.compare_results import compare_folders
from registered import Registry
from timeline import InputError
from weights import Store

PRIVATE = (b"united states",)
"""Said in the demo's clip, and redacted."""
SEALED = 0.98
"""Sealed data cannot be compressed to less than this share."""
STORED = frozenset(["faces", "speakers", "words", "channels", "proof"])
"""Stages whose results are stored."""
_LOOK = 0.02
"""Seconds between looks at what a job logged."""
_FINISHED = re.compile(r"stage finished: (\w+)")
_KEPT = re.compile(r"stage kept from the run before: (\w+)")


def record_here(folder: Path) -> None:
    """Record until killed; prints the second of the recording and the system's clock again and again."""
    from discreet.live import Controls, RecordingRequest, record_meeting
    from discreet.pipeline import RunContext

    def watch(now: Any) -> None:
        if now.begun:
            print(now.elapsed, time.monotonic(), flush=True)

    settings = load(None, ["record.reserve_mb=0"])
    context = RunContext.of(settings, Store(), Registry.open(folder.parent / "people", "file"))
    record_meeting(RecordingRequest(folder / "a.mp4", "synthetic", "synthetic"), context, Controls(watch))


def kill_record(folder: Path, dice: random.Random) -> dict[str, Any]:
    """Make one recording and kill it; returns what was lost."""
    from capture.writing import SidecarSound, recover

    command = [sys.executable, "-m", "evaluation.runs.kills", "--child", str(folder)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert child.stdout is not None
    wanted, elapsed, at = dice.uniform(0.5, 6.0), 0.0, 0.0
    for line in child.stdout:
        elapsed, at = map(float, line.split())
        if elapsed >= wanted:
            break
    child.send_signal(signal.SIGKILL)
    passed = elapsed + time.monotonic() - at
    child.wait()
    if not at:
        raise SystemExit("the recording did not begin")
    files = sorted(folder.iterdir())
    empty = sum(not path.stat().st_size for path in files)
    sidecar = folder / "a.spool"
    sealed = packed(sidecar) >= SEALED
    own = SidecarSound(sidecar, Registry.open(folder.parent / "people", "file").vault).duration
    try:
        info = probe(recover(folder / "a.recording.mp4"))
        film, heard = info.video_end, info.audio_end
    except InputError:  # not even one fragment: all of it is lost
        film = heard = 0.0
    return {
        "film": passed - film,
        "sound in the film": passed - heard,
        "own sound": passed - own,
        "empty": empty,
        "sealed": sealed,
        "names": [path.name for path in files],
    }


def packed(path: Path) -> float:
    """The share of its size to which a file can be compressed."""
    data = path.read_bytes()
    return len(zlib.compress(data, 9)) / max(1, len(data))


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the main job: exit code, seconds, and the names of the stages it finished and took up."""

    code: int
    seconds: float
    finished: tuple[str, ...]
    kept: tuple[str, ...]


def kill_process(clip: Path, out: Path, people: Path, seconds: float | None, after: str = "") -> Run:
    """Run the main job, killed after ``seconds`` or once the stage ``after`` is finished, whichever comes first.

    Its noise is repeatable, so that results can be compared.
    """
    command = [sys.executable, "-c", REPEATABLE, "--verbose", "process", str(clip)]
    command += ["-o", str(out), "--registered", str(people), "-q"]
    begun = time.monotonic()
    with tempfile.NamedTemporaryFile("w") as log:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
        while child.poll() is None:
            late = seconds is not None and time.monotonic() >= begun + seconds
            if late or (after and after in _FINISHED.findall(Path(log.name).read_text("utf-8"))):
                child.send_signal(signal.SIGKILL)
                break
            time.sleep(_LOOK)
        code = child.wait()
        lines = Path(log.name).read_text("utf-8")
    return Run(code, time.monotonic() - begun, tuple(_FINISHED.findall(lines)), tuple(_KEPT.findall(lines)))


def done_again(runs: Sequence[Run]) -> int:
    """How many stored stages later runs did again. A kill between a stage's end and its storing does not count."""
    again, stored = 0, set[str]()
    for run in runs:
        again += len(stored.intersection(run.finished))
        stored |= STORED.intersection((*run.finished[:-1], *run.kept))
    return again


def state(out: Path) -> dict[str, int]:
    """What the results' folder holds after a kill."""
    files = [path for path in out.rglob("*") if path.is_file()] if out.exists() else []
    shown = {path.name for path in files if path.parent == out and not path.name.startswith(".")}
    return {
        "files": len(files),
        "empty": sum(not path.stat().st_size for path in files),
        "half": int(bool(shown) and not {"safe.mp4", "timeline.json", "report.txt"} <= shown),
        "clear": sum(any(word in path.read_bytes().lower() for word in PRIVATE) for path in files),
    }


def main() -> None:
    """Run the command, see the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=int, default=200)
    parser.add_argument("--process", type=int, default=200)
    parser.add_argument("--times", type=int, default=4, help="kills in one folder before a run to the end")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        record_here(Path(given.child))
        return
    dice = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        rows = []
        for number in range(given.record):
            folder = Path(name) / str(number)
            folder.mkdir()
            rows.append(kill_record(folder, dice))
            print(f"record {number}: {rows[-1]}", flush=True)
        for key in ("film", "sound in the film", "own sound") if rows else ():
            lost = [row[key] for row in rows]
            print(f"{key}: lost {max(lost):.2f} s at worst, {statistics.median(lost):.2f} s median, of {len(lost)}")
        if rows:
            print("two or more files of no bytes:", sum(row["empty"] > 1 for row in rows))
            print("sidecars that are not sealed:", sum(not row["sealed"] for row in rows))
        if given.process:
            _process(Path(name), given.process, given.times, dice)


def _process(folder: Path, count: int, times: int, dice: random.Random) -> None:
    clip, people, first = Store().path("demo-clip"), folder / "people", folder / "first"
    whole = kill_process(clip, first, people, None)
    if whole.code:
        raise SystemExit(f"the run that nobody stopped ended with {whole.code}")
    print(f"a run that nobody stops takes {whole.seconds:.0f} s", flush=True)
    found: list[dict[str, int]] = []
    again = taken = changed = failed = 0
    for number in range(-(-count // times)):
        target = folder / "out" / str(number)
        runs = []
        for _ in range(min(times, count - len(found))):
            runs.append(kill_process(clip, target, people, dice.uniform(0.0, whole.seconds)))
            found.append(state(target))
            if not runs[-1].code:  # it was done before it could be killed
                break
        if runs[-1].code:
            runs.append(kill_process(clip, target, people, None))
        failed += runs[-1].code != 0
        again += done_again(runs)
        taken += sum(len(run.kept) for run in runs)
        rows = [row for row in compare_folders(str(number), first, target) if row.differences]
        changed += bool(rows)
        print(*rows, sep="\n", end="\n" if rows else "")
        print(f"process {len(found)}: {found[-1]}, taken up {taken}, done again {again}, changed {changed}", flush=True)
        shutil.rmtree(target)
    killed = len(found)
    print(f"{killed} kills, {number + 1} final runs, of which {failed} failed")
    print("two or more files of no bytes:", sum(row["empty"] > 1 for row in found))
    print(
        "half results:", sum(row["half"] for row in found), " private words in clear:", sum(r["clear"] for r in found)
    )
    print(f"stages taken up: {taken}, done again: {again}; final results that differ: {changed}")


if __name__ == "__main__":
    main()
