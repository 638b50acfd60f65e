"""What making results again costs after one word was taken out: ``python -m evaluation.runs.rerender [NAME]``.

A composed meeting, as often in a row as ``--times`` says, is processed once, one word of the safe transcript is taken
out as in a review, and the results are made again. Printed are the CPU seconds of both runs, child processes included,
their share, the seconds of the stages of the second run, and everything in which the two results differ: lines of the
timeline, one by one and in number, decoded frames, decoded blocks of sound, and how far those lie from the word.

With ``--folder`` what was made stays. A first run that was stopped goes on from its finished stages when the command
is given again, and its cost is that of all parts together.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av

from discreet.review import Redact, Span, decide
from evaluation.data import composed
from evaluation.data.processed_meetings import enrolled_registry, process_meeting, run_discreet
from evaluation.runs.compare_results import Row, compare_folders
from timeline import Timeline, Word
from weights import Store

MOST = 0.15
"""Share of the first run that making the results again may cost."""
_COST = "first-run.json"
_PAUSE = 0.1
"""Seconds between two repetitions."""


def cpu_seconds() -> float:
    """CPU seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def word_to_take(timeline: Timeline) -> Word:
    """A long word in the middle of the meeting that stands in the clear."""
    words = [word for word in timeline.words if word.redaction is None and len(word.text) > 4]
    return min(words, key=lambda word: abs(word.start - timeline.recording.duration / 2))


def repeated(path: Path, target: Path, times: int) -> Path:
    """``path`` as often in a row in ``target``; packets are copied."""
    after = 0.0
    new: dict[int, Any] = {}
    with av.open(str(target), "w") as out:
        for number in range(times):
            with av.open(str(path)) as one:
                new = new or {stream.index: out.add_stream_from_template(stream) for stream in one.streams}
                end = after
                for packet in one.demux():
                    if packet.dts is None or packet.pts is None:
                        continue  # the end mark of a stream
                    if number and packet.pts < 0:
                        continue  # what a decoder of sound needs to begin
                    shift = round(after / float(packet.time_base))
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
                    packet.stream = new[packet.stream.index]
                    out.mux(packet)
                after = end + _PAUSE
    return target


def away(row: Row, word: Word) -> Iterator[str]:
    """How far the frames and blocks that differ lie from the word."""
    for kind in ("frame", "sound"):
        found = [re.match(rf"{kind} at (-?[\d.]+) s", each) for each in row.differences]
        times = [float(each[1]) for each in found if each]
        if times:
            yield (
                f"    {len(times)} of {kind}: from {word.start - min(times):.2f} s before the word begins"
                f" to {max(times) - word.end:.2f} s after it ends"
            )


def changed_lines(before: Timeline, after: Timeline) -> Iterator[str]:
    """What stands in one of two timelines only, list by list: a line that was added moves all that follow it."""
    for name in ("people", "turns", "words", "tracks", "redactions"):
        old, new = ({each.model_dump_json() for each in getattr(one, name)} for one in (before, after))
        gone, made = old - new, new - old
        yield f"    {name}: {len(gone)} of {len(old)} only before, {len(made)} only after"
        if name != "words":
            yield from (
                f"      only {when}: {line[:160]}"
                for when, lines in (("before", gone), ("after", made))
                for line in sorted(lines)[:3]
            )


def first_run(folder: Path, recording: Path, meeting: composed.Composed) -> float:
    """Process the recording unless that was done; the CPU seconds of all attempts."""
    cost, people, safe = folder / _COST, folder / "people", folder / "safe"
    spent = float(json.loads(cost.read_text())) if cost.exists() else 0.0
    if not people.exists():
        enrolled_registry(people, meeting, Store())
    if (safe / "timeline.json").exists():
        return spent
    start = cpu_seconds()
    try:
        process_meeting(recording, safe, people, repeatable=True)
    finally:
        spent += cpu_seconds() - start
        cost.write_text(json.dumps(spent))
    return spent


def main() -> None:
    """Print the figures; exit with 1 if the share is too large."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.runs.rerender", description=__doc__)
    parser.add_argument("name", nargs="?", default="dev_gallery2", help="of the composed meeting")
    parser.add_argument("--times", type=int, default=1, help="the meeting as often in a row")
    parser.add_argument("--folder", type=Path, help="keep results here; default: a temporary folder")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: None)  # the run that is measured ends on it, and its cost is written down
    folder = options.folder or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    meeting = composed.load(options.name)
    recording = meeting.path
    if options.times > 1:
        recording = folder / f"{options.name}-{options.times}.mp4"
        if not recording.exists():
            repeated(meeting.path, recording, options.times)
    people, safe, before = folder / "people", folder / "safe", folder / "before"
    first = first_run(folder, recording, meeting)
    if not before.exists():
        shutil.copytree(safe, before)
    word = word_to_take(Timeline.from_json((before / "timeline.json").read_bytes()))
    taken = Redact(spans=(Span(start=word.start, end=word.end),))
    decide(safe, lambda decisions: decisions.with_decision(taken, "benchmark"))
    start = cpu_seconds()
    arguments = ("--decisions", str(safe), "--registered", str(people), "--quiet")
    run_discreet("process", str(recording), *arguments, registry=people, repeatable=True)
    again = cpu_seconds() - start
    for row in compare_folders(options.name, before, safe):
        print(row)
        print(*away(row, word), sep="\n")
    after = Timeline.from_json((safe / "timeline.json").read_bytes())
    print(*changed_lines(Timeline.from_json((before / "timeline.json").read_bytes()), after), sep="\n")
    print("stages of the second run:", *(f"{each.name} {each.seconds:.1f} s" for each in after.provenance.stages))
    print(f"word from {word.start:.2f} to {word.end:.2f} s of {after.recording.duration:.0f} s of {recording.name}")
    print(f"first run {first:.1f} CPU s, made again {again:.1f} CPU s: {again / first:.1%} (at most {MOST:.0%})")
    if options.folder is None:
        shutil.rmtree(folder)
    sys.exit(again > MOST * first)


if __name__ == "__main__":
    main()
