"""Light-ASD (Liao et al. 2023, "A Light Weight Model for Active Speaker Detection", CVPR): is this face speaking?

Inputs, outputs and features: see ``asd_layers``. Weights: AVA-ActiveSpeaker, or fine-tuned on TalkSet.
"""
# ruff: noqa: D102 - forward() is described by its class

from __future__ import annotations

import re

import torch.nn.functional as F  # noqa: N812 - torch's own custom
from convert.asd_layers import AudioEncoder, Conv, Scorer, VideoEncoder, over_time, recipe, reverse
from convert.recipe import with_prefix
from torch import Tensor, nn


class VideoBlock(nn.Module):
    """Two branches, with kernels of 3 and of 5, each space then time; their sum goes through a 1x1 convolution."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.space3, self.space5 = Conv(inputs, outputs, (3, 3), stride), Conv(inputs, outputs, (5, 5), stride)
        self.time3, self.time5 = Conv(outputs, outputs, (3, 1)), Conv(outputs, outputs, (5, 1))
        self.last = Conv(outputs, outputs, (1, 1))

    def forward(self, x: Tensor, batch: int) -> Tensor:
        small = over_time(self.time3, self.space3(x), batch)
        return self.last(small + over_time(self.time5, self.space5(x), batch))


class AudioBlock(nn.Module):
    """The same over coefficients and time."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.space3, self.space5 = Conv(inputs, outputs, (3, 1)), Conv(inputs, outputs, (5, 1))
        self.time3, self.time5 = Conv(outputs, outputs, (1, 3)), Conv(outputs, outputs, (1, 5))
        self.last = Conv(outputs, outputs, (1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.time3(self.space3(x)) + self.time5(self.space5(x)))


class Backend(nn.Module):
    """Sum of sound and picture, a forward recurrent layer, then a backward one over its output."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = nn.GRU(128, 128, batch_first=True)
        self.back = nn.GRU(128, 128, batch_first=True)

    def forward(self, audio: Tensor, video: Tensor) -> Tensor:
        x = F.gelu(self.ahead(audio + video)[0])
        return F.gelu(reverse(self.back(reverse(x))[0]))


_NAMES = (
    ("model.visualEncoder.", "video."),
    ("model.audioEncoder.", "audio."),
    ("model.GRU.gru_forward.", "backend.ahead."),
    ("model.GRU.gru_backward.", "backend.back."),
    ("lossAV.FC.", "classes."),
)
_LAYER = re.compile(r"^(?P<norm>bn_)?(?P<kind>[smt]|last)(_(?P<size>[35]))?$")
_LAYERS = {"s": "space", "m": "space", "t": "time", "last": "last"}


def rename(key: str) -> str:
    """Map the authors' name of a weight to ours."""
    key = with_prefix(key, _NAMES)
    part = key.split(".")
    if part[0] in ("video", "audio") and (match := _LAYER.match(part[2])):
        part[2:3] = [_LAYERS[match["kind"]] + (match["size"] or ""), "norm" if match["norm"] else "conv"]
    return ".".join(part)


RECIPE = recipe(lambda: Scorer(VideoEncoder(VideoBlock), AudioEncoder(AudioBlock), Backend()), rename)
