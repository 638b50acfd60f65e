"""What the vocoder costs, one stream on one core: ``python -m evaluation.runs.vocoder``.

Frame by frame, as a live stream needs it. CPU seconds per second of sound: the least of several rounds is what the
machine can do, the median what it did beside everything else. Where ``--weights`` names arrays that were extracted
before (``.npz``), those are used; otherwise the store's.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from timeline import FloatArray
from voice.resynthesis import FEATURES, RATE, Fargan
from voice.resynthesis import FRAME as SAMPLES
from weights import Store


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds per second of sound, wall-clock milliseconds per frame of 10 ms, and the process' peak memory.

    Attributes:
        least, median: over the rounds.
        p50, p99: percentiles of the time that a frame takes.
        peak_mib: of resident memory, including the interpreter and its libraries.
    """

    least: float
    median: float
    p50: float
    p99: float
    peak_mib: float


def features(seconds: float, seed: int = 0) -> FloatArray:
    """Frames ``[T, 20]`` that vary like those of speech, voiced two thirds of the time, 110 to 190 Hz."""
    count = round(seconds * RATE / SAMPLES)
    at = np.arange(count)
    out = np.zeros((count, FEATURES), np.float32)
    out[:, :18] = np.random.default_rng(seed).normal(0, 0.3, (count, 18))
    out[:, 0] += 2.0 + 2.0 * np.sin(at / 15)
    out[:, 18] = np.log2(256 / (RATE / (150 + 40 * np.sin(at / 30)))) - 1.5
    out[:, 19] = np.where(at % 30 < 20, 0.45, -0.3)
    return out


def measure(vocoder: Fargan, seconds: float, rounds: int) -> Cost:
    """Synthesise ``seconds`` of sound ``rounds`` times."""
    frames = features(seconds)
    spent, walls = [], []
    for _ in range(rounds):
        begun = time.process_time()
        for frame in frames:
            at = time.perf_counter()
            vocoder(frame[None])
            walls.append(1000 * (time.perf_counter() - at))
        spent.append((time.process_time() - begun) / seconds)
        vocoder.reset()
    p50, p99 = np.percentile(walls, (50, 99))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(min(spent), float(np.median(spent)), float(p50), float(p99), peak)


def main() -> None:
    """Print the cost, as JSON with ``--json``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, help="arrays of FARGAN (.npz) to use instead of the store's")
    parser.add_argument("--seconds", type=float, default=5.0, help="seconds of sound a round (default: 5)")
    parser.add_argument("--rounds", type=int, default=8, help="how often (default: 8)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if options.weights:
        with np.load(options.weights) as arrays:
            vocoder = Fargan({name: arrays[name] for name in arrays.files})
    else:
        vocoder = Fargan.from_store(Store())
    cost = measure(vocoder, options.seconds, options.rounds)
    if options.json:
        print(json.dumps(asdict(cost)))
        return
    print(f"real-time factor, one stream: {cost.least:.3f} at best, {cost.median:.3f} median")
    print(f"a frame of 10 ms takes {cost.p50:.2f} ms, one in a hundred more than {cost.p99:.2f} ms")
    print(f"peak memory {cost.peak_mib:.0f} MiB")


if __name__ == "__main__":
    main()
