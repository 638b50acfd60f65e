"""A recording on a machine that does not keep up: ``python -m evaluation.runs.overload``.

It runs ``discreet record`` with the test picture and sound, at a low priority, beside busy processes. It prints the
pictures (in, out, dropped, masked whole), how far picture and sound reach in the file, how many seconds after the start
the recorder said that the machine does not keep up, and the notes of the report.

The marks: sound reaches to the end within 0.1 s; pictures in = out + dropped, and as many as the camera gives; the
message comes within 3 s if a tenth of the pictures or more was dropped.

``--nice`` and ``--load-nice`` are the priorities. At 19 beside processes at 0, a program gets under a hundredth of a
processor, and a minute is not enough to load it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from capture import probe

FPS = 30.0


@contextmanager
def busy(count: int, nice: int) -> Iterator[None]:
    """Run ``count`` busy processes at priority ``nice``."""
    command = [sys.executable, "-c", f"import os; os.nice({nice})\nwhile True: pass"]
    loops = [subprocess.Popen(command) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def first_told(lines: list[str]) -> float | None:
    """The second of the recording at which the view first says that the machine does not keep up, or that all is
    masked.
    """
    for line in lines:
        clock, _, said = line.partition(" ")
        if "keep up" in said or "nobody has looked" in said:
            hours, minutes, seconds = clock.split(":")
            return 3600.0 * int(hours) + 60.0 * int(minutes) + float(seconds)
    return None


def measure(folder: Path, seconds: float, nice: int) -> dict[str, Any]:
    """Make one recording and return its figures."""
    target = folder / "a.mp4"
    command = [sys.executable, "-m", "discreet", "record", "--cam", "synthetic", "--mic", "synthetic"]
    command += ["--duration", str(seconds), "--registered", str(folder / "people"), "--outfile", str(target)]
    command += ["--set", "record.reserve_mb=0"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, preexec_fn=lambda: (os.nice(nice), None)[1]
    )
    if done.returncode:
        return {"error": done.stderr[-400:], "exit": done.returncode}
    info = probe(target)
    document = json.loads(target.with_suffix(".timeline.json").read_text(encoding="utf-8"))
    return {
        "said": done.stdout.splitlines()[4:],
        "told_at": first_told(done.stderr.splitlines()),
        "sound_to": round(info.audio_end, 2),
        "picture_to": round(info.video_end, 2),
        "pictures_in_file": info.frames,
        "due": round(seconds * FPS),
        "notes": document["provenance"]["notes"],
    }


def main() -> None:
    """Run the command, see the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=9.0)
    parser.add_argument("--load", type=int, default=8)
    parser.add_argument("--load-nice", type=int, default=0)
    parser.add_argument("--nice", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, busy(given.load, given.load_nice):
        for key, value in measure(Path(name), given.seconds, given.nice).items():
            print(f"{key:>17}: {value}")


if __name__ == "__main__":
    main()
