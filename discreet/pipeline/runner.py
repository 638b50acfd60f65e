"""Runs a stage: shows it to the user, measures it, and stores its sealed result, so that a stopped run can continue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from discreet.pipeline.cache import StageCache
from discreet.pipeline.resource_meter import ResourceMeter
from discreet.pipeline.serialise import Serialiser
from discreet.progress import Ui
from timeline import Progress, StageReport, log_step
from weights import give_memory_back

T = TypeVar("T")
V = TypeVar("V")


class StageRunner:
    """The stages of one run.

    Args:
        ui: shows what happens.
        cache: stores results; None: nothing is stored.
        duration: of the recording, s; costs are relative to it.
    """

    def __init__(self, ui: Ui, cache: StageCache | None, duration: float) -> None:
        self._ui, self._cache, self._duration = ui, cache, duration
        self.reports: list[StageReport] = []

    def measured(self, name: str, title: str, work: Callable[[Progress], T]) -> T:
        """Run ``work``, add its cost to the reports, and return its result.

        Memory that it freed goes back to the system: glibc would keep 150 to 500 MB of a stage's models and pictures,
        beside those of the next stage.
        """
        progress = self._ui.stage(title)
        with ResourceMeter(name, self._duration) as meter:
            result = work(progress)
        give_memory_back()
        progress(1.0)
        report = meter.report
        log_step("stage finished", name, seconds=report.seconds, peak_mb=report.peak_rss_mb)
        self.reports.append(report)
        return result

    def kept(self, name: str, title: str, form: Serialiser[T], work: Callable[[Progress], T]) -> T:
        """The stored result of this stage from an earlier run; otherwise run ``work``, measure it and store its result.

        Args:
            name: of the stage, also in the report.
            title: shown to the user.
            form: how its result is stored.
            work: does the stage.
        """
        found = self.kept_part(name, form)
        if found is not None:
            self._ui.stage(title)(1.0)
            log_step("stage kept from the run before", name)
            self._ui.note(f"{title}: kept from the run before")
            return found
        result = self.measured(name, title, work)
        if self._cache is not None:
            self._cache.keep(name, form.encode(result))
        return result

    @property
    def keeps(self) -> bool:
        """Whether results are stored."""
        return self._cache is not None

    def holds(self, name: str) -> bool:
        """Whether something is stored under that name; it may still be unreadable."""
        return self._cache is not None and self._cache.holds(name)

    def kept_part(self, name: str, form: Serialiser[T]) -> T | None:
        """The result stored under that name, or None."""
        return self._cache.load(name, form.decode) if self._cache is not None else None

    def keep(self, name: str, form: Serialiser[T], result: T) -> None:
        """Store a result in place of the one that is stored under that name."""
        if self._cache is not None:
            self._cache.keep(name, form.encode(result))

    def part(self, name: str, form: Serialiser[T], work: Callable[[], T]) -> T:
        """A part of a stage, stored in this run or an earlier one; otherwise run ``work`` and store its result."""
        found = self.kept_part(name, form)
        if found is not None:
            return found
        result = work()
        if self._cache is not None:
            self._cache.keep(name, form.encode(result))
        return result

    def extended(
        self, name: str, form: Serialiser[Mapping[str, V]], work: Callable[[Mapping[str, V]], Mapping[str, V]]
    ) -> Mapping[str, V]:
        """Run ``work``, which gets the items stored under that name, makes the missing ones and returns all; store
        them.
        """
        known: Mapping[str, V] = self.kept_part(name, form) or {}
        result = work(known)
        if self._cache is not None and result.keys() - known.keys():
            self._cache.keep(name, form.encode({**known, **result}))
        return result
