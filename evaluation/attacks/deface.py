"""deface (MIT), the program most users would try: it blurs every face of a finished video.

It is not a dependency. Benchmarks run it on the same frames if the program ``deface`` is on the path or named by
``$DEFACE``.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from evaluation.attacks.safe_recording import SafePicture, reidentify_faces
from evaluation.data.composed import Composed
from weights import Store

OPTIONS: tuple[tuple[str, ...], ...] = ((), ("--scale", "640x360"))
"""With its defaults, and with what its documentation recommends if it is too slow."""


def program() -> str | None:
    """Path of deface, or None."""
    return os.environ.get("DEFACE") or shutil.which("deface")


def deface(clip: Path, target: Path, options: tuple[str, ...] = ()) -> float:
    """Run deface on ``clip`` and return the CPU seconds of its process and its children.

    Raises:
        FileNotFoundError: it is not installed.
        subprocess.CalledProcessError: it failed.
    """
    path = program()
    if path is None:
        raise FileNotFoundError("deface is neither on the path nor named by $DEFACE")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [path, str(clip), "-o", str(target), *options],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@dataclass(frozen=True, slots=True)
class DefaceResult:
    """How well deface hid the faces of a meeting.

    Attributes:
        command: how it was called.
        cpu_ms: CPU milliseconds per picture, including decoding and encoding.
        picture: the strangers who can still be recognised; ``visible`` counts those who need not have been blurred.
    """

    command: str
    cpu_ms: float
    picture: SafePicture


def compare_deface(meeting: Composed, enrolled: tuple[str, ...], folder: Path, store: Store) -> Iterator[DefaceResult]:
    """Run deface on ``meeting`` and attack its result like our own; yields nothing if deface is not installed.

    Its results take minutes and do not change with Discreet, so they are stored in ``folder``.
    """
    if program() is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for options in OPTIONS:
        command = " ".join(["deface", *options])
        target = folder / f"{meeting.name}{'-'.join(['', *options])}.mp4"
        cost = target.with_suffix(".json")
        if not (target.exists() and cost.exists()):
            cost.write_text(json.dumps(deface(meeting.path, target, options)), encoding="utf-8")
        seconds = float(json.loads(cost.read_text(encoding="utf-8")))
        picture = reidentify_faces(meeting, target, enrolled, store)
        yield DefaceResult(command, round(1000 * seconds / max(1, picture.frames), 1), picture)


def line(row: DefaceResult) -> str:
    """The result in one line."""
    found = asdict(row.picture)
    return (
        f"{row.command}: leaks {found['first']} in the first 0.3 s, {found['later']} after, of {found['strangers']} "
        f"({row.picture.leaked:.2%}); CPU-ms a picture {row.cpu_ms}"
    )
