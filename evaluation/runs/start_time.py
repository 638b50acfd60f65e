"""What a command costs before it does anything: ``python -m evaluation.runs.start_time [--runs 9] [ARGUMENT ...]``.

Starts ``discreet ARGUMENT ...`` (``--help`` where none is given) several times from the working folder and prints the
CPU seconds, user and system together, of the fastest run, the median and the slowest. To compare two versions, run it
in the folder of each.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence

MARK = 0.4
"""Most CPU seconds for ``discreet --help``."""


def cpu_seconds(command: Sequence[str]) -> float:
    """User and system time of a command and of everything it started. Raises CalledProcessError if it fails."""
    before = os.times()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.runs.start_time", description="Measure start-up.")
    parser.add_argument("--runs", type=int, default=9, help="how often the command is started")
    parser.add_argument("arguments", nargs="*", metavar="ARGUMENT", help="arguments of discreet")
    asked, options = parser.parse_known_args()
    arguments = [*asked.arguments, *options] or ["--help"]
    took = sorted(cpu_seconds([sys.executable, "-m", "discreet", *arguments]) for _ in range(asked.runs))
    print(
        f"discreet {' '.join(arguments)}: {took[0]:.2f} CPU-s at best, {statistics.median(took):.2f} median, "
        f"{took[-1]:.2f} at worst of {len(took)} runs; mark {MARK}"
    )


if __name__ == "__main__":
    main()
