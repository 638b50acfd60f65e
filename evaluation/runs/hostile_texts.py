"""Every reader of external text, given broken files: ``python -m evaluation.runs.hostile_texts [--inputs 12000]``.

Each reader gets the same number of inputs: valid files with one to five changes, and files composed from their words.
For each it prints how often it accepted the input, how often it refused with which exit code, and faults: other
exceptions, exit codes that the reader does not document, and answers that took more than five CPU seconds.
``--clips`` of the inputs are sound files with broken tags; each is opened by the decoder in its process.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from evaluation.attacks.hostile_text import composed, mutated
from evaluation.data.hostile_clips import clip
from evaluation.data.hostile_documents import DOCUMENTS
from evaluation.data.hostile_seeds import READERS, Reader

PATIENCE = 5
"""CPU seconds that a reader may take for one file."""


class TooSlowError(BaseException):
    """A reader took longer than PATIENCE. No reader may catch it."""


@dataclass
class Outcome:
    """What a reader did with its inputs.

    Attributes:
        taken: number of inputs it could read.
        refused: exit code -> number of inputs.
        faults: what went wrong -> how often.
        examples: what went wrong -> one input.
    """

    taken: int = 0
    refused: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    examples: dict[str, bytes] = field(default_factory=dict)

    def fault(self, what: str, data: bytes) -> None:
        """Count a fault."""
        self.faults[what] += 1
        self.examples.setdefault(what, data)


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise TooSlowError in this, the main, thread after so many CPU seconds, or twenty times as long.

    The load of the machine must not count, but a reader that waits for ever must.
    """

    def late(number: int, frame: object) -> None:
        raise TooSlowError

    timers = {signal.SIGPROF: (signal.ITIMER_PROF, seconds), signal.SIGALRM: (signal.ITIMER_REAL, 20 * seconds)}
    before = {number: signal.signal(number, late) for number in timers}
    for timer, length in timers.values():
        signal.setitimer(timer, length)
    try:
        yield
    finally:
        for timer, _ in timers.values():
            signal.setitimer(timer, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def give(reader: Reader, data: bytes, folder: Path, outcome: Outcome) -> None:
    """Give one input to a reader."""
    from timeline import DiscreetError

    try:
        with within(PATIENCE):
            reader.read(data, folder)
        outcome.taken += 1
    except DiscreetError as error:
        code = int(error.exit_code)
        outcome.refused[code] += 1
        if code not in reader.codes:
            outcome.fault(f"exit code {code}: {type(error).__name__}", data)
        if "\n" in str(error):
            outcome.fault(f"{type(error).__name__}: a message of several lines", data)
    except TooSlowError:
        outcome.fault(f"longer than {PATIENCE} s", data)
    except Exception as error:
        if reader.raises is not None and isinstance(error, reader.raises):
            outcome.refused[0] += 1
            return
        frames = [f for f in traceback.extract_tb(error.__traceback__) if "site-packages" not in f.filename]
        outcome.fault(f"{type(error).__name__} in {Path(frames[-1].filename).name}:{frames[-1].lineno}", data)


def inputs(valid: str, count: int, dice: random.Random) -> Iterator[bytes]:
    """Two mutated files for each composed one."""
    for number in range(count):
        yield composed(valid, dice) if number % 3 == 2 else mutated(valid, dice)


def run(
    readers: Mapping[str, Reader], count: int, seed: int, tell: Callable[[str, Outcome], None]
) -> dict[str, Outcome]:
    """Give every reader ``count`` inputs."""
    outcomes: dict[str, Outcome] = {}
    memory = Path("/dev/shm")
    for name, reader in readers.items():
        dice = random.Random(f"{seed} {name}")
        outcome = outcomes[name] = Outcome()
        with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
            # loading on first use does not count as the cost of an input
            reader.read(reader.valid.encode(), Path(folder))
            for data in inputs(reader.valid, count, dice):
                give(reader, data, Path(folder), outcome)
        tell(name, outcome)
    return outcomes


def main() -> None:
    """Print what each reader did; exit with 1 if there was any fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=12_000, help="in all, shared out evenly")
    parser.add_argument("--clips", type=int, default=60, help="sound files with broken tags")
    parser.add_argument("--only", nargs="+", help="names of readers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for one input of each kind of fault")
    args = parser.parse_args()
    worst = 0
    print(f"{'reader':<12}{'inputs':>8}{'taken':>8}  refused by exit code (0: ValueError of a parser)")

    def tell(name: str, outcome: Outcome) -> None:
        nonlocal worst
        total = outcome.taken + outcome.refused.total() + outcome.faults.total()
        refused = ", ".join(f"{code}: {n}" for code, n in sorted(outcome.refused.items()))
        print(f"{name:<12}{total:>8}{outcome.taken:>8}  {refused}", flush=True)
        for number, (what, times) in enumerate(outcome.faults.most_common()):
            worst = 1
            print(f"    FAULT {times} x {what}")
            if args.keep is not None:
                args.keep.mkdir(parents=True, exist_ok=True)
                (args.keep / f"{name}-{number}").write_bytes(outcome.examples[what])

    readers = {name: reader for name, reader in (READERS | DOCUMENTS).items() if not args.only or name in args.only}
    share = -(-(args.inputs - args.clips) // len(readers))
    run(readers, share, args.seed, tell)
    if args.clips:
        run({"clip tags": clip()}, args.clips, args.seed, tell)
    raise SystemExit(worst)


if __name__ == "__main__":
    main()
