"""What a stage cost."""

import subprocess
import sys
import time

import numpy as np
import psutil
import pytest

from discreet import meter
from discreet.meter import Meter, resident_mb


def test_memory_that_was_held_for_a_moment_is_in_the_peak() -> None:
    before = resident_mb()
    with Meter("stage", media_seconds=10.0) as measured:
        held = np.ones(25_000_000)  # 200 MB
        time.sleep(3 * meter.SAMPLE_SECONDS)
        del held
    report = measured.report
    assert report.peak_rss_mb > before + 180
    assert report.rtf == pytest.approx(report.seconds / 10.0, abs=1e-3)


def test_children_count_once_they_are_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child just forked shows its parent's memory; one that lives has its own."""
    child = subprocess.Popen(
        [sys.executable, "-c", "x = bytearray(150_000_000); print(1, flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert child.stdout is not None
        child.stdout.readline()
        monkeypatch.setattr(meter, "YOUNG_SECONDS", 0.0)
        with_it = resident_mb()
        monkeypatch.setattr(meter, "YOUNG_SECONDS", 1e9)
        without = resident_mb()
        assert with_it - without > 140
        assert without == pytest.approx(psutil.Process().memory_info().rss / 1e6, rel=0.05)
    finally:
        child.kill()
        child.wait()
