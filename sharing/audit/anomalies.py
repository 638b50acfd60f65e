"""Detects unusual access: bursts, slow drips, odd hours and refusals, compared with the actor's own habit.

Counts are compared with the negative binomial that predicts a day's count from the days before: a Poisson rate with
a gamma prior (Gelman et al., *Bayesian Data Analysis*, 3rd ed., section 2.6). Somebody who reads ten files a day may
read twelve; somebody who never read one cannot read ten unnoticed.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from sharing.audit.chain import Entry
from timeline import Document

Kind = Literal["burst", "drip", "hour", "refused"]


class AnomalySettings(Document):
    """When access counts as unusual. The defaults are measured by ``python -m evaluation.runs.sharing --anomalies``.

    Attributes:
        actions: the actions that count as access.
        chance: how unlikely a day or week must be, between 0 and 1. Four tests a day at 1e-4 each keep false alarms
            under one in a thousand person-days with some margin.
        prior_days: how many days the general habit counts against an actor's own.
        prior_rate: expected accesses per day of somebody about whom nothing is known.
        week: days over which a slow drip is summed.
        quiet_hours: hours on either side of a usual hour that count as usual, too.
        refusals: least refusals on one day that are reported.
    """

    actions: tuple[str, ...] = ("read", "export")
    chance: float = Field(1e-4, gt=0.0, lt=0.05)
    prior_days: float = Field(2.0, gt=0.0, le=30.0)
    prior_rate: float = Field(3.0, gt=0.0, le=1000.0)
    week: int = Field(7, ge=2, le=60)
    quiet_hours: int = Field(2, ge=0, le=6)
    refusals: int = Field(3, ge=1, le=1000)


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One finding: who, on which day, of what kind, how many accesses, and how many would be usual."""

    actor: str
    day: dt.date
    kind: Kind
    count: int
    usual: float

    def __str__(self) -> str:
        what = {
            "burst": f"{self.count} accesses in one day",
            "drip": f"{self.count} accesses over several days",
            "hour": f"{self.count} accesses at an unusual hour",
            "refused": f"{self.count} refused requests in one day",
        }[self.kind]
        return f"{self.day} {self.actor}: {what}, usual are {self.usual:.1f}"


def anomalies(entries: Iterable[Entry], settings: AnomalySettings | None = None) -> list[Anomaly]:
    """The unusual access in the log, sorted by day; each day is compared with the days before it.

    Args:
        entries: lines of the log, in any order. Days and hours are in UTC.
        settings: default :class:`AnomalySettings`.
    """
    settings = settings or AnomalySettings()
    by_actor: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_actor[entry.actor].append(entry)
    found = [one for actor, lines in by_actor.items() for one in _Habit(actor, settings).judge(lines)]
    return sorted(found, key=lambda one: (one.day, one.actor, one.kind))


class _Habit:
    """What one actor usually does, learnt day by day."""

    def __init__(self, actor: str, settings: AnomalySettings) -> None:
        self.actor, self.settings = actor, settings
        self.days: list[int] = []
        self.hours: Counter[int] = Counter()

    def judge(self, lines: Sequence[Entry]) -> list[Anomaly]:
        by_day: dict[dt.date, list[Entry]] = defaultdict(list)
        for line in lines:
            by_day[line.at.date()].append(line)
        found = []
        first, last = min(by_day), max(by_day)
        for day in (first + dt.timedelta(days=n) for n in range((last - first).days + 1)):
            today = by_day.get(day, [])
            reads = [line for line in today if line.action in self.settings.actions and line.outcome != "refused"]
            found += self._judge_day(day, reads, sum(line.outcome == "refused" for line in today))
            self.days.append(len(reads))
            self.hours.update(line.at.hour for line in reads)
        return found

    def _judge_day(self, day: dt.date, reads: Sequence[Entry], refused: int) -> list[Anomaly]:
        found = []
        count, rate = len(reads), self._rate(self.days)
        if self._unlikely(count, self.days, 1):
            found.append(Anomaly(self.actor, day, "burst", count, rate))
        recent = self.settings.week - 1
        older, week = self.days[: max(0, len(self.days) - recent)], self.days[-recent:]
        total = sum(week) + count
        if len(older) >= self.settings.week and self._unlikely(total, older, self.settings.week) and not found:
            found.append(Anomaly(self.actor, day, "drip", total, self._rate(older) * self.settings.week))
        odd = sum(self._odd(line.at.hour) for line in reads)
        if odd:
            found.append(Anomaly(self.actor, day, "hour", odd, 0.0))
        if refused >= self.settings.refusals:
            found.append(Anomaly(self.actor, day, "refused", refused, 0.0))
        return found

    def _rate(self, days: Sequence[int]) -> float:
        prior = self.settings.prior_days
        return (sum(days) + prior * self.settings.prior_rate) / (len(days) + prior)

    def _unlikely(self, count: int, days: Sequence[int], span: int) -> bool:
        """Whether ``count`` or more accesses in ``span`` days are less likely than ``settings.chance``."""
        prior = self.settings.prior_days
        shape = sum(days) + prior * self.settings.prior_rate
        return negative_binomial_tail(count, shape, (len(days) + prior) / span) < self.settings.chance

    def _odd(self, hour: int) -> bool:
        seen = sum(self.hours.values())
        near = sum(
            self.hours[(hour + n) % 24] for n in range(-self.settings.quiet_hours, self.settings.quiet_hours + 1)
        )
        # With nothing near among ``seen`` accesses, the chance of this hour is below about 1 / seen (rule of
        # succession).
        return near == 0 and seen > 0 and 1.0 / (seen + 2) < math.sqrt(self.settings.chance)


def negative_binomial_tail(count: int, shape: float, rate: float) -> float:
    """The chance of ``count`` or more events if their Poisson rate is Gamma(``shape``, ``rate``) distributed."""
    if count <= 0:
        return 1.0
    success = rate / (rate + 1.0)
    log_term, below = shape * math.log(success), 0.0
    for k in range(count):
        below += math.exp(log_term)
        log_term += math.log((shape + k) / (k + 1.0)) + math.log1p(-success)
    return max(0.0, 1.0 - below)
