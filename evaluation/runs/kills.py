"""``kill -9`` at random moments: ``python -m evaluation.runs.kills [--record 200] [--process 200]``.

``record``: the recorder of the command line, with its models, the test picture and sound, the live voice and the sealed
sound, runs in its own process and is killed up to six seconds after the recording began. It prints the seconds lost at
the moment of the kill (worst and median): of film, as recovered by `discreet recover`, and of the original sound in the
spool; the number of empty files; and whether any spool is not sealed.

``process``: the main job on the demo's clip is killed at a random moment, again and again in the same folder. It prints
the number of empty files, runs that left incomplete results, files that hold a private word of the clip, sealed or not,
and whether a further run finishes.

The marks: at most 1 s of film and sound is lost, at most one of three files is empty, nothing private is in clear.
"""

from __future__ import annotations

import argparse
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

from capture import probe
from discreet.config import load
from registered import Registry
from timeline import InputError
from weights import Store

PRIVATE = (b"united states",)
"""Said in the demo's clip, and redacted."""
SEALED = 0.98
"""Sealed data cannot be compressed to less than this share."""


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
    from capture.writing import SpooledSound, recover

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
    spool = folder / "a.spool"
    sealed = packed(spool) >= SEALED
    own = SpooledSound(spool, Registry.open(folder.parent / "people", "file").vault).duration
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


def kill_process(clip: Path, out: Path, people: Path, seconds: float | None) -> tuple[int, float]:
    """Run the main job, killed after ``seconds``; returns its exit code and how long it ran."""
    command = [
        sys.executable,
        "-m",
        "discreet",
        "process",
        str(clip),
        "-o",
        str(out),
        "--registered",
        str(people),
        "-q",
    ]
    begun = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
    return child.wait(), time.monotonic() - begun


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
            print("spools that are not sealed:", sum(not row["sealed"] for row in rows))
        if given.process:
            _process(Path(name), given.process, dice)


def _process(folder: Path, count: int, dice: random.Random) -> None:
    clip, out, people = Store().path("demo-clip"), folder / "out", folder / "people"
    _, whole = kill_process(clip, folder / "first", people, None)
    found = []
    for number in range(count):
        target = out / str(number // 4)  # each folder is killed four times and continues each time
        kill_process(clip, target, people, dice.uniform(0.0, whole))
        found.append(state(target))
        print(f"process {number}: {found[-1]}", flush=True)
    code, _ = kill_process(clip, out / "0", people, None)
    print("two or more files of no bytes:", sum(row["empty"] > 1 for row in found))
    print(
        "half results:", sum(row["half"] for row in found), " private words in clear:", sum(r["clear"] for r in found)
    )
    print("one more run in the same folder ends with", code, "(0: done, 5: results were there already)")


if __name__ == "__main__":
    main()
