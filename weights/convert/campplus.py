"""CAM++ (Wang et al. 2023, arXiv:2303.00332) as trained by 3D-Speaker on Chinese and English: speaker embedding, 192-d.

Input ``features`` float32 [B, T, 80], T frames of 10 ms (at least 100 recommended); output ``embedding`` float32 [B,
192], compared by cosine.

Features, from 16 kHz mono samples in -1..1 (Kaldi's filter bank):

- frames of 400 samples every 160, only whole ones (1 + (n - 400) // 160); from each its mean is subtracted, then
  pre-emphasis x[i] - 0.97 x[i-1] (the first sample: x[0] - 0.97 x[0]), then the Povey window (0.5 - 0.5 cos(2 pi n /
  399)) ** 0.85; no dither;
- zero-padded to 512, power |X|^2 [257 bins];
- 80 filters, triangular in mel (1127 ln(1 + f / 700)): 82 points equally spaced in mel from 20 to 8000 Hz, weight
  linear in mel between neighbouring points, peak 1, the bin at 8000 Hz not used;
- natural logarithm of max(energy, 1.1920929e-07);
- the utterance's mean of every filter is subtracted.
"""
# ruff: noqa: D102 - forward() is described by its class

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own custom
from convert.recipe import Recipe, State, load
from torch import Tensor, nn

GROWTH = 32
SEGMENT = 100


class Residual(nn.Module):
    """Two 3x3 convolutions over frequency and time with a shortcut; ``stride`` reduces frequency only."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, stride=(stride, 1), padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.around = nn.Identity()
        if stride > 1:
            conv = nn.Conv2d(channels, channels, 1, stride=(stride, 1), bias=False)
            self.around = nn.Sequential(conv, nn.BatchNorm2d(channels))

    def forward(self, x: Tensor) -> Tensor:
        out = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(out + self.around(x))


class Head(nn.Module):
    """Two-dimensional front: [B, 80, T] to [B, 320, T]."""

    def __init__(self, channels: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.layer1 = nn.Sequential(Residual(channels, 2), Residual(channels, 1))
        self.layer2 = nn.Sequential(Residual(channels, 2), Residual(channels, 1))
        self.conv2 = nn.Conv2d(channels, channels, 3, stride=(2, 1), padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.bn1(self.conv1(x.unsqueeze(1))))
        x = torch.relu(self.bn2(self.conv2(self.layer2(self.layer1(x)))))
        return x.flatten(1, 2)


class NormRelu(nn.Module):
    """Batch norm, ReLU."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(channels)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.norm(x))


class Masked(nn.Module):
    """Context-aware masking: a local convolution, weighted by means of the utterance and of 100-frame segments."""

    def __init__(self, inputs: int, outputs: int, dilation: int) -> None:
        super().__init__()
        self.local = nn.Conv1d(inputs, outputs, 3, padding=dilation, dilation=dilation, bias=False)
        self.down = nn.Conv1d(inputs, inputs // 2, 1)
        self.up = nn.Conv1d(inputs // 2, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        context = x.mean(dim=2, keepdim=True) + segment_means(x)
        return self.local(x) * torch.sigmoid(self.up(torch.relu(self.down(context))))


def segment_means(x: Tensor) -> Tensor:
    """The mean of every 100 frames (of what there is, for the last ones), repeated for them. [B, C, T] -> [B, C, T].

    Written with sums over padded frames: average pooling with a partial last window is not exported faithfully.
    """
    frames = x.shape[2]
    ones = torch.ones_like(x[:, :1])
    fill = SEGMENT - 1
    sums = F.avg_pool1d(F.pad(x, (0, fill)), SEGMENT, SEGMENT)
    counts = F.avg_pool1d(F.pad(ones, (0, fill)), SEGMENT, SEGMENT)
    means = sums / counts
    held = means.unsqueeze(3).expand(-1, -1, -1, SEGMENT).flatten(2)
    return held[:, :, :frames]


class DenseLayer(nn.Module):
    """Bottleneck and masking; adds 32 channels."""

    def __init__(self, inputs: int, dilation: int) -> None:
        super().__init__()
        self.pre = NormRelu(inputs)
        self.reduce = nn.Conv1d(inputs, 4 * GROWTH, 1, bias=False)
        self.mid = NormRelu(4 * GROWTH)
        self.masked = Masked(4 * GROWTH, GROWTH, dilation)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.masked(self.mid(self.reduce(self.pre(x))))], dim=1)


class Transit(nn.Module):
    """Halves the channels between dense blocks."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.pre = NormRelu(inputs)
        self.reduce = nn.Conv1d(inputs, inputs // 2, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.reduce(self.pre(x))


class CamPlusPlus(nn.Module):
    """The whole network."""

    def __init__(self) -> None:
        super().__init__()
        self.head = Head()
        self.first = nn.Conv1d(320, 128, 5, stride=2, padding=2, bias=False)
        self.first_norm = NormRelu(128)
        self.blocks = nn.ModuleList()
        self.transits = nn.ModuleList()
        channels = 128
        for layers, dilation in ((12, 1), (24, 2), (16, 2)):
            self.blocks.append(nn.Sequential(*(DenseLayer(channels + i * GROWTH, dilation) for i in range(layers))))
            channels += layers * GROWTH
            self.transits.append(Transit(channels))
            channels //= 2
        self.out = NormRelu(channels)
        self.last = nn.Conv1d(2 * channels, 192, 1, bias=False)
        self.last_norm = nn.BatchNorm1d(192, affine=False)

    def forward(self, features: Tensor) -> Tensor:
        x = self.first_norm(self.first(self.head(features.transpose(1, 2))))
        for block, transit in zip(self.blocks, self.transits, strict=True):
            x = transit(block(x))
        x = self.out(x)
        mean = x.mean(dim=2, keepdim=True)
        frames = torch.ones_like(x[:1, :1]).sum()
        deviation = torch.sqrt(((x - mean) ** 2).sum(dim=2, keepdim=True) / (frames - 1))
        return self.last_norm(self.last(torch.cat([mean, deviation], dim=1))).squeeze(2)


_PARTS = (
    (".cam_layer.linear_local.", ".masked.local."),
    (".cam_layer.linear1.", ".masked.down."),
    (".cam_layer.linear2.", ".masked.up."),
    (".nonlinear1.batchnorm.", ".pre.norm."),
    (".nonlinear2.batchnorm.", ".mid.norm."),
    (".linear1.", ".reduce."),
    (".shortcut.", ".around."),
)


def rename(key: str) -> str:
    """Map 3D-Speaker's name of a weight to ours."""
    for theirs, ours in _PARTS:
        key = key.replace(theirs, ours)
    part = key.split(".")
    if part[0] != "xvector":
        return key
    name, rest = part[1], part[2:]
    if name.startswith("block"):
        return ".".join(["blocks", str(int(name[5:]) - 1), str(int(rest[0].removeprefix("tdnnd")) - 1), *rest[1:]])
    if name.startswith("transit"):
        where = ["transits", str(int(name[7:]) - 1)]
        return ".".join(where + (["reduce", rest[-1]] if rest[0] == "linear" else ["pre", "norm", rest[-1]]))
    return {
        ("tdnn", "linear"): "first.",
        ("tdnn", "nonlinear"): "first_norm.norm.",
        ("dense", "linear"): "last.",
        ("dense", "nonlinear"): "last_norm.",
        ("out_nonlinear", "batchnorm"): "out.norm.",
    }.get((name, rest[0]), "?") + rest[-1]


def build(state: State) -> nn.Module:
    """The network with the checkpoint's weights."""
    return load(CamPlusPlus(), state, rename)


RECIPE = Recipe(
    build=build,
    inputs=("features",),
    outputs=("embedding",),
    axes={"features": {0: "batch", 1: "frames"}, "embedding": {0: "batch"}},
    example=lambda length, generator: (3 * torch.randn(2, length, 80, generator=generator),),
    lengths=(137, 530),
)
