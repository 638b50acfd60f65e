"""Loading an ONNX file on the CPU."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from weights.onnx_shapes import any_size
from weights.onnx_subgraphs import Tensor, part_of

if TYPE_CHECKING:
    import onnxruntime


def open_session(path: Path, threads: int = 1, *, resize: bool = False) -> onnxruntime.InferenceSession:
    """Load the ONNX file at ``path`` on the CPU; with ``resize``, for pictures of any size (``weights.onnx_shapes``).

    Raises:
        Exception: whatever ONNX Runtime raises for a file it cannot load.
    """
    return _session(any_size(path.read_bytes()) if resize else str(path), threads)


def open_part(
    model: bytes, given: Mapping[str, Tensor], wanted: Sequence[str], threads: int = 1
) -> onnxruntime.InferenceSession:
    """Load, on the CPU, the part of an ONNX file that computes the tensors ``wanted`` from ``given``
    (``weights.onnx_subgraphs``).

    Raises:
        Exception: whatever ONNX Runtime raises for a file it cannot load; ValueError if a tensor is missing.
    """
    session = _session(part_of(model, given, wanted), threads)
    give_memory_back()
    return session


def give_memory_back() -> None:
    """Return freed memory to the system, where the C library can (glibc).

    Loading a model computes its weights anew, and glibc keeps the memory that this took: 550 MiB of Kokoro's 1000.
    """
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError):  # another system, or another C library
        return


def _session(model: str | bytes, threads: int) -> onnxruntime.InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
