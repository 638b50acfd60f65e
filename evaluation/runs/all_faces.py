"""Every measurement of faces: ``python -m evaluation.runs.all_faces [PART ...]``, or ``make bench-vision``.

Each part is a command of its own, whose help says more:

* ``detectors``: recall and precision of every detector by size of the face, and cost;
* ``thresholds``: false accepts and rejects of every recogniser, on pairs and on tracks, with confidence intervals;
* ``swaps``: everybody enrolled in turn, all others strangers: who is shown, and who is taken for somebody else;
* ``tracks``: how often the track of a person changes, and the share of frames given to the right identity;
* ``meetings``: the face stage on the composed meetings: leaks, visible share, active speaker, cost by part; and, where
  deface is installed, the same attack on its result;
* ``conditions``: the same in bad light, out of focus, at other sizes and turned; ``clips``: clips nobody composed;
* ``speakers``: the active-speaker scorers;
* ``masks``: who can be recognised behind each style of mask, also after attempts to restore the face.

Parts run one after another. A part that fails is reported at the end.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from evaluation.attacks import deface
from evaluation.data.composed import MEETINGS, load
from evaluation.runs import faces
from vision import VisionSettings
from weights import Store

COMMANDS: dict[str, list[list[str]]] = {
    "detectors": [["evaluation.runs.detectors"]],
    "thresholds": [["evaluation.runs.face_thresholds"]],
    "swaps": [["evaluation.runs.shown_strangers"]],
    "tracks": [["evaluation.runs.face_tracking"]],
    "meetings": [["evaluation.runs.all_faces", "--meetings"]],
    "conditions": [["evaluation.runs.masking_conditions", "--seconds", "8"]],
    "clips": [["evaluation.runs.masking_clips"]],
    "speakers": [["evaluation.runs.active_speaker"]],
    "masks": [["evaluation.runs.recognition_behind_masks"]],
}


def meetings(out: Path, beside: bool) -> None:
    """Measure the face stage on every composed meeting, and deface with ``beside``."""
    store = Store()
    for name in MEETINGS:
        meeting = load(name)
        enrolled = meeting.registered()
        report = faces.measure(meeting, store, VisionSettings(), enrolled, None)
        print(faces.summary(report), flush=True)
        for row in deface.compare_deface(meeting, enrolled, out / "deface", store) if beside else ():
            print("   ", deface.line(row), flush=True)


def main() -> None:
    """Run the parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", help="of: " + " ".join(COMMANDS))
    parser.add_argument("--out", type=Path, default=Path("bench-out"), help="folder for the peer's results")
    parser.add_argument("--no-peer", action="store_true", help="without deface, which takes minutes a meeting")
    parser.add_argument("--meetings", action="store_true", help="only that part, in this process")
    options = parser.parse_args()
    if options.meetings:
        meetings(options.out, not options.no_peer)
        return
    passed = [*(["--no-peer"] if options.no_peer else []), "--out", str(options.out)]
    failed = []
    for part in options.parts or COMMANDS:
        for command in COMMANDS[part]:
            print(f"== {part}: python -m {' '.join(command)}", flush=True)
            more = passed if part == "meetings" else []
            if subprocess.run([sys.executable, "-m", *command, *more], check=False).returncode:
                failed.append(part)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
