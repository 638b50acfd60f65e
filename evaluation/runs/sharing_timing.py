"""Attack the times of a shared transcript: ``python -m evaluation.runs.sharing_timing [--sentences N]``.

Twenty speakers say the same sentences in interviews that are otherwise equal (``evaluation.data.interviews``). An
informed attacker learns on half of the sentences, from the times in exports, and says who speaks in the others. At a
constant rate it must do no better, within .05, than with random numbers in place of the times; with the real times it
must do well, or the attack is void. Jitter is told, for the note that its option gives.

The second table has the readers of VCTK, real voices, with the sentences that all of them read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from evaluation.attacks.linkage import Linked, linked
from evaluation.data.interviews import SPEAKER, exported
from evaluation.data.same_text_speakers import Reading, made, readers, sentences
from sharing.levels import Transcript
from timeline import Timeline
from weights import Store

SENTENCES = 100
TURNS = (1, 10)
NEAR = 0.05
FOUND = 2.0
"""The control: with the real times, rank-1 of several turns is at least so many times chance."""
JITTERS = (0.05, 0.25, 1.0)


@dataclass(frozen=True, slots=True)
class Row:
    """What was attacked, with how many turns, and what came out."""

    what: str
    turns: int
    result: Linked


def times(document: Timeline) -> list[float]:
    """What the times in a document tell of an answer."""
    own = [turn for turn in document.turns if turn.person == SPEAKER]
    others = [turn for turn in document.turns if turn.person != SPEAKER]
    words = [word for word in document.words if word.person == SPEAKER]
    lengths = [turn.end - turn.start for turn in own]
    gaps = [b.start - a.end for a, b in pairwise(own)]
    return [
        float(len(own)),
        float(len(others)),
        sum(lengths),
        lengths[0],
        lengths[-1],
        sum(gaps),
        max(gaps, default=0.0),
        own[0].start - others[0].end,
        others[-1].start - own[0].start,
        own[-1].end - own[0].start,
        float(np.median([word.end - word.start for word in words])),
        document.recording.duration,
    ]


def attacked(readings: Sequence[Reading], turns: Sequence[int]) -> Iterator[Row]:
    """Every kind of export of the same readings, and random numbers."""
    who, numbers = [one.speaker for one in readings], [one.number for one in readings]
    levels = {"real times": 0.0, **{f"jitter {jitter:g} s": jitter for jitter in JITTERS}, "constant rate": None}
    rows: dict[str, npt.NDArray[np.float64]] = {
        what: np.array([times(one) for one in exported(Transcript({}, jitter), readings)])
        for what, jitter in levels.items()
    }
    rows["random numbers"] = np.random.default_rng(7).normal(size=rows["constant rate"].shape)
    for what, told in rows.items():
        for count in turns:
            yield Row(what, count, linked(told, who, numbers, count))


def shown(title: str, rows: Sequence[Row]) -> None:
    """Print a table."""
    print(f"{title}: chance {rows[0].result.chance:.3f}", flush=True)
    for row in rows:
        found = row.result
        print(
            f"  {row.what:16s} {row.turns:2d} turns: rank-1 {found.rank1:.3f}, 95 % at most {found.upper:.3f}"
            f" ({found.trials} trials, {found.attacker})",
            flush=True,
        )


def marks(rows: Sequence[Row]) -> list[tuple[str, bool]]:
    """What must hold, and whether it does."""
    by = {(row.what, row.turns): row.result for row in rows}
    several = max(turns for _, turns in by)
    real = by["real times", several]
    out = [(f"control: real times at least {FOUND:g} x chance", real.rank1 >= FOUND * real.chance)]
    for turns in sorted({turns for _, turns in by}):
        above = by["constant rate", turns].rank1 - by["random numbers", turns].rank1
        out.append((f"constant rate within {NEAR:g} of random numbers, {turns} turns: {above:+.3f}", above <= NEAR))
    return out


def main() -> int:
    """Print both tables; 1 if a mark is not met, or the attack is void."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.runs.sharing_timing", description="Attack times.")
    parser.add_argument("--sentences", type=int, default=SENTENCES, help="said by each of the 20 voices")
    given = parser.parse_args()
    rows = list(attacked(list(made(Store(), sentences()[: given.sentences])), TURNS))
    shown("20 voices, equal sentences", rows)
    real = list(readers())
    if real:
        shown("4 readers of VCTK, equal sentences (few: told, not judged)", list(attacked(real, (1, 4))))
    failed = 0
    for what, met in marks(rows):
        failed += not met
        print(f"{what}: {'met' if met else 'NOT MET'}", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
