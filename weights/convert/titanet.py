"""TitaNet (Koluguri et al. 2021, arXiv:2110.04410), small and large, trained by NVIDIA: speaker embedding, 192-d.

Input ``features`` float32 [B, T, 80], T frames of 10 ms (at least 30 recommended); output ``embedding`` float32 [B,
192], compared by cosine. Features: NeMo's log-mel with 80 bands, normalised per feature (see
diarization/features/nemo_mel.py). Width, kernels and number of sub-blocks are read from the checkpoint.
"""
# ruff: noqa: D102 - forward() is described by its class

from __future__ import annotations

import re

import torch
from convert.nemo_archive import unpack
from convert.recipe import Recipe, State, load
from torch import Tensor, nn

EPS = 1e-3
FLOOR = 1e-10
EXPECTED = {
    "encoder.activation": "relu",
    "decoder.pool_mode": "attention",
    "preprocessor.sample_rate": "16000",
    "preprocessor.window_size": "0.025",
    "preprocessor.window_stride": "0.01",
    "preprocessor.window": "hann",
    "preprocessor.n_fft": "512",
    "preprocessor.preemph": "0.97",
    "preprocessor.frame_splicing": "1",
    "preprocessor.features": "80",
    "preprocessor.normalize": "per_feature",
}
_PARTS = 5  # places of a sub-block in the checkpoint: depthwise, pointwise, norm, activation, dropout


class Sub(nn.Module):
    """Depthwise convolution over time, pointwise convolution, batch norm."""

    def __init__(self, inputs: int, outputs: int, kernel: int) -> None:
        super().__init__()
        self.depth = nn.Conv1d(inputs, inputs, kernel, padding=kernel // 2, groups=inputs, bias=False)
        self.point = nn.Conv1d(inputs, outputs, 1, bias=False)
        self.norm = nn.BatchNorm1d(outputs, eps=EPS)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.point(self.depth(x)))


class Squeeze(nn.Module):
    """Squeeze-and-excitation: weights the channels by their means over time."""

    def __init__(self, channels: int, inner: int) -> None:
        super().__init__()
        self.down, self.up = nn.Linear(channels, inner, bias=False), nn.Linear(inner, channels, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        weights = torch.sigmoid(self.up(torch.relu(self.down(x.mean(dim=2)))))
        return x * weights.unsqueeze(2)


class Block(nn.Module):
    """Sub-blocks with ReLU between, squeeze-and-excitation, a shortcut (except in the first and last block), ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int, repeat: int, inner: int, around: bool) -> None:
        super().__init__()
        self.subs = nn.ModuleList(Sub(inputs if i == 0 else outputs, outputs, kernel) for i in range(repeat))
        self.squeeze = Squeeze(outputs, inner)
        self.around: nn.Module | None = None
        if around:
            self.around = nn.Sequential(nn.Conv1d(inputs, outputs, 1, bias=False), nn.BatchNorm1d(outputs, eps=EPS))

    def forward(self, x: Tensor) -> Tensor:
        out = x
        for index, sub in enumerate(self.subs):
            out = sub(out if index == 0 else torch.relu(out))
        out = self.squeeze(out)
        return torch.relu(out if self.around is None else out + self.around(x))


def statistics(x: Tensor, weights: Tensor | float) -> tuple[Tensor, Tensor]:
    """Weighted mean and deviation over time, [B, C, 1] each."""
    mean = (weights * x).sum(dim=2, keepdim=True)
    variance = (weights * (x - mean) ** 2).sum(dim=2, keepdim=True)
    return mean, torch.sqrt(variance.clamp(min=FLOOR))


class Pooling(nn.Module):
    """Attentive statistics: [B, C, T] to [B, 2 C, 1]."""

    def __init__(self, channels: int, inner: int) -> None:
        super().__init__()
        self.first = nn.Conv1d(3 * channels, inner, 1)
        self.norm = nn.BatchNorm1d(inner)
        self.second = nn.Conv1d(inner, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        even = torch.ones_like(x[:1, :1])
        mean, deviation = statistics(x, even / even.sum())
        seen = torch.cat([x, mean.expand_as(x), deviation.expand_as(x)], dim=1)
        weights = torch.softmax(self.second(torch.tanh(self.norm(torch.relu(self.first(seen))))), dim=2)
        return torch.cat(statistics(x, weights), dim=1)


class TitaNet(nn.Module):
    """The whole network up to the embedding."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        for index in range(1 + max(_place(key)[0] for key in state if key.startswith("encoder.encoder."))):
            subs, squeeze = _shape(state, index)
            inputs, kernel = state[f"encoder.encoder.{index}.mconv.0.conv.weight"].shape[::2]
            outputs = state[f"encoder.encoder.{index}.mconv.1.conv.weight"].shape[0]
            inner = state[f"encoder.encoder.{index}.mconv.{squeeze}.fc.0.weight"].shape[0]
            around = f"encoder.encoder.{index}.res.0.0.conv.weight" in state
            self.blocks.append(Block(inputs, outputs, kernel, subs, inner, around))
        self.pooling = Pooling(outputs, state["decoder._pooling.attention_layer.2.weight"].shape[1])
        size = state["decoder.emb_layers.0.1.weight"].shape[0]
        self.last = nn.Sequential(nn.BatchNorm1d(2 * outputs), nn.Conv1d(2 * outputs, size, 1))

    def forward(self, features: Tensor) -> Tensor:
        x = features.transpose(1, 2)
        for block in self.blocks:
            x = block(x)
        return self.last(self.pooling(x)).squeeze(2)


_MCONV = re.compile(r"encoder\.encoder\.(\d+)\.mconv\.(\d+)\.(.+)")


def _place(key: str) -> tuple[int, int]:
    """Block and position inside it of a key; (-1, -1) if it has none."""
    match = _MCONV.match(key)
    return (int(match[1]), int(match[2])) if match else (-1, -1)


def _shape(state: State, block: int) -> tuple[int, int]:
    """Number of sub-blocks of a block, and the position of its squeeze."""
    squeeze = max(_place(key)[1] for key in state if _place(key)[0] == block)
    return (squeeze - 3) // _PARTS + 1, squeeze


_POOLING = (
    ("decoder._pooling.attention_layer.0.conv_layer.", "pooling.first."),
    ("decoder._pooling.attention_layer.0.bn.", "pooling.norm."),
    ("decoder._pooling.attention_layer.2.", "pooling.second."),
    ("decoder.emb_layers.0.", "last."),
)
_SUB = ("depth", "point", "norm")


def rename(key: str) -> str | None:
    """Map NeMo's name of a weight to ours, without the preprocessor's tables and the classes of training."""
    if key.startswith(("preprocessor.", "decoder.final.", "loss.")):
        return None
    for theirs, ours in _POOLING:
        if key.startswith(theirs):
            return ours + key[len(theirs) :]
    if match := _MCONV.match(key):
        block, place, rest = match[1], int(match[2]), match[3].removeprefix("conv.")
        if rest.startswith("fc."):
            return f"blocks.{block}.squeeze." + rest.replace("fc.0.", "down.").replace("fc.2.", "up.")
        return f"blocks.{block}.subs.{place // _PARTS}.{_SUB[place % _PARTS]}.{rest}"
    if match := re.match(r"encoder\.encoder\.(\d+)\.res\.0\.([01])\.(.+)", key):
        return f"blocks.{match[1]}.around.{match[2]}.{match[3].removeprefix('conv.')}"
    return key


def build(state: State) -> nn.Module:
    """The network with the checkpoint's weights."""
    return load(TitaNet(state), state, rename)


RECIPE = Recipe(
    build=build,
    inputs=("features",),
    outputs=("embedding",),
    axes={"features": {0: "batch", 1: "frames"}, "embedding": {0: "batch"}},
    example=lambda length, generator: (torch.randn(2, length, 80, generator=generator),),
    lengths=(97, 301),
    unpack=unpack,
    expected=EXPECTED,
)
