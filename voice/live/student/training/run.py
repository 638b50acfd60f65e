"""Make pairs, train, export: ``python -m voice.live.student.training.run --folder DIR --pairs 600 --seconds 400``.

Everything is kept in the folder, so that it can be stopped and goes on: pairs, ``state.pt`` and, at the end,
``student.onnx`` with ``student.json`` (seed, pairs, hours, steps, losses, SHA-256).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from voice.live.student.training.export import export
from voice.live.student.training.pairs import made_pairs
from voice.live.student.training.train import Run, train
from weights import Store


def main() -> None:
    """Do it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=600, help="sentences to be said in two voices (default: 600)")
    parser.add_argument("--seconds", type=float, default=400.0, help="CPU seconds to train for (default: 400)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    paths = list(made_pairs(options.folder / "pairs", options.pairs, Store()))
    run = Run(options.folder, options.seed)
    print(train(run, paths, options.seconds))  # noqa: T201
    print(export(run))  # noqa: T201


if __name__ == "__main__":
    main()
