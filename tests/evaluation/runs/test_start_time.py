"""CPU time is counted, not the clock's."""

import subprocess
import sys

import pytest

from evaluation.runs.start_time import cpu_seconds


def test_waiting_costs_nothing_and_working_does() -> None:
    work = "import time; end = time.process_time() + {}\nwhile time.process_time() < end: pass"
    idle = cpu_seconds([sys.executable, "-c", work.format(0)])
    busy = cpu_seconds([sys.executable, "-c", work.format(0.5)])
    assert 0 < idle < busy
    assert busy >= 0.45


def test_a_command_that_fails_is_not_measured() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        cpu_seconds([sys.executable, "-c", "raise SystemExit(3)"])
