"""What making results again costs after one word was taken out: ``python -m evaluation.runs.rerender [NAME]``.

A composed meeting is processed once, one word of the safe transcript is taken out as in a review, and the results are
made again. Printed are the CPU seconds of both runs, child processes included, their share, and everything in which the
two results differ: lines of the timeline, decoded frames, decoded blocks of sound.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
from pathlib import Path

from discreet.review import Redact, Span, decide
from evaluation.data import composed
from evaluation.data.processed import enrolled_registry, process_meeting, run_discreet
from evaluation.runs.compare_results import compare_folders
from timeline import Timeline, Word
from weights import Store

MOST = 0.15
"""Share of the first run that making the results again may cost."""


def cpu_seconds() -> float:
    """CPU seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def word_to_take(timeline: Timeline) -> Word:
    """A long word in the middle of the meeting that stands in the clear."""
    words = [word for word in timeline.words if word.redaction is None and len(word.text) > 4]
    return min(words, key=lambda word: abs(word.start - timeline.recording.duration / 2))


def main() -> None:
    """Print the figures; exit with 1 if the share is too large."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.runs.rerender", description=__doc__)
    parser.add_argument("name", nargs="?", default="dev_gallery2", help="of the composed meeting")
    parser.add_argument("--folder", type=Path, help="keep results here; default: a temporary folder")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp())
    meeting = composed.load(options.name)
    people, safe, before = folder / "people", folder / "safe", folder / "before"
    enrolled_registry(people, meeting, Store())
    start = cpu_seconds()
    process_meeting(meeting.path, safe, people, repeatable=True)
    first = cpu_seconds() - start
    shutil.copytree(safe, before, dirs_exist_ok=True)
    word = word_to_take(Timeline.from_json((safe / "timeline.json").read_bytes()))
    taken = Redact(spans=(Span(start=word.start, end=word.end),))
    decide(safe, lambda decisions: decisions.with_decision(taken, "benchmark"))
    start = cpu_seconds()
    run_discreet(
        "process", str(meeting.path), "--decisions", str(safe), "--registered", str(people), "--quiet", repeatable=True
    )
    again = cpu_seconds() - start
    for row in compare_folders(options.name, before, safe):
        print(row)
    print(f"word from {word.start:.2f} to {word.end:.2f} s of {meeting.path.name}")
    print(f"first run {first:.1f} CPU s, made again {again:.1f} CPU s: {again / first:.1%} (at most {MOST:.0%})")
    if options.folder is None:
        shutil.rmtree(folder)
    if again > MOST * first:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
