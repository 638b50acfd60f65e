"""Training: the cepstra of the other voice, and the names of the sounds, from the codes of the first."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from timeline import FloatArray, write_file
from voice.live.student.cepstra import centred
from voice.live.student.network import MEMORIES, STEP, stacked
from voice.live.student.training.distort import distorted
from voice.live.student.training.model import StudentNet
from voice.live.student.training.parallel_speech import UNKNOWN, Parallel, steps_of

FRAMES, BATCH = 300, 16
"""Frames of a piece, and pieces of a batch."""
RATE, LAST_RATE = 2e-3, 1e-4
"""Of learning (Adam), at first and at the end; between them half a cosine."""
COMMIT, MOVES, NAMES = 0.25, 0.5, 0.3
"""Weights beside the mean error: distance of what is quantised, error of the changes from frame to frame, names."""
HELD_OUT = 0.05
"""Share of the texts that only judge."""
_TOLD = 200
"""Steps between two lines of progress."""
Codes = FloatArray
Tensors = tuple[torch.Tensor, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A training: where it is kept, its seed, and who is told how it goes."""

    folder: Path
    seed: int = 0
    progress: Callable[[str], None] = lambda line: None

    @property
    def state(self) -> Path:
        """Weights and optimiser."""
        return self.folder / "state.pt"

    @property
    def record(self) -> Path:
        """What was done."""
        return self.folder / "student.json"


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """What is learned from, and the codes ``[N, 36]`` of its voices."""

    texts: Sequence[Parallel]
    voices: Codes

    def split(self) -> tuple[Speech, Speech]:
        """That to learn from, and that to judge by: the last ones."""
        count = max(1, len(self.texts) - max(1, round(len(self.texts) * HELD_OUT)))
        return Speech(self.texts[:count], self.voices), Speech(self.texts[count:] or self.texts, self.voices)


def train(run: Run, speech: Speech, seconds: float) -> dict[str, float]:
    """Train for so many CPU seconds from where it stopped; figures of what came out, which are recorded, too."""
    torch.manual_seed(run.seed)
    learned, held = speech.split()
    net = StudentNet()
    best = torch.optim.Adam(net.parameters(), RATE)
    done = 0
    if run.state.is_file():
        kept = torch.load(run.state, weights_only=True)
        net.load_state_dict(kept["net"])
        best.load_state_dict(kept["best"])
        done = kept["done"]
    net.contrast.fill_(1.0)
    rng = np.random.default_rng(run.seed + done)
    begun, losses = time.process_time(), [0.0]
    while (spent := time.process_time() - begun) < seconds:
        share = 0.5 + 0.5 * np.cos(np.pi * spent / seconds)
        for group in best.param_groups:
            group["lr"] = LAST_RATE + (RATE - LAST_RATE) * float(share)
        losses.append(_step(net, best, batch_of(learned, rng)))
        done += 1
        if done % _TOLD == 0:
            run.progress(f"{done} steps, {spent:.0f} s: loss {np.mean(losses[-_TOLD:]):.3f}, {judged(net, held)}")
            _keep(run, net, best, done)
    net.contrast.copy_(_contrast(net, learned))
    _keep(run, net, best, done)
    facts = {"steps": done, "loss": round(float(np.mean(losses[-_TOLD:])), 4), **judged(net, held)}
    write_file(run.record, json.dumps({"seed": run.seed, "texts": len(speech.texts), **facts}, indent=1) + "\n")
    return facts


def _keep(run: Run, net: StudentNet, best: torch.optim.Optimizer, done: int) -> None:
    partial = run.state.with_suffix(".part")
    torch.save({"net": net.state_dict(), "best": best.state_dict(), "done": done}, partial)
    partial.replace(run.state)


def batch_of(speech: Speech, rng: np.random.Generator, distort: bool = True) -> Tensors:
    """What is seen ``[B, S, 162]``, wanted ``[B, S, 36]``, its voice ``[B, 36]``, and sounds ``[B, S]``."""
    heard, wanted, voices, sounds = [], [], [], []
    for index in rng.integers(0, len(speech.texts), BATCH):
        text = speech.texts[int(index)]
        at = int(rng.integers(0, max(1, len(text.sounds) - FRAMES + 1))) // STEP * STEP
        pad = (0, max(0, FRAMES - len(text.sounds)))
        source, target = rng.integers(0, 2, 2)
        heard.append(np.pad(text.cepstra[source, at : at + FRAMES], (pad, (0, 0)), "edge"))
        wanted.append(np.pad(text.cepstra[target, at : at + FRAMES], (pad, (0, 0)), "edge"))
        sounds.append(np.pad(text.sounds[at : at + FRAMES], pad, constant_values=UNKNOWN))
        voices.append(speech.voices[text.speakers[target]])
    given = np.stack(heard)
    without, _ = centred(distorted(given, rng) if distort else given)
    seen = np.stack([stacked(each) for each in without])
    said = np.stack(wanted).reshape(BATCH, FRAMES // STEP, -1)
    numbers = [torch.from_numpy(np.asarray(each, np.float32)) for each in (seen, said, np.stack(voices))]
    return (*numbers, torch.from_numpy(steps_of(np.stack(sounds))))


def losses_of(net: StudentNet, batch: Tensors) -> Tensors:
    """Mean error, error of changes, error of names, and how far what is quantised is from its entry."""
    seen, wanted, voice, sounds = batch
    heard, said = (torch.zeros(len(seen), *shape) for shape in MEMORIES)
    codes, _, away = net.coded(seen, heard)
    made, _ = net.spoken(codes, voice, said)
    frames = [each.reshape(len(seen), -1, each.shape[2] // STEP) for each in (made, wanted)]
    change = (frames[0].diff(dim=1) - frames[1].diff(dim=1)).abs().mean()
    names = torch.nn.functional.cross_entropy(net.named(codes).transpose(1, 2), sounds, ignore_index=UNKNOWN)
    return (made - wanted).abs().mean(), change, names, away


def _step(net: StudentNet, best: torch.optim.Optimizer, batch: Tensors) -> float:
    net.train()
    with torch.autocast("cpu", torch.bfloat16):
        loss, change, names, away = losses_of(net, batch)
    best.zero_grad()
    (loss + MOVES * change + NAMES * names + COMMIT * away).backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    best.step()
    return float(loss.detach())


@torch.no_grad()
def judged(net: StudentNet, held: Speech) -> dict[str, float]:
    """Mean error and share of sounds named rightly, of speech that is not learned from, distorted alike each time."""
    net.eval()
    rng, errors, right = np.random.default_rng(0), [], []
    for _ in range(4):
        batch = batch_of(held, rng)
        errors.append(float(losses_of(net, batch)[0]))
        codes, *_ = net.coded(batch[0], torch.zeros(BATCH, *MEMORIES[0]))
        known = batch[3] != UNKNOWN
        right.append(float((net.named(codes).argmax(2) == batch[3])[known].float().mean()))
    return {"held_out": round(float(np.mean(errors)), 4), "named": round(float(np.mean(right)), 4)}


@torch.no_grad()
def _contrast(net: StudentNet, speech: Speech) -> torch.Tensor:
    """How much more the wanted cepstra move around the voice's mean than those that are made, ``[36]``."""
    net.eval()
    rng, made, wanted = np.random.default_rng(1), [], []
    for _ in range(8):
        seen, target, voice, _ = batch_of(speech, rng, distort=False)
        codes, *_ = net.coded(seen, torch.zeros(BATCH, *MEMORIES[0]))
        out, _ = net.spoken(codes, voice, torch.zeros(BATCH, *MEMORIES[1]))
        loud = target[..., :1] > 0.0
        made.append((out - out.mean(1, keepdim=True))[loud.expand_as(out)].reshape(-1, out.shape[2]))
        wanted.append((target - target.mean(1, keepdim=True))[loud.expand_as(out)].reshape(-1, out.shape[2]))
    ratio = torch.cat(wanted).std(0) / torch.cat(made).std(0).clamp_min(1e-3)
    return ratio.clamp(1.0, 1.6)
