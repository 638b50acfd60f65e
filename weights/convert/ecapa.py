"""ECAPA-TDNN (Desplanques et al. 2020, arXiv:2005.07143), trained by SpeechBrain on VoxCeleb: speaker embedding, 192-d.

Input ``features`` float32 [B, T, 80], T >= 6 frames of 10 ms; output ``embedding`` float32 [B, 192], compared by
cosine.

Features, from 16 kHz mono samples in -1..1:

- frames of 400 samples every 160, centred (200 zeros before and after the signal), periodic Hamming window (0.54 -
  0.46 cos(2 pi n / 400)), 400-point FFT, power |X|^2 [201 bins]; 1 + n // 160 frames;
- 80 triangular filters: 82 points equally spaced in mel (2595 log10(1 + f / 700)) from 0 to 8000 Hz; filter m is
  centred on point m + 1 and falls to zero at both sides by the width between points m and m + 1 (symmetric in Hz),
  peak 1;
- dB: 10 log10(max(energy, 1e-10)), floored at the utterance's maximum - 80;
- the utterance's mean of every filter is subtracted (no division by the deviation).
"""
# ruff: noqa: D102 - forward() is described by its class

from __future__ import annotations

import torch
from convert.recipe import Recipe, State, load, with_prefix
from torch import Tensor, nn

CHANNELS = 1024
SCALE = 8
EPS = 1e-12


class Tdnn(nn.Module):
    """Convolution over time (mirrored edges), ReLU, batch norm; in that order."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, dilation: int = 1) -> None:
        super().__init__()
        pad = dilation * (kernel - 1) // 2
        self.conv = nn.Conv1d(
            inputs, outputs, kernel, dilation=dilation, padding=pad, padding_mode="reflect" if pad else "zeros"
        )
        self.norm = nn.BatchNorm1d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(torch.relu(self.conv(x)))


class Res2(nn.Module):
    """Eight groups of channels; each but the first goes through its own layer together with the result before it."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        width = channels // SCALE
        self.layers = nn.ModuleList(Tdnn(width, width, 3, dilation) for _ in range(SCALE - 1))

    def forward(self, x: Tensor) -> Tensor:
        first, *rest = x.chunk(SCALE, dim=1)
        done = [first]
        for layer, group in zip(self.layers, rest, strict=True):
            done.append(layer(group if len(done) == 1 else group + done[-1]))
        return torch.cat(done, dim=1)


class Squeeze(nn.Module):
    """Squeeze-and-excitation: weights every channel by its mean over time."""

    def __init__(self, channels: int, bottleneck: int = 128) -> None:
        super().__init__()
        self.down = nn.Conv1d(channels, bottleneck, 1)
        self.up = nn.Conv1d(bottleneck, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        mean = x.mean(dim=2, keepdim=True)
        return x * torch.sigmoid(self.up(torch.relu(self.down(mean))))


class Block(nn.Module):
    """1x1, Res2, 1x1, squeeze, and the input added."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.before = Tdnn(channels, channels)
        self.res2 = Res2(channels, dilation)
        self.after = Tdnn(channels, channels)
        self.squeeze = Squeeze(channels)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.squeeze(self.after(self.res2(self.before(x))))


def weighted(x: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """Weighted mean and standard deviation over time."""
    mean = (weights * x).sum(dim=2, keepdim=True)
    spread = (weights * (x - mean) ** 2).sum(dim=2, keepdim=True)
    return mean, torch.sqrt(spread.clamp(min=EPS))


class AttentivePooling(nn.Module):
    """Mean and deviation over time, weighted per frame and channel by attention over the whole utterance."""

    def __init__(self, channels: int, attention: int = 128) -> None:
        super().__init__()
        self.tdnn = Tdnn(3 * channels, attention)
        self.conv = nn.Conv1d(attention, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        mean, deviation = weighted(x, torch.ones_like(x[:, :1]) / x.shape[2])
        context = torch.cat([x, mean.expand_as(x), deviation.expand_as(x)], dim=1)
        weights = torch.softmax(self.conv(torch.tanh(self.tdnn(context))), dim=2)
        return torch.cat(weighted(x, weights), dim=1)


class Ecapa(nn.Module):
    """The whole network."""

    def __init__(self) -> None:
        super().__init__()
        self.first = Tdnn(80, CHANNELS, 5)
        self.blocks = nn.ModuleList(Block(CHANNELS, dilation) for dilation in (2, 3, 4))
        self.merge = Tdnn(3 * CHANNELS, 3 * CHANNELS)
        self.pool = AttentivePooling(3 * CHANNELS)
        self.norm = nn.BatchNorm1d(6 * CHANNELS)
        self.last = nn.Conv1d(6 * CHANNELS, 192, 1)

    def forward(self, features: Tensor) -> Tensor:
        x = self.first(features.transpose(1, 2))
        outputs = []
        for block in self.blocks:
            x = block(x)
            outputs.append(x)
        x = self.merge(torch.cat(outputs, dim=1))
        return self.last(self.norm(self.pool(x))).squeeze(2)


_NAMES = (
    ("blocks.0.", "first."),
    ("blocks.1.", "blocks.0."),
    ("blocks.2.", "blocks.1."),
    ("blocks.3.", "blocks.2."),
    ("mfa.", "merge."),
    ("asp_bn.norm.", "norm."),
    ("asp.", "pool."),
    ("fc.conv.", "last."),
)
_PARTS = (
    (".conv.conv.", ".conv."),
    (".norm.norm.", ".norm."),
    (".tdnn1.", ".before."),
    (".tdnn2.", ".after."),
    (".res2net_block.blocks.", ".res2.layers."),
    (".se_block.conv1.conv.", ".squeeze.down."),
    (".se_block.conv2.conv.", ".squeeze.up."),
)


def rename(key: str) -> str:
    """Map SpeechBrain's name of a weight to ours."""
    key = with_prefix(key, _NAMES)
    for theirs, ours in _PARTS:
        key = key.replace(theirs, ours)
    return key


def build(state: State) -> nn.Module:
    """The network with the checkpoint's weights."""
    return load(Ecapa(), state, rename)


RECIPE = Recipe(
    build=build,
    inputs=("features",),
    outputs=("embedding",),
    axes={"features": {0: "batch", 1: "frames"}, "embedding": {0: "batch"}},
    example=lambda length, generator: (10 * torch.randn(2, length, 80, generator=generator),),
    lengths=(137, 301),
)
