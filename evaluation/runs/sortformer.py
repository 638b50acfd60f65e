"""Speed and memory of streaming Sortformer, on noise: ``python -m evaluation.runs.sortformer [FOLDER]``.

The model is the store's ``sortformer-v2``, or ``front.onnx`` and ``head.onnx`` in a folder; speed and memory do not
depend on the weights. Printed are CPU seconds of one thread for a second of sound, and the peak memory of the process.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np

from diarization.sortformer import CHUNKINGS, CachedCore, OnnxHalves, SortformerStream
from weights import Store, open_session

RATE = 16000


def main(folder: Path | None) -> None:
    """Print a line for each latency."""
    parts = ("front.onnx", "head.onnx")
    if folder is None:
        store = Store()
        halves = OnnxHalves(*(store.session("sortformer-v2", part=part) for part in parts))
    else:
        halves = OnnxHalves(*(open_session(folder / part, 1) for part in parts))
    rng = np.random.default_rng(0)
    for latency, chunking in CHUNKINGS.items():
        stream = SortformerStream(CachedCore(halves, chunking.rules), chunking)
        seconds = round(max(12.0, 2.2 * stream.latency))
        start = time.process_time()
        for _ in range(seconds):
            stream.push(rng.normal(0, 0.05, RATE).astype(np.float32))
        stream.flush()
        share = (time.process_time() - start) / seconds
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{latency:7} latency {stream.latency:5.2f} s  {share:.3f} CPU s a second  peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
