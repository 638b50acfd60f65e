"""The privacy budget under attack: two processes that spend at once, and kills between spending and releasing.

Run by ``python -m evaluation.runs.sharing --only budget``. What a process got is what it wrote down after the release,
so a release that was never paid for would show as more written down than the budget says was spent.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sharing.levels import Budget
from timeline import RefusedError

TOTAL, COST = 1.0, 0.004
PROCESSES, KILLS = 2, 100
LONGEST_S = 0.05
"""A process is killed after at most so long; a release takes some milliseconds."""


def budget() -> Iterator[tuple[str, str, str, bool]]:
    """Whether more is released than was spent, or more is spent than there is."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        gate = _Gate()
        spenders = [_spender(home / "two.sqlite", home / f"two-{number}", gate=gate) for number in range(PROCESSES)]
        gate.open()
        for child in spenders:
            os.waitpid(child, 0)
        most = round(TOTAL / COST)
        got = [_got(home / f"two-{number}") for number in range(PROCESSES)]
        spent = Budget(home / "two.sqlite", TOTAL).spent()
        both = all(got) and sum(got) == most and spent <= TOTAL
        yield "budget: releases of two processes at once", f"{sum(got)}, spent {spent:g}", f"{most}, 1", both
        drawn = random.Random(1)
        for _ in range(KILLS):
            child = _spender(home / "killed.sqlite", home / "killed", KILLS * most)
            time.sleep(drawn.uniform(0, LONGEST_S))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        spent = Budget(home / "killed.sqlite", TOTAL).spent()
        released = _got(home / "killed")
        kept = released * COST <= spent + 1e-9 and spent <= TOTAL
    yield f"budget: released after {KILLS} kills", f"{released}, spent {spent:g}", "no more than spent, <= 1", kept


class _Gate:
    """Lets all processes pass at once, when all have come: on a busy machine, one may be done before another begins."""

    def __init__(self) -> None:
        (self._come, self._comes), (self._waits, self._starts) = os.pipe(), os.pipe()

    def pass_through(self) -> None:
        """Wait for the others; called in each process."""
        os.write(self._comes, b".")
        os.read(self._waits, 1)

    def leave(self) -> None:
        """Keep nobody waiting for a process that ends before it comes."""
        os.write(self._comes, b".")

    def open(self) -> None:
        """Wait for all processes, and let them go on."""
        for _ in range(PROCESSES):
            os.read(self._come, 1)
        os.write(self._starts, b"." * PROCESSES)
        for end in (self._come, self._comes, self._waits, self._starts):
            os.close(end)


def _spender(path: Path, wrote: Path, most: int = 10_000, gate: _Gate | None = None) -> int:
    """A forked process that spends until nothing is left, and writes a byte for each release it got; its id.

    After its first release it passes the ``gate``, so that all get something and the rest at once.
    """
    child = os.fork()
    if child:
        return child
    try:
        with wrote.open("ab", buffering=0) as file:
            for number in range(most):
                file.write(Budget(path, TOTAL).release(COST, "bench", lambda: b"."))
                if gate is not None and number == 0:
                    gate.pass_through()
    except RefusedError:
        pass
    finally:
        if gate is not None:
            gate.leave()
        os._exit(0)


def _got(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
