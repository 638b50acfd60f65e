"""Make speech, train, export: ``python -m voice.live.student.training.run --folder DIR --texts 200 --seconds 1800``.

Everything is kept in the folder, so that it can be stopped and goes on: ``parallel/``, ``state.pt`` and, at the end,
``student.onnx``, ``voices.npz`` and ``student.json`` (seed, texts, hours, steps, losses, SHA-256).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from voice.live.student.training.export import export
from voice.live.student.training.parallel_speech import codes_of, parallel, voices_of
from voice.live.student.training.train import Run, Speech, train
from voice.neural.corpus import ParallelSayer, load_parallel, made_parallel, write_takes
from weights import Store


def main() -> None:
    """Do it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--texts", type=int, default=200, help="texts to be said in two voices (default: 200)")
    parser.add_argument("--seconds", type=float, default=1800.0, help="CPU seconds to train for (default: 1800)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bfloat16", action="store_true", help="make speech with OpenVINO, in half of the time")
    parser.add_argument("--takes", type=Path, help="write what is said as SPEAKER/TAKE.wav, for discreet lab data")
    options = parser.parse_args()
    paths = list(made_parallel(options.folder / "parallel", options.texts, lambda: _sayer(options.bfloat16)))
    speeches = [load_parallel(path) for path in paths]
    if options.takes is not None:
        write_takes(options.takes, speeches)
    voices = voices_of(speeches)
    run = Run(options.folder, options.seed, print)
    speech = Speech([parallel(each) for each in speeches], codes_of(voices))
    train(run, speech, options.seconds)
    print(export(run, voices))  # noqa: T201


def _sayer(bfloat16: bool) -> ParallelSayer:
    store = Store()
    if not bfloat16:
        return ParallelSayer.from_store(store)
    from voice.neural.corpus.bfloat16 import kokoro_in_bfloat16

    return ParallelSayer.from_store(store, kokoro_in_bfloat16(store))


if __name__ == "__main__":
    main()
