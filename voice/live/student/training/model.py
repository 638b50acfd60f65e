"""The student in torch: what is seen, layers over its past, a code of few entries, the voice, layers over that.

The bottleneck is a vector quantiser with straight-through gradients (van den Oord et al., 2017) in two groups, so a
step of 20 ms tells at most 16 bits, too few for a voice beside the sound that is spoken. Its entries follow the mean of
what chooses them, and entries that nothing chooses are drawn anew (Dhariwal et al., 2020).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from voice.live.student.cepstra import CEPSTRA
from voice.live.student.network import HEARD, LOOK, PAST, SAID, STEP, VOICE, WIDE
from voice.live.student.training.parallel_speech import SOUNDS

GROUPS, CODES, WIDTH = 2, 256, 32
"""Groups of the quantiser, entries of each, and numbers of an entry."""
SEEN = (PAST + STEP + LOOK) * CEPSTRA


class Quantiser(nn.Module):
    """``[B, S, GROUPS * WIDTH]`` to the nearest entries."""

    entries: Tensor
    counts: Tensor
    sums: Tensor

    def __init__(self, decay: float = 0.99) -> None:
        super().__init__()
        self._decay = decay
        start = torch.randn(GROUPS, CODES, WIDTH)
        self.register_buffer("entries", start)
        self.register_buffer("counts", torch.ones(GROUPS, CODES))
        self.register_buffer("sums", start.clone())

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """The entries ``[B, S, GROUPS * WIDTH]``, with gradients as if nothing had been done, and how far they are."""
        batch, steps, _ = values.shape
        parts = values.reshape(batch * steps, GROUPS, WIDTH).transpose(0, 1)
        distance = parts.pow(2).sum(2, keepdim=True) - 2 * parts @ self.entries.transpose(1, 2)
        chosen = (distance + self.entries.pow(2).sum(2)[:, None]).argmin(2)
        taken = torch.gather(self.entries, 1, chosen[:, :, None].expand(-1, -1, WIDTH))
        if self.training:
            self._follow(parts.detach(), chosen)
        out = taken.transpose(0, 1).reshape(batch, steps, GROUPS * WIDTH)
        return values + (out - values).detach(), (values - out.detach()).pow(2).mean()

    def _follow(self, parts: Tensor, chosen: Tensor) -> None:
        one = nn.functional.one_hot(chosen, CODES).to(parts.dtype)
        self.counts.mul_(self._decay).add_(one.sum(1), alpha=1 - self._decay)
        self.sums.mul_(self._decay).add_(one.transpose(1, 2) @ parts, alpha=1 - self._decay)
        dead = self.counts < 0.02
        drawn = parts[:, torch.randint(parts.shape[1], (CODES,))]
        self.sums.copy_(torch.where(dead[:, :, None], drawn, self.sums))
        self.counts.copy_(torch.where(dead, torch.ones_like(self.counts), self.counts))
        self.entries.copy_(self.sums / self.counts[:, :, None])


class Past(nn.Module):
    """A residual layer that sees the step, one :attr:`apart` before it and one twice as far back."""

    def __init__(self, width: int, apart: int) -> None:
        super().__init__()
        self.apart = apart
        self.norm = nn.LayerNorm(width)
        self.mix = nn.Linear(3 * width, width)

    def forward(self, steps: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        """``[B, S, W]`` with the ``2 apart`` steps before it, to the same and those before the next."""
        held = torch.cat([past, self.norm(steps)], 1)
        count = steps.shape[1]
        parts = [held[:, at * self.apart : at * self.apart + count] for at in range(3)]
        return steps + torch.relu(self.mix(torch.cat(parts, 2))), held[:, -2 * self.apart :]


class Stack(nn.Module):
    """Layers of :class:`Past`, one behind the other; their memories are one tensor ``[B, M, W]``."""

    def __init__(self, width: int, apart: tuple[int, ...]) -> None:
        super().__init__()
        self.layers = nn.ModuleList([Past(width, each) for each in apart])
        self._sizes = [2 * each for each in apart]

    def forward(self, steps: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """``[B, S, W]``, and the memory after it."""
        after = []
        for layer, past in zip(self.layers, torch.split(memory, self._sizes, 1), strict=True):
            steps, kept = layer(steps, past)
            after.append(kept)
        return steps, torch.cat(after, 1)


class StudentNet(nn.Module):
    """What is seen and a voice to cepstra; see :class:`voice.live.student.Student` for the shapes."""

    contrast: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.into = nn.Sequential(nn.Linear(SEEN, WIDE), nn.ReLU())
        self.hear = Stack(WIDE, HEARD)
        self.narrow = nn.Sequential(nn.LayerNorm(WIDE), nn.Linear(WIDE, GROUPS * WIDTH))
        self.quantise = Quantiser()
        self.name = nn.Linear(GROUPS * WIDTH, SOUNDS)
        self.widen = nn.Linear(GROUPS * WIDTH + VOICE, WIDE)
        self.say = Stack(WIDE, SAID)
        self.out = nn.Sequential(nn.LayerNorm(WIDE), nn.Linear(WIDE, STEP * CEPSTRA))
        # What a mean error makes too flat is raised again when training is done (Toda et al., 2007).
        self.register_buffer("contrast", torch.ones(STEP * CEPSTRA))

    def coded(self, seen: Tensor, heard: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Codes ``[B, S, GROUPS * WIDTH]``, the memory, and how far the codes are."""
        steps, after = self.hear(self.into(seen), heard)
        codes, away = self.quantise(self.narrow(steps).float())
        return codes, after, away

    def named(self, codes: Tensor) -> Tensor:
        """How likely each step is each sound, ``[B, S, SOUNDS]``; only training asks."""
        out: Tensor = self.name(codes)
        return out

    def spoken(self, codes: Tensor, voice: Tensor, said: Tensor) -> tuple[Tensor, Tensor]:
        """Cepstra ``[B, S, 36]`` in a voice, and the memory."""
        given = torch.cat([codes, voice[:, None].expand(-1, codes.shape[1], -1)], 2)
        steps, after = self.say(torch.relu(self.widen(given)), said)
        base = voice[:, :CEPSTRA].repeat(1, STEP)[:, None]
        return self.contrast * self.out(steps).float() + base, after

    def forward(self, seen: Tensor, voice: Tensor, heard: Tensor, said: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As it is exported."""
        codes, heard_after, _ = self.coded(seen, heard)
        made, said_after = self.spoken(codes, voice, said)
        return made, heard_after, said_after
