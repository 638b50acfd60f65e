"""Training: the cepstra of the other voice, from the codes of the first."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from timeline import write_file
from voice.live.student.network import SIZES
from voice.live.student.training.model import StudentNet
from voice.live.student.training.pairs import Pair, read_pairs

STEPS, BATCH = 100, 16
"""Steps of 20 ms in a piece, and pieces in a batch."""
RATE = 1e-3
"""Of learning (Adam)."""
COMMIT = 0.25
"""Weight of the distance between what is quantised and its entry."""
HELD_OUT = 0.1
"""Share of the pairs that only judge."""


@dataclass(frozen=True, slots=True)
class Run:
    """A training: where it is kept, and its seed."""

    folder: Path
    seed: int = 0

    @property
    def state(self) -> Path:
        """Weights and optimiser."""
        return self.folder / "state.pt"

    @property
    def record(self) -> Path:
        """What was done."""
        return self.folder / "student.json"


def train(run: Run, paths: list[Path], seconds: float) -> str:
    """Train for so many CPU seconds from where it stopped; a line that says what came out."""
    torch.manual_seed(run.seed)
    split = max(1, round(len(paths) * (1 - HELD_OUT)))
    data, judges = list(read_pairs(paths[:split])), list(read_pairs(paths[split:])) or None
    net = StudentNet()
    best = torch.optim.Adam(net.parameters(), RATE)
    done = 0
    if run.state.is_file():
        kept = torch.load(run.state, weights_only=True)
        net.load_state_dict(kept["net"])
        best.load_state_dict(kept["best"])
        done = kept["done"]
    rng = np.random.default_rng(run.seed + done)
    begun, losses = time.process_time(), [0.0]
    while time.process_time() - begun < seconds:
        losses.append(_step(net, best, _batch(data, rng)))
        done += 1
    torch.save({"net": net.state_dict(), "best": best.state_dict(), "done": done}, run.state)
    trained, judged = float(np.mean(losses[-200:])), _judged(net, judges or data)
    hours = sum(len(each.seen) for each in data) * 0.02 / 3600 / 4
    facts = {
        "seed": run.seed, "pairs": len(paths), "hours": round(2 * hours, 3), "steps": done,
        "loss": round(trained, 4), "held_out": round(judged, 4),
    }  # fmt: skip
    write_file(run.record, json.dumps(facts, indent=1) + "\n")
    return f"{done} steps, loss {trained:.3f}, held out {judged:.3f}"


def _batch(data: list[Pair], rng: np.random.Generator) -> tuple[torch.Tensor, ...]:
    pieces = []
    for index in rng.integers(0, len(data), BATCH):
        each = data[int(index)]
        at = int(rng.integers(0, max(1, len(each.seen) - STEPS + 1)))
        pad = max(0, STEPS - len(each.seen))
        seen, wanted = (np.pad(part[at : at + STEPS], ((0, pad), (0, 0))) for part in (each.seen, each.wanted))
        pieces.append((seen, wanted, each.voice))
    return tuple(torch.from_numpy(np.stack(part).astype(np.float32)) for part in zip(*pieces, strict=True))


def _loss(net: StudentNet, batch: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, torch.Tensor]:
    seen, wanted, voice = batch
    heard, said = (torch.zeros(1, len(seen), size) for size in SIZES)
    codes, _, away = net.coded(seen, heard)
    made, _ = net.spoken(codes, voice, said)
    return (made - wanted).abs().mean(), away


def _step(net: StudentNet, best: torch.optim.Optimizer, batch: tuple[torch.Tensor, ...]) -> float:
    net.train()
    loss, away = _loss(net, batch)
    best.zero_grad()
    (loss + COMMIT * away).backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    best.step()
    return float(loss.detach())


@torch.no_grad()
def _judged(net: StudentNet, data: list[Pair]) -> float:
    net.eval()
    rng = np.random.default_rng(0)
    return float(np.mean([float(_loss(net, _batch(data, rng))[0]) for _ in range(8)]))
