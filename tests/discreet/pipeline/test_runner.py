"""Running a stage: it is measured, and what it no longer needs is free for the next one."""

from __future__ import annotations

import json
import platform
import subprocess
import sys

import pytest

_FREED_BELOW_WHAT_IS_KEPT = """
import json
from discreet.pipeline.resource_meter import ResidentMemory
from discreet.pipeline.runner import StageRunner
from discreet.progress import Quiet

def work(progress):
    blocks = [b"x" * 100_000 for _ in range(3000)]
    return blocks[-1], memory.mb()

memory = ResidentMemory()
runner = StageRunner(Quiet(), None, 10.0)
before = memory.mb()
kept, within = runner.measured("stage", "Stage", work)
print(json.dumps([before, within, memory.mb()]))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no way to give memory back")
def test_memory_that_a_stage_freed_goes_back_to_the_system() -> None:
    """The block that is kept lies above the freed ones, so the heap cannot simply end earlier."""
    done = subprocess.run([sys.executable, "-c", _FREED_BELOW_WHAT_IS_KEPT], check=True, capture_output=True)
    before, within, after = json.loads(done.stdout)
    assert within > before + 250
    assert after < before + 100
