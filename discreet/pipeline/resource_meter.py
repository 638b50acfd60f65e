"""Measures what a stage costs: wall-clock seconds and the peak resident memory of this process and its children."""

from __future__ import annotations

import threading
import time
from types import TracebackType

import psutil

from timeline import StageReport

SAMPLE_SECONDS = 0.1


def resident_mb() -> float:
    """Resident memory of this process and all its children, in MB (10^6 bytes)."""
    own = psutil.Process()
    command, total = own.cmdline(), own.memory_info().rss
    for child in own.children(recursive=True):
        try:
            # Between fork and exec a child has its parent's command line, and shows its memory as well, which would
            # count it twice. No child here runs the same command.
            if child.cmdline() != command:
                total += child.memory_info().rss
        except psutil.Error:  # the child ended between listing and reading
            continue
    return total / 1e6


class ResourceMeter:
    """Context manager that measures one stage; read ``report`` afterwards.

    Stages that run in parallel share their memory, so each one's peak is that of the whole process tree while it ran.
    """

    def __init__(self, name: str, media_seconds: float) -> None:
        self._name = name
        self._media = media_seconds
        self._stop = threading.Event()
        self._peak = 0.0
        self._seconds = 0.0
        self._thread = threading.Thread(target=self._sample, name=f"meter-{name}", daemon=True)

    def _sample(self) -> None:
        while True:
            self._peak = max(self._peak, resident_mb())
            if self._stop.wait(SAMPLE_SECONDS):
                return

    def __enter__(self) -> ResourceMeter:
        self._started = time.perf_counter()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._seconds = time.perf_counter() - self._started
        self._stop.set()
        self._thread.join()

    @property
    def report(self) -> StageReport:
        """Seconds, real-time factor and peak memory of the stage."""
        return StageReport(
            name=self._name,
            seconds=round(self._seconds, 3),
            rtf=round(self._seconds / self._media, 4) if self._media > 0 else 0.0,
            peak_rss_mb=round(self._peak, 1),
        )
