"""Loading a model leaves no memory behind that it does not need."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

import numpy as np
import pytest

from weights.onnx_sessions import give_memory_back


def resident() -> int:
    """Resident memory in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 >> 20


@pytest.mark.skipif(sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="needs glibc")
def test_freed_memory_goes_back_to_the_system() -> None:
    # Small enough for the heap; the last one keeps the C library from giving back what lies below it.
    blocks = [np.ones(12_000) for _ in range(1000)]
    full = resident()
    last = blocks[-1]
    del blocks
    give_memory_back()
    assert resident() < full - 60
    assert last.all()


@pytest.mark.parametrize("library", [OSError(), AttributeError()])
def test_another_c_library_is_no_error(library: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: None) -> None:
        raise library

    monkeypatch.setattr(ctypes, "CDLL", load)
    give_memory_back()
