"""Measure sharing: ``python -m evaluation.runs.sharing [--only PART ...]``, or ``make bench-sharing``.

Parts: *gate* plants a name in sixty-odd places and encodings and checks clean results; *access* compares every decision
with a table; *kills* ends exports at a hundred moments and looks for what was served without a line in the audit log;
*audit* tampers with the log; *anomalies* hides bursts, slow drips and night access in ordinary days; *pseudonyms* looks
for tokens that projects share; *revoke* recalls a thousand exports; *privacy* compares the noise of counts with its
law, and its neighbours by an exact test; *budget* spends from two processes at once and kills them; *credentials* flips
500 bits of a signed recording.
Each line gives the figure, its mark, and whether it is met; the command ends with 1 if one is not.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from scipy.stats import chisquare

from evaluation.data.planted_words import ENCODINGS, NAME, PLANTS, clean_gate, second_track, write_clean
from evaluation.data.share_project import shared_project
from evaluation.metrics.differential_privacy import excess
from evaluation.runs.sharing_budget import budget
from evaluation.runs.sharing_credentials import credentials
from evaluation.runs.sharing_log import anomalies, audit, kills
from registered import GIVEN
from sharing.levels import laplace, noisy
from sharing.policy import LEVELS
from sharing.pseudonyms import Tokens

CLEAN = 20
PEOPLE = 20_000
EXPORTS = 1000
DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One figure with its mark."""

    what: str
    figure: str
    mark: str
    met: bool


def gate() -> Iterator[Row]:
    """Share of plants that are refused with their file named, and of clean results that pass."""
    checker = clean_gate()
    with TemporaryDirectory() as folder:
        refused = named = total = passed = 0
        for seed in range(CLEAN):
            write_clean(Path(folder) / f"clean-{seed}", seed)
            passed += not checker.check(Path(folder) / f"clean-{seed}")
        plants = [(file, put, encode) for (file, put), encode in product(PLANTS.values(), ENCODINGS.values())]
        plants.append(("safe.mp4", second_track, ENCODINGS["plain"]))
        for number, (file, put, encode) in enumerate(plants):
            planted = copytree(Path(folder) / f"clean-{number % CLEAN}", Path(folder) / f"planted-{number}")
            put(Path(planted), encode(NAME))
            found = checker.check(Path(planted))
            total, refused = total + 1, refused + bool(found)
            named += bool(found) and {finding.file for finding in found} == {file}
    yield Row("gate: plants refused", f"{refused} of {total}", "all", refused == total)
    yield Row("gate: the file named, and no other", f"{named} of {total}", "all", named == total)
    yield Row("gate: clean results that pass", f"{passed} of {CLEAN}", "all", passed == CLEAN)


def access() -> Iterator[Row]:
    """Compare decisions with a table, also with missing and mistyped attributes; CPU time of a decision."""
    with shared_project() as shared:
        rules, decisions = shared.project.governance, shared.project.decisions
        grants = {(g.role, g.purpose): set(g.levels) for g in rules.grants}
        held = {name: one.role for name, one in rules.recipients.items()}
        states = (GIVEN, "expired", "not yet", "other purpose", "other terms", "opted out", "not enrolled")
        names = [*held, "nobody"], [*rules.roles, "undefined"], [*rules.purposes, "undefined"], [*LEVELS, "raw"]
        wrong = total = 0
        costs = []
        for who, role, purpose, level in product(*names):
            begin = time.process_time()
            allowed = bool(decisions.export(who, role, purpose, level))
            costs.append(time.process_time() - begin)
            granted = held.get(who) == role and level in grants.get((role, purpose), set())
            wrong, total = wrong + (allowed != granted), total + 1
            for state in states:
                included = bool(decisions.include(who, role, purpose, state))
                right = held.get(who) == role and (role, purpose) in grants and state == GIVEN
                wrong, total = wrong + (included != right), total + 1
        context = {"role": "researcher", "purpose": "study"}
        spoilt: list[tuple[dict[str, Any], dict[str, Any]]] = [
            ({}, context),
            ({"level": 3}, context),
            ({"level": "transcript"}, {"role": "researcher"}),
        ]
        spoilt += [({"level": "transcript"}, {**context, key: value}) for key in context for value in (None, 1, [""])]
        opened = sum(decisions.ask("export", "partner", resource, asked) for resource, asked in spoilt)
    yield Row("access: decisions that differ from the table", f"{wrong} of {total}", "0", wrong == 0)
    yield Row("access: missing or mistyped, yet allowed", f"{opened} of {len(spoilt)}", "0", opened == 0)
    p95 = float(np.percentile(costs, 95)) * 1000
    yield Row("access: CPU of a decision, p95", f"{p95:.1f} ms", "< 10 ms", p95 < 10)


def pseudonyms() -> Iterator[Row]:
    """Tokens that two projects share, and what the list of ids reveals without a key."""
    with shared_project() as shared:
        registry = shared.project.registry
        one, two, none = (Tokens(key) for key in (*map(registry.secret, ("one", "two")), bytes(32)))
    ids = [f"p-{n:016x}" for n in range(PEOPLE)]
    first, second = ({tokens.person(id) for id in ids} for tokens in (one, two))
    shared_tokens, guessed = len(first & second), len(first & {none.person(id) for id in ids})
    yield Row("pseudonyms: different ones of 20 000 people", str(len(first)), str(PEOPLE), len(first) == PEOPLE)
    yield Row("pseudonyms: shared by two projects", str(shared_tokens), "0", shared_tokens == 0)
    yield Row("pseudonyms: guessed from the ids without the key", str(guessed), "0", guessed == 0)


def revoke() -> Iterator[Row]:
    """CPU seconds of a withdrawal from a thousand exports."""
    import datetime as dt

    from discreet.share import revoke as withdraw
    from sharing.exports import ExportRecord

    with shared_project() as shared:
        project, now = shared.project, dt.datetime.now(dt.UTC)
        token = project.tokens.person(shared.people[0].id)
        for number in range(EXPORTS):
            project.ledger.add(
                ExportRecord(
                    id=f"E-{'A' * 8}{''.join(chr(ord('A') + int(digit)) for digit in f'{number:05d}')}",
                    at=now,
                    recipient="partner",
                    role="researcher",
                    purpose="study",
                    level="transcript",
                    keep_until=now.date(),
                    people=(token,),
                    files={f"data/{n}": "0" * 64 for n in range(5)},
                )
            )
        begin = time.process_time()
        done = withdraw(project.registry, shared.people[0].id)
        seconds = time.process_time() - begin
    found = len(done.recalled)
    yield Row("revoke: exports recalled", f"{found} of {EXPORTS}", "all", found == EXPORTS)
    yield Row("revoke: CPU", f"{seconds:.1f} s", "< 5 s", seconds < 5)


def privacy() -> Iterator[Row]:
    """The distribution of the counts' noise, and the largest likelihood ratio beside a neighbour."""
    epsilon, most = 1.0, 2
    found = Counter(noisy(0, most, epsilon) for _ in range(DRAWS))
    beside = Counter(noisy(most, most, epsilon) for _ in range(DRAWS))
    q, edge = math.exp(-epsilon / most), 10
    chance = {k: (1 - q) / (1 + q) * q ** abs(k) for k in range(1 - edge, edge)}
    tail = (1 - sum(chance.values())) / 2
    low, high = (sum(n for k, n in found.items() if side * k >= edge) for side in (-1, 1))
    observed = [low, *(found[k] for k in chance), high]
    p = float(chisquare(observed, [DRAWS * share for share in (tail, *chance.values(), tail)]).pvalue)
    yield Row(f"privacy: chi-square of {DRAWS} draws, p", f"{p:.3f}", "> .01", p > 0.01)
    proved = max(
        float(laplace(bound, cost).map(bound)) / cost
        for bound, cost in product((1, 2, 7, 60, 1800), (0.01, 0.1, 0.133, 0.4, 1.0, 4.0))
    )
    yield Row("privacy: proved cost over epsilon, 30 settings", f"{proved:.16g}", "<= 1", proved <= 1)
    shown = excess(found, beside, epsilon)
    yield Row(
        "privacy: outcomes and tails certainly above e^eps",
        f"{shown.certain} of {shown.events}",
        "0 (99 %, all together)",
        shown.certain == 0,
    )
    yield Row(
        "privacy: ratio, highest lower 99 % limit", f"{shown.lower:.2f}", f"<= e = {math.e:.2f}", shown.lower <= math.e
    )
    weak = [Counter(noisy(value, most, 1.5 * epsilon) for _ in range(DRAWS)) for value in (0, most)]
    control = excess(weak[0], weak[1], epsilon)
    yield Row("privacy: control, noise for 1.5 epsilon: found", str(control.certain), "> 0", control.certain > 0)


def _log(part: Callable[[], Iterator[tuple[str, str, str, bool]]]) -> Callable[[], Iterator[Row]]:
    return lambda: (Row(*row) for row in part())


PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "gate": gate,
    "access": access,
    "kills": _log(kills),
    "audit": _log(audit),
    "anomalies": _log(anomalies),
    "pseudonyms": pseudonyms,
    "revoke": revoke,
    "privacy": privacy,
    "budget": _log(budget),
    "credentials": _log(credentials),
}


def main() -> int:
    """Print every figure; returns 1 if a mark is not met."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.runs.sharing", description="Measure sharing.")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="these parts")
    failed = 0
    for name in parser.parse_args().only:
        for row in PARTS[name]():
            failed += not row.met
            print(
                f"{row.what:54s} {row.figure:>16s}   mark {row.mark:24s} {'met' if row.met else 'NOT MET'}", flush=True
            )
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
