"""What a stage cost."""

import json
import os
import subprocess
import sys

import numpy as np
import psutil
import pytest

from discreet.pipeline.resource_meter import ResidentMemory

_HELD_FOR_A_MOMENT = """
import json, time
from discreet.pipeline.resource_meter import SAMPLE_SECONDS, ResidentMemory, ResourceMeter
before = ResidentMemory().mb()
with ResourceMeter("stage", media_seconds=10.0) as measured:
    held = b"x" * 200_000_000
    begun = time.monotonic()
    while measured.report.peak_rss_mb <= before + 180 and time.monotonic() - begun < 30:
        time.sleep(SAMPLE_SECONDS)  # on a busy machine the meter may look late
    del held
report = measured.report
print(json.dumps([before, ResidentMemory().mb(), report.peak_rss_mb, report.seconds, report.rtf]))
"""


def test_memory_that_was_held_for_a_moment_is_in_the_peak() -> None:
    """In a process of its own: in this one, memory of other tests may go at the same time."""
    done = subprocess.run([sys.executable, "-c", _HELD_FOR_A_MOMENT], check=True, capture_output=True)
    before, after, peak, seconds, rtf = json.loads(done.stdout)
    assert peak > before + 180
    assert after < before + 100
    assert rtf == pytest.approx(seconds / 10.0, abs=1e-3)


def test_a_child_counts_once_it_runs_a_command_of_its_own() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", "x = bytearray(150_000_000); print(1, flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert child.stdout is not None
        child.stdout.readline()
        assert ResidentMemory().mb() - psutil.Process().memory_info().rss / 1e6 > 140
    finally:
        child.kill()
        child.wait()


def test_a_child_that_was_only_forked_is_not_counted_twice() -> None:
    """Before exec it shows the memory of its parent."""
    held = np.ones(40_000_000)  # 320 MB that a fork would seem to have, too
    resting, waking = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(resting, 1)
        os._exit(0)
    try:
        assert psutil.Process(child).memory_info().rss > held.nbytes
        assert ResidentMemory().mb() - psutil.Process().memory_info().rss / 1e6 < 150
    finally:
        os.write(waking, b"x")
        os.waitpid(child, 0)


def test_a_child_that_ended_is_left_out() -> None:
    memory = ResidentMemory()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    memory.mb()
    child.kill()
    child.wait()
    assert memory.mb() == pytest.approx(psutil.Process().memory_info().rss / 1e6, abs=20)
