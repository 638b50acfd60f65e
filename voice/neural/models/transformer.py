"""Transformer blocks (Vaswani et al., 2017; normalisation first) with rotary positions (Su et al., 2021).

Causal ones keep the keys and values of what they have seen, so that a stream costs as much for each frame.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

Cache = tuple[Tensor, Tensor]
"""Keys and values ``[B, H, P, D]`` of the past."""


class Attention(nn.Module):
    """Self-attention over ``[B, T, hidden]``."""

    def __init__(self, hidden: int, heads: int, causal: bool) -> None:
        super().__init__()
        if hidden % (2 * heads):
            raise ValueError("the channels must be a multiple of twice the heads")
        self.heads, self.causal = heads, causal
        self.inner = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)

    def forward(self, states: Tensor, past: Cache | None = None) -> tuple[Tensor, Cache]:
        """The states, and what to keep of them."""
        query, key, value = (
            each.unflatten(-1, (self.heads, -1)).transpose(1, 2) for each in self.inner(states).chunk(3, dim=-1)
        )
        seen = 0 if past is None else past[0].shape[2]
        count = states.shape[1]
        places = torch.arange(count, device=states.device) + seen
        query, key = turned(query, places), turned(key, places)
        if past is not None:
            key, value = torch.cat([past[0], key], dim=2), torch.cat([past[1], value], dim=2)
        score = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        if self.causal:
            before = torch.arange(seen + count, device=states.device)[None] <= places[:, None]
            score = score.masked_fill(~before, -1e9)
        mixed = (score.softmax(dim=-1) @ value).transpose(1, 2).flatten(2)
        return self.out(mixed), (key, value)


class Block(nn.Module):
    """Attention, then a convolution of width 3 (1 in causal blocks), each beside a path that changes nothing."""

    def __init__(self, hidden: int, heads: int, causal: bool = False) -> None:
        super().__init__()
        width = 1 if causal else 3
        self.norms = nn.ModuleList([nn.LayerNorm(hidden), nn.LayerNorm(hidden)])
        self.attention = Attention(hidden, heads, causal)
        self.wide = nn.Conv1d(hidden, 2 * hidden, width, padding=width // 2)
        self.narrow = nn.Conv1d(2 * hidden, hidden, 1)

    def forward(self, states: Tensor, past: Cache | None = None) -> tuple[Tensor, Cache]:
        """``[B, T, hidden]`` to the same, and what to keep."""
        mixed, kept = self.attention(self.norms[0](states), past)
        states = states + mixed
        inner = nn.functional.gelu(self.wide(self.norms[1](states).transpose(1, 2)))
        return states + self.narrow(inner).transpose(1, 2), kept


def turned(values: Tensor, places: Tensor) -> Tensor:
    """Rotary positions: pairs of ``[B, H, T, D]`` turned by angles that grow with the place ``[T]``."""
    half = values.shape[-1] // 2
    speeds = 10000.0 ** (-torch.arange(half, device=values.device, dtype=torch.float32) / half)
    angles = places.to(torch.float32)[:, None] * speeds[None]
    sine, cosine = angles.sin(), angles.cos()
    one, other = values[..., :half], values[..., half:]
    return torch.cat([one * cosine - other * sine, one * sine + other * cosine], dim=-1)
