"""How fast the lab trains on this machine, and what a run would take: ``python -m evaluation.runs.lab_speed``.

Each architecture takes some steps of pre-training on random pieces of usual length; nothing is read from disk, so this
is the network's own cost. On a GPU wall seconds count, on the processor CPU seconds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass

from voice.neural import ARCHITECTURES, TrainSettings
from voice.neural.models import Batch, Step, make_architecture, make_critics

SPEAKERS = 100


@dataclass(frozen=True, slots=True)
class Speed:
    """What a step costs.

    Attributes:
        architecture, size: of the network.
        device: it ran on.
        parameters: millions, adversaries included.
        seconds: of a step: CPU seconds, or wall seconds on a GPU.
        speech: seconds of speech in a step.
    """

    architecture: str
    size: str
    device: str
    parameters: float
    seconds: float
    speech: float

    def hours(self, steps: int) -> float:
        """Of a run of ``steps``, validation and reading not counted."""
        return steps * self.seconds / 3600


def pieces(settings: TrainSettings, device: str) -> Batch:
    """A batch of random numbers in the shape of speech."""
    import torch

    count, frames = settings.batch, settings.frames
    return Batch(
        content=torch.randn(count, frames // 2, 512),
        units=torch.randint(0, 100, (count, frames // 2)),
        durations=torch.randint(0, 6, (count, frames // 2)).float(),
        prosody=0.3 * torch.randn(count, frames, 3),
        bark=0.3 * torch.randn(count, frames, 20),
        sound=0.1 * torch.randn(count, 160 * frames),
        speaker=torch.randint(0, SPEAKERS, (count,)),
    ).to(device)


def measure(settings: TrainSettings, steps: int) -> Speed:
    """Take ``steps`` steps of the network that ``settings`` name, after one that is not counted."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = make_architecture(settings, SPEAKERS, make_critics(settings.dimensions, SPEAKERS)).to(device).train()
    optimisers = {name: torch.optim.AdamW(group) for name, group in network.groups().items()}
    step = Step("pretrain", settings.weights, optimisers, torch.Tensor.backward)
    batch = pieces(settings, device)

    def now() -> float:
        if device == "cpu":
            return time.process_time()
        torch.cuda.synchronize()
        return time.perf_counter()

    network.train_step(batch, step)
    begun = now()
    for _ in range(steps):
        network.train_step(batch, step)
    spent = (now() - begun) / steps
    size = sum(each.numel() for each in network.parameters()) / 1e6
    speech = settings.batch * settings.frames / 100
    return Speed(settings.architecture, settings.size, device, size, spent, speech)


def table(rows: list[Speed], steps: int) -> Iterator[str]:
    """Markdown: what a step and a run of ``steps`` cost."""
    yield f"| architecture | size | on | M parameters | s a step | speech a second | hours for {steps} steps |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        yield (
            f"| {row.architecture} | {row.size} | {row.device} | {row.parameters:.2f} | {row.seconds:.3f}"
            f" | {row.speech / row.seconds:.1f} | {row.hours(steps):.1f} |"
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=("tiny", "cpu", "gpu"), default="cpu")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--steps", type=int, default=3, help="steps that are measured (default: 3)")
    parser.add_argument("--run", type=int, default=20000, help="steps of the run that is reckoned (default: 20000)")
    options = parser.parse_args()
    rows = []
    for name in ARCHITECTURES:
        settings = TrainSettings(architecture=name, size=options.size, batch=options.batch)
        rows.append(measure(settings, options.steps))
    print("\n".join(table(rows, options.run)))


if __name__ == "__main__":
    main()
