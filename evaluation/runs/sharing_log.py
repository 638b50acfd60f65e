"""The audit log under attack: kills during exports, tampering, and unusual access among ordinary days.

Run by ``python -m evaluation.runs.sharing``; each part yields rows of what, figure, mark, and whether it is met.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import numpy as np

from discreet.share import Project, clean_staging, export
from evaluation.data.share_project import SharedProject, shared_project
from registered import Registry
from sharing import AuditLog, Entry, Event, FileHead
from sharing.audit import anomalies as unusual

Rows = Iterator[tuple[str, str, str, bool]]
KILLS, LATE = 100, 40
"""Kills in all; so many of them at the last steps of an export, in which it is announced and served."""
STEPS = ("open", "os.", "shutil.", "sqlite3.", "tempfile.")
"""Audit events of Python that count as a step."""
LINES = 60
TAMPERINGS = 1000
DAYS = 1000
KEY = bytes(range(32))
START = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)


def kills() -> Rows:
    """Kill exports with SIGKILL at moments spread over their whole run, most densely when they are served."""
    with shared_project() as shared:
        export(shared.project, shared.request(shared.home / "warm"), shared.settings)
        steps = _export_in_child(shared, shared.home / "whole", None)
        whole = (shared.home / "whole").exists()
        yield "kills: an export that nobody kills is served", str(whole), "True", whole
        early, late = KILLS - LATE, range(steps - LATE, steps)
        served = unlogged = partial = 0
        for number, step in enumerate([*(round(steps * n / early) for n in range(early)), *late]):
            out = shared.home / f"out-{number}"
            clean_staging(shared.project.folder)  # else the next export does it, and takes more steps
            _export_in_child(shared, out, step)
            lines = [e for e in shared.project.log.entries() if (e.action, e.outcome) == ("export", "allowed")]
            places = {record.place: record.id for record in shared.project.ledger.all()}
            if out.exists():
                served += 1
                unlogged += places.get(str(out)) not in {line.subject for line in lines}
                partial += not (out / "provenance.jsonl").exists()
        intact = not shared.project.log.verify()
    yield "kills: exports served without a line", f"{unlogged} of {served} ({KILLS} kills)", "0", unlogged == 0
    yield "kills: exports served in part", f"{partial} of {served}", "0", partial == 0
    yield "kills: some were killed after they were served", str(served), "> 0", served > 0
    yield "kills: the log is in order afterwards", str(intact), "True", intact


def _export_in_child(shared: SharedProject, out: Path, last: int | None) -> int:
    """Export in a forked child that is killed before its step ``last``, None: never; how many steps it made.

    A step is whatever touches a file or a database. Steps do not depend on how busy the machine is.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        steps = 0

        def step(event: str, _: object) -> None:
            nonlocal steps
            if event.startswith(STEPS):
                if steps == last:
                    os.kill(os.getpid(), signal.SIGKILL)
                steps += 1

        sys.addaudithook(step)
        try:
            export(Project("bench", Registry.open(None)), shared.request(out), shared.settings)
        finally:
            os.write(write, str(steps).encode())
            os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    told = os.read(read, 32)
    os.close(read)
    return int(told or last or 0)


def audit() -> Rows:
    """Edits, deletions, swaps, cut tails and lost logs: how many are found, with the right lines named."""
    rng = np.random.default_rng(1)
    with TemporaryDirectory() as folder:
        home = Path(folder)
        log = AuditLog(home / "log.sqlite", KEY, FileHead(home / "head.json"))
        for n in range(LINES):
            log.record(Event(actor="u-1", action="read", subject=f"E-{n}"))
        clean = not log.verify()
        found = named = 0
        for number in range(TAMPERINGS):
            copy = home / "copy.sqlite"
            copyfile(log.path, copy)
            lines = TAMPER[number % len(TAMPER)](copy, rng)
            damage = {one.number for one in AuditLog(copy, KEY, FileHead(home / "head.json")).verify()}
            found += bool(damage)
            named += damage == lines
    yield "audit: an untouched log is in order", str(clean), "True", clean
    yield "audit: tamperings found", f"{found} of {TAMPERINGS}", "all", found == TAMPERINGS
    yield "audit: exactly the lines concerned named", f"{named} of {TAMPERINGS}", "all", named == TAMPERINGS


def _change(path: Path, *steps: tuple[str, tuple[int, ...]]) -> None:
    with sqlite3.connect(path) as db:
        for sql, values in steps:
            db.execute(sql, values)
    db.close()


def _edit(path: Path, rng: np.random.Generator) -> set[int]:
    n = int(rng.integers(1, LINES + 1))
    sql = "UPDATE lines SET line = CAST(replace(CAST(line AS TEXT), 'read', 'look') AS BLOB) WHERE number = ?"
    _change(path, (sql, (n,)))
    return {n}


def _delete(path: Path, rng: np.random.Generator) -> set[int]:
    n = int(rng.integers(1, LINES + 1))
    _change(path, ("DELETE FROM lines WHERE number = ?", (n,)))
    return {n}


def _swap(path: Path, rng: np.random.Generator) -> set[int]:
    a, b = (int(n) for n in rng.choice(np.arange(1, LINES + 1), 2, replace=False))
    move = "UPDATE lines SET number = ? WHERE number = ?"
    _change(path, (move, (LINES + 9, a)), (move, (a, b)), (move, (b, LINES + 9)))
    return {a, b}


def _cut(path: Path, rng: np.random.Generator) -> set[int]:
    n = int(rng.integers(1, LINES + 1))
    _change(path, ("DELETE FROM lines WHERE number >= ?", (n,)))
    return set(range(n, LINES + 1))


def _lose(path: Path, rng: np.random.Generator) -> set[int]:
    path.unlink()
    return set(range(1, LINES + 1))


TAMPER: tuple[Callable[[Path, np.random.Generator], set[int]], ...] = (_edit, _delete, _swap, _cut, _lose)


def anomalies() -> Rows:
    """False alarms in ordinary days, and how many of ten bursts, ten fourfold drips and ten nights are found."""
    alarms = len(unusual(_ordinary(DAYS, 0)))
    yield f"anomalies: false alarms in {DAYS} person-days", str(alarms), "<= 1", alarms <= 1
    hidden: dict[str, Callable[[np.random.Generator], list[Entry]]] = {
        "burst": lambda rng: _reads(60, rng.integers(8, 18, 40)),
        "drip": lambda rng: [e for day in range(60, 67) for e in _reads(day, rng.integers(8, 18, 12))],
        "hour": lambda rng: _reads(60, np.array([3])),
    }
    for kind, make in hidden.items():
        found = 0
        for seed in range(10):
            rng = np.random.default_rng(1000 + seed)
            entries = _ordinary(60, seed + 1, rate=3.0) + make(rng)
            late = (START + dt.timedelta(days=60)).date()
            # A drip that is reported as a burst on one of its days counts, too.
            found += any(one.day >= late and (one.kind == kind or kind == "drip") for one in unusual(entries))
        yield f"anomalies: {kind} found", f"{found} of 10", "all", found == 10


def _ordinary(days: int, seed: int, rate: float = 4.0) -> list[Entry]:
    """Twenty people together (or one, for few days) who read some files in working hours."""
    rng = np.random.default_rng(seed)
    people = 20 if days >= 200 else 1
    return [
        entry
        for person in range(people)
        for day in range(days // people)
        for entry in _reads(day, rng.integers(8, 18, rng.poisson(rate)), f"u-{person}")
    ]


def _reads(day: int, hours: np.ndarray, actor: str = "u-0") -> list[Entry]:
    event = Event(actor=actor, action="read", outcome="allowed")
    return [Entry.of(event, 1, START + dt.timedelta(days=day, hours=int(hour))) for hour in hours]
