"""Measures what a stage costs: wall-clock seconds and the peak resident memory of this process and its children."""

from __future__ import annotations

import threading
import time
from types import TracebackType

import psutil

from timeline import StageReport

SAMPLE_SECONDS = 0.1
LIST_SECONDS = 2.0
"""Time between two searches for children: each reads about every process of the computer, 1 ms for a hundred."""


class ResidentMemory:
    """The resident memory of this process and all its children."""

    def __init__(self) -> None:
        self._own = psutil.Process()
        self._children: list[psutil.Process] = []
        self._listed = float("-inf")

    def mb(self) -> float:
        """Resident memory now, in MB (10^6 bytes).

        A child that began less than :data:`LIST_SECONDS` ago may be missing.
        """
        now = time.monotonic()
        if now - self._listed >= LIST_SECONDS:
            self._listed, self._children = now, self._own.children(recursive=True)
        command, total = self._own.cmdline(), self._own.memory_info().rss
        for child in self._children:
            try:
                # Between fork and exec a child has its parent's command line, and shows its memory as well, which
                # would count it twice. No child here runs the same command.
                if child.cmdline() != command:
                    total += child.memory_info().rss
            except psutil.Error:  # the child has ended
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
        memory = ResidentMemory()
        while True:
            self._peak = max(self._peak, memory.mb())
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
