"""FastConformer (Rekesh et al. 2023, arXiv:2305.05084): Conformer with depthwise subsampling by 8, as in NeMo.

Modules have the names of the checkpoint's keys. Whole sequences only: without padding no masks are needed, and without
masks the exported graph does not depend on the length.
"""
# ruff: noqa: D102 - forward() is described by its class

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own custom
from torch import Tensor, nn


class Subsampling(nn.Module):
    """Three strided convolutions over time and frequency: features [B, T, F] to [B, about T / 8, D]."""

    def __init__(self, features: int, channels: int, width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(1, channels, 3, stride=2, padding=1), nn.ReLU()]
        bins = (features + 1) // 2
        for _ in range(2):
            layers += [nn.Conv2d(channels, channels, 3, stride=2, padding=1, groups=channels)]
            layers += [nn.Conv2d(channels, channels, 1), nn.ReLU()]
            bins = (bins + 1) // 2
        self.conv = nn.Sequential(*layers)
        self.out = nn.Linear(channels * bins, width)

    def forward(self, features: Tensor) -> Tensor:
        x = self.conv(features.unsqueeze(1))
        return self.out(x.transpose(1, 2).flatten(2))


def positions(x: Tensor) -> Tensor:
    """Sinusoids [1, 2 T - 1, D] of the distances T - 1, ..., -(T - 1) (Transformer-XL, arXiv:1901.02860)."""
    frames, width = x.shape[1], x.shape[2]
    distance = torch.arange(frames - 1, -frames, -1, device=x.device, dtype=torch.float32).unsqueeze(1)
    rate = torch.exp(torch.arange(0, width, 2, dtype=torch.float32) * -(torch.log(torch.tensor(10000.0)) / width))
    angle = distance * rate
    return torch.stack([torch.sin(angle), torch.cos(angle)], dim=2).flatten(1).unsqueeze(0)


class RelativeAttention(nn.Module):
    """Self-attention with relative positions."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads, self.size = heads, width // heads
        self.linear_q, self.linear_k = nn.Linear(width, width), nn.Linear(width, width)
        self.linear_v, self.linear_out = nn.Linear(width, width), nn.Linear(width, width)
        self.linear_pos = nn.Linear(width, width, bias=False)
        self.pos_bias_u = nn.Parameter(torch.zeros(heads, self.size))
        self.pos_bias_v = nn.Parameter(torch.zeros(heads, self.size))

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(2, (self.heads, self.size)).transpose(1, 2)

    def forward(self, x: Tensor, distances: Tensor) -> Tensor:
        frames = x.shape[1]
        query = self.linear_q(x).unflatten(2, (self.heads, self.size))
        key, value, place = (self._split(t) for t in (self.linear_k(x), self.linear_v(x), self.linear_pos(distances)))
        content = (query + self.pos_bias_u).transpose(1, 2) @ key.transpose(2, 3)
        apart = (query + self.pos_bias_v).transpose(1, 2) @ place.transpose(2, 3)
        # Row t of `apart` holds the distances from T - 1 on; shifted by t, its first T columns are those to frames 0...
        apart = F.pad(apart, (1, 0)).flatten(2)[:, :, frames:].unflatten(2, (frames, 2 * frames - 1))[..., :frames]
        weights = torch.softmax((content + apart) / self.size**0.5, dim=3)
        return self.linear_out((weights @ value).transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    """Two linear layers around a Swish."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.linear1, self.linear2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear2(F.silu(self.linear1(x)))


class Convolution(nn.Module):
    """Gated pointwise, depthwise over time, batch norm, Swish, pointwise."""

    def __init__(self, width: int, kernel: int) -> None:
        super().__init__()
        self.pointwise_conv1 = nn.Conv1d(width, 2 * width, 1)
        self.depthwise_conv = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width)
        self.batch_norm = nn.BatchNorm1d(width)
        self.pointwise_conv2 = nn.Conv1d(width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.glu(self.pointwise_conv1(x.transpose(1, 2)), dim=1)
        return self.pointwise_conv2(F.silu(self.batch_norm(self.depthwise_conv(x)))).transpose(1, 2)


class Layer(nn.Module):
    """Half a feed-forward, attention, convolution, half a feed-forward, each with a shortcut; layer norm."""

    def __init__(self, width: int, inner: int, heads: int, kernel: int) -> None:
        super().__init__()
        self.norm_feed_forward1, self.feed_forward1 = nn.LayerNorm(width), FeedForward(width, inner)
        self.norm_self_att, self.self_attn = nn.LayerNorm(width), RelativeAttention(width, heads)
        self.norm_conv, self.conv = nn.LayerNorm(width), Convolution(width, kernel)
        self.norm_feed_forward2, self.feed_forward2 = nn.LayerNorm(width), FeedForward(width, inner)
        self.norm_out = nn.LayerNorm(width)

    def forward(self, x: Tensor, distances: Tensor) -> Tensor:
        x = x + 0.5 * self.feed_forward1(self.norm_feed_forward1(x))
        x = x + self.self_attn(self.norm_self_att(x), distances)
        x = x + self.conv(self.norm_conv(x))
        x = x + 0.5 * self.feed_forward2(self.norm_feed_forward2(x))
        return self.norm_out(x)


class Conformer(nn.Module):
    """The layers after subsampling: [B, T, D] to [B, T, D]."""

    def __init__(self, count: int, width: int, inner: int, heads: int, kernel: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(width, inner, heads, kernel) for _ in range(count))

    def forward(self, x: Tensor) -> Tensor:
        distances = positions(x)
        x = x * float(x.shape[2]) ** 0.5
        for layer in self.layers:
            x = layer(x, distances)
        return x
