"""Compare results before and after a change: ``python -m evaluation.runs.compare_results BEFORE AFTER [--run]``.

``BEFORE`` and ``AFTER`` hold folders of results of ``discreet process``; folders of the same name are compared:

* ``timeline.json``, less the version, the date and the cost of the stages (``VOLATILE``). A setting that only one of
  the two versions has is listed and does not count; a setting that both have must have one value.
* every decoded frame of ``safe.mp4`` and of ``annotated.mp4``, and every decoded sample of their sound;
* the transcripts, turns and the files for AAVID, byte by byte. The reports hold costs and are not
  compared.

Labels and reasons that were reworded on purpose stand in ``RENAMED``. ``--any-wording`` compares only the numbers in
the texts written for readers (``TEXTS``), and leaves out the annotated video, whose frames show labels.

``--run`` first writes ``AFTER`` with this version: the demo and the composed meetings, each with a registry in
``--registered`` that is made once. Changed voices depend on the registry's key, so both versions must use the same
one. The noise in mosaics differs in every run of ``discreet``; ``--run`` repeats it, so frames compare only between two
such runs.
To write ``BEFORE``, run this in a checkout of the earlier version, or with ``PYTHONPATH`` set to it.

The exit status is 1 if anything differs or nothing could be compared.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from evaluation.data import composed
from evaluation.data.processed_meetings import enrolled_registry, process_meeting, run_discreet
from weights import Store

VOLATILE = ("provenance.version", "provenance.created", "provenance.stages")
"""Paths in ``timeline.json`` that differ between two runs of one version."""
SETTINGS = "provenance.settings"
TEXTS = ("provenance.notes", "redactions.reason", "people.pseudonym", "people.name")
"""Paths in ``timeline.json`` whose text is written for readers."""
RENAMED: dict[str, str] = {}
"""Reworded texts of ``timeline.json``: text in BEFORE -> text in AFTER."""
VIDEOS = ("safe.mp4", "annotated.mp4")
COSTS = ("report.txt", "report.html")
"""Files that hold the time and memory a run took."""
DEMO = "demo"
SHOWN = 8
"""Most differences of one kind that are printed."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was compared, how much of it there is, and where the two differ."""

    folder: str
    item: str
    amount: str
    differences: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The line, followed by the first differences and remarks."""
        verdict = f"{len(self.differences)} differences" if self.differences else "identical"
        lines = [f"{self.folder:14s} {self.item:32s} {self.amount:>22s}  {verdict}"]
        for texts in (self.differences, self.remarks):
            lines += [f"    {text}" for text in texts[:SHOWN]]
            if len(texts) > SHOWN:
                lines.append(f"    and {len(texts) - SHOWN} more")
        return "\n".join(lines)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every plain value of a JSON document with its path, such as ``("turns[3].start", 1.5)``."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]")
    else:
        yield path, value


def _below(path: str, roots: Sequence[str]) -> bool:
    plain = re.sub(r"\[\d+\]", "", path)
    return any(plain == root or plain.startswith(f"{root}.") for root in roots)


def _text(value: Any, numbers_only: bool) -> Any:
    if not isinstance(value, str):
        return value
    return _NUMBER.findall(value) if numbers_only else RENAMED.get(value, value)


def compare_timelines(folder: str, before: bytes, after: bytes, any_wording: bool = False) -> Row:
    """Compare two ``timeline.json`` documents value by value."""
    one, two = (
        {path: value for path, value in leaves(json.loads(document)) if not _below(path, VOLATILE)}
        for document in (before, after)
    )
    differences: list[str] = []
    remarks: list[str] = []
    for path in sorted(one.keys() | two.keys()):
        if path not in one or path not in two:
            line = f"{path}: only in {'AFTER' if path in two else 'BEFORE'}"
            (remarks if _below(path, (SETTINGS,)) else differences).append(line)
            continue
        numbers_only = any_wording and _below(path, TEXTS)
        old, new = _text(one[path], numbers_only), _text(two[path], numbers_only)
        if old != new:
            differences.append(f"{path}: {one[path]!r} -> {two[path]!r}")
    return Row(folder, "timeline.json", f"{len(two)} values", tuple(differences), tuple(remarks))


def decoded(path: Path) -> Iterator[tuple[str, str]]:
    """Every decoded frame and block of sound of a video: its name (stream and time, s) and its SHA-256."""
    with av.open(str(path)) as container:
        for frame in container.decode():
            if not isinstance(frame, VideoFrame | AudioFrame):
                continue
            kind = "frame" if isinstance(frame, VideoFrame) else "sound"
            time = -1.0 if frame.time is None else frame.time
            yield f"{kind} at {time:.4f} s", hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest()


def compare_videos(folder: str, before: Path, after: Path) -> Row:
    """Compare two videos, decoded frame by frame and block by block."""
    nothing = ("nothing", "")
    counts, differences = {"frame": 0, "sound": 0}, []
    for old, new in zip_longest(decoded(before), decoded(after), fillvalue=nothing):
        if new is not nothing:
            counts[new[0].split()[0]] += 1
        if old[0] != new[0]:
            differences.append(f"{old[0]} -> {new[0]}")
        elif old != new:
            differences.append(f"{old[0]}: other content")
    return Row(folder, after.name, "{frame} frames, {sound} blocks".format(**counts), tuple(differences))


def _files(folder: Path) -> set[str]:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {name for name in found if name not in COSTS and not any(part[0] == "." for part in name.split("/"))}


def compare_folders(name: str, before: Path, after: Path, any_wording: bool = False) -> Iterator[Row]:
    """Compare two folders of results, file by file."""
    old, new = _files(before), _files(after)
    for item in sorted(old | new):
        one, two = before / item, after / item
        if item not in old or item not in new:
            yield Row(name, item, "", (f"only in {'AFTER' if item in new else 'BEFORE'}",))
        elif item == "timeline.json":
            yield compare_timelines(name, one.read_bytes(), two.read_bytes(), any_wording)
        elif item in VIDEOS:
            if item == "safe.mp4" or not any_wording:
                yield compare_videos(name, one, two)
        else:
            same = one.read_bytes() == two.read_bytes()
            yield Row(name, item, f"{two.stat().st_size} bytes", () if same else ("other content",))


def result_folders(root: Path) -> set[str]:
    """The names of the folders in ``root`` that hold results."""
    return {path.parent.name for path in root.glob("*/timeline.json")}


def run_all(out: Path, registries: Path, names: Sequence[str]) -> None:
    """Write the results of the named recordings to ``out``, first making registries that ``registries`` lacks."""
    registries.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    for name in names:
        print(f"processing {name}", file=sys.stderr, flush=True)
        kept = registries / name
        if name == DEMO:
            own = out / f"{DEMO}-registered"  # where `discreet demo` looks for its registry
            if kept.is_dir():
                shutil.copytree(kept, own, dirs_exist_ok=True)
            known = own if own.is_dir() else None
            run_discreet("demo", "-o", str(out / DEMO), "--overwrite", registry=known, repeatable=True)
            shutil.copytree(own, kept, dirs_exist_ok=True)
            continue
        meeting = composed.load(name)
        if not kept.is_dir():
            enrolled_registry(kept, meeting, Store())
        process_meeting(meeting.path, out / name, kept, repeatable=True)


def main() -> None:
    """Print the table; exit with 1 if anything differs."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.runs.compare_results",
        description=(__doc__ or "").split("``python")[0].strip().rstrip(":") + ".",
    )
    parser.add_argument("before", type=Path, help="folder of the results to compare with")
    parser.add_argument("after", type=Path, help="folder of the new results")
    parser.add_argument("names", nargs="*", help=f"compare only these recordings: {DEMO} {' '.join(composed.MEETINGS)}")
    parser.add_argument("--run", action="store_true", help="first write AFTER with this version")
    parser.add_argument("--registered", type=Path, help="registries for --run (default: BEFORE-registered)")
    parser.add_argument("--any-wording", action="store_true", help="compare only the numbers in texts for readers")
    options = parser.parse_intermixed_args()
    before, after = options.before, options.after
    if options.run:
        registries = options.registered or before.with_name(f"{before.name}-registered")
        run_all(after, registries, options.names or (DEMO, *composed.MEETINGS))
    rows: list[Row] = []
    for name in options.names or sorted(result_folders(before) | result_folders(after)):
        for row in compare_folders(name, before / name, after / name, options.any_wording):
            rows.append(row)
            print(row, flush=True)
    differing = sum(bool(row.differences) for row in rows)
    print(f"{len(rows)} items compared, {differing} differ")
    if differing or not rows:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
