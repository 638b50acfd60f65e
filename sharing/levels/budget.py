"""The privacy budget of a project, in SQLite: spending is on disk before anything is released.

Epsilons add up (sequential composition: Dwork and Roth, *The Algorithmic Foundations of Differential Privacy*, 2014,
theorem 3.16). A crash between spending and releasing loses budget, never privacy.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sharing.private_database import connect
from timeline import OutputError, RefusedError

T = TypeVar("T")
_UNIT = 1_000_000
"""Epsilon is counted in whole millionths, because sums of floats drift."""
_TABLE = """CREATE TABLE IF NOT EXISTS spent
(number INTEGER PRIMARY KEY, at TEXT NOT NULL, what TEXT NOT NULL, millionths INTEGER NOT NULL) STRICT"""


class Budget:
    """The privacy budget for the counts of one project.

    Args:
        path: the SQLite file; made with mode 0600 if it does not exist.
        total: epsilon of all counts together.
    """

    def __init__(self, path: Path, total: float) -> None:
        self.path, self._total = path, int(total * _UNIT)

    def spent(self) -> float:
        """Epsilon spent so far."""
        with contextlib.closing(self._open()) as db:
            return self._sum(db) / _UNIT

    def release(self, epsilon: float, what: str, draw: Callable[[], T]) -> T:
        """Spend ``epsilon``, call ``draw``, and return its result once the spending is on disk.

        Args:
            epsilon: cost, above 0; rounded up to millionths.
            what: remark that is stored with it.
            draw: makes the noisy counts.

        Raises:
            RefusedError: too little is left; nothing was spent.
            OutputError: it cannot be written; nothing is released.
            ValueError: the cost is not a positive number.
        """
        if not 0 < epsilon < 1e6:
            raise ValueError("epsilon must be greater than 0")
        cost = -int(-epsilon * _UNIT // 1)
        try:
            with contextlib.closing(self._open()) as db:
                db.execute("BEGIN IMMEDIATE")
                left = self._total - self._sum(db)
                if cost > left:
                    raise RefusedError(
                        f"these counts cost {epsilon:g} of the privacy budget, and {left / _UNIT:g} are left",
                        "ask for a smaller --epsilon; a larger [counting] epsilon weakens the promise to participants",
                    )
                now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
                db.execute("INSERT INTO spent (at, what, millionths) VALUES (?, ?, ?)", (now, what, cost))
                drawn = draw()
                db.execute("COMMIT")
                return drawn
        except sqlite3.Error as error:
            raise OutputError(
                f"the privacy budget cannot be written ({type(error).__name__})",
                "nothing is released until it can be written",
            ) from error

    def _open(self) -> sqlite3.Connection:
        db = connect(self.path)
        db.execute(_TABLE)
        return db

    @staticmethod
    def _sum(db: sqlite3.Connection) -> int:
        return int(db.execute("SELECT coalesce(sum(millionths), 0) FROM spent").fetchone()[0])
