"""How a stage of a run goes: shown to the user, measured, and kept sealed, so that a stopped run goes on from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from discreet.pipeline.cache import StageCache
from discreet.pipeline.codec import Codec
from discreet.pipeline.meter import Meter
from discreet.progress import Ui
from timeline import Progress, StageReport, log_step

T = TypeVar("T")
V = TypeVar("V")


class StageRunner:
    """The stages of one run.

    Args:
        ui: is told what goes on.
        cache: keeps results; None: nothing is kept.
        duration: seconds of the recording, which costs are measured by.
    """

    def __init__(self, ui: Ui, cache: StageCache | None, duration: float) -> None:
        self._ui, self._cache, self._duration = ui, cache, duration
        self.reports: list[StageReport] = []

    def measured(self, name: str, title: str, work: Callable[[Progress], T]) -> T:
        """What ``work`` gives; what it cost is added to the reports."""
        progress = self._ui.stage(title)
        with Meter(name, self._duration) as meter:
            result = work(progress)
        progress(1.0)
        report = meter.report
        log_step("stage finished", name, seconds=report.seconds, peak_mb=report.peak_rss_mb)
        self.reports.append(report)
        return result

    def kept(self, name: str, title: str, form: Codec[T], work: Callable[[Progress], T]) -> T:
        """What an earlier run kept of this stage; else what ``work`` gives, measured and kept.

        Args:
            name: of the stage, also in the report.
            title: what the user reads.
            form: how its result is kept.
            work: does it.
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

    def holds(self, name: str) -> bool:
        """Whether an earlier run kept something under that name; whether it can be read is another question."""
        return self._cache is not None and self._cache.holds(name)

    def kept_part(self, name: str, form: Codec[T]) -> T | None:
        """What was kept under that name, or None."""
        return self._cache.load(name, form.decode) if self._cache is not None else None

    def part(self, name: str, form: Codec[T], work: Callable[[], T]) -> T:
        """A part of a stage as it was kept, in this run or an earlier one; else what ``work`` gives, which is kept."""
        found = self.kept_part(name, form)
        if found is not None:
            return found
        result = work()
        if self._cache is not None:
            self._cache.keep(name, form.encode(result))
        return result

    def extended(
        self, name: str, form: Codec[Mapping[str, V]], work: Callable[[Mapping[str, V]], Mapping[str, V]]
    ) -> Mapping[str, V]:
        """What ``work`` gives, which is given what was kept under that name and only makes what is missing."""
        known: Mapping[str, V] = self.kept_part(name, form) or {}
        result = work(known)
        if self._cache is not None and result.keys() - known.keys():
            self._cache.keep(name, form.encode({**known, **result}))
        return result
