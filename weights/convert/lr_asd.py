"""LR-ASD (Liao et al., "Lightweight and Robust Network for Active Speaker Detection", 2025): is this face speaking?

Inputs, outputs and features: see ``asd_layers``. Weights: AVA-ActiveSpeaker, or fine-tuned on TalkSet.
"""
# ruff: noqa: D102 - forward() is described by its class

from __future__ import annotations

import torch
from convert.asd_layers import EPS, AudioEncoder, Conv, Scorer, VideoEncoder, over_time, recipe, reverse
from convert.recipe import with_prefix
from torch import Tensor, nn


class VideoBlock(nn.Module):
    """Space 5x5, space 3x3, time 5, time 3, in sequence."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.space = nn.Sequential(Conv(inputs, outputs // 2, (5, 5), stride), Conv(outputs // 2, outputs, (3, 3)))
        self.time = nn.Sequential(Conv(outputs, outputs, (5, 1)), Conv(outputs, outputs, (3, 1)))

    def forward(self, x: Tensor, batch: int) -> Tensor:
        return over_time(self.time, self.space(x), batch)


class AudioBlock(nn.Module):
    """Coefficients 5, coefficients 3, time 5, time 3."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.space = nn.Sequential(Conv(inputs, outputs // 2, (5, 1)), Conv(outputs // 2, outputs, (3, 1)))
        self.time = nn.Sequential(Conv(outputs, outputs, (1, 5)), Conv(outputs, outputs, (1, 3)))

    def forward(self, x: Tensor) -> Tensor:
        return self.time(self.space(x))


class Gate(nn.Module):
    """Both inputs side by side, each channel weighted by attention over all channels at that moment. [B, T, C]."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.attention = nn.Conv1d(channels, channels, 1, bias=False)
        self.norm = nn.BatchNorm1d(channels, eps=EPS)

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        x = torch.cat([left, right], dim=2).transpose(1, 2)
        return (x * torch.sigmoid(self.norm(self.attention(x)))).transpose(1, 2)


class Backend(nn.Module):
    """Gate of sound and picture, a recurrent layer in each direction, gate of both directions."""

    def __init__(self) -> None:
        super().__init__()
        self.fuse = Gate(256)
        self.ahead = nn.GRU(256, 64, batch_first=True)
        self.back = nn.GRU(256, 64, batch_first=True)
        self.join = Gate(128)

    def forward(self, audio: Tensor, video: Tensor) -> Tensor:
        x = self.fuse(audio, video)
        return self.join(self.ahead(x)[0], reverse(self.back(reverse(x))[0]))


_NAMES = (
    ("model.visualEncoder.", "video."),
    ("model.audioEncoder.", "audio."),
    ("model.fusion.bn.", "backend.fuse.norm."),
    ("model.fusion.attention.", "backend.fuse.attention."),
    ("model.detector.attention.bn.", "backend.join.norm."),
    ("model.detector.attention.attention.", "backend.join.attention."),
    ("model.detector.gru_forward.", "backend.ahead."),
    ("model.detector.gru_backward.", "backend.back."),
    ("lossAV.FC.", "classes."),
)
_LAYERS = {"s": "space", "m": "space", "t": "time"}


def rename(key: str) -> str:
    """Map the authors' name of a weight to ours."""
    key = with_prefix(key, _NAMES)
    part = key.split(".")
    if part[0] in ("video", "audio"):
        # s_1 is the first spatial convolution, s_norm_1 the batch norm after it
        kind, *norm, number = part[2].split("_")
        part[2:3] = [_LAYERS.get(kind, "?"), str(int(number) - 1), "norm" if norm else "conv"]
    return ".".join(part)


RECIPE = recipe(lambda: Scorer(VideoEncoder(VideoBlock), AudioEncoder(AudioBlock), Backend()), rename)
