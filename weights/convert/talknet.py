"""TalkNet (Tao et al., "Is Someone Speaking?", ACM MM 2021, arXiv:2107.06592): is this face speaking?

For pictures, a convolution over space and time, a ResNet-18, and a temporal network; for sound, a ResNet-34 with
squeeze and excitation over cepstra. Each attends to the other, then both to themselves.

Inputs, outputs and features: see ``asd_layers`` (LR-ASD and Light-ASD take the same as TalkNet). Weights: the authors'
``pretrain_TalkSet.model`` (any video) or ``pretrain_AVA.model`` (films).

The authors' code concatenates the items of a batch before the convolution over time, so that neighbours affect each
other; here every item is separate, which is the same for a batch of one.
"""
# ruff: noqa: D102 - forward() is described by its class

from __future__ import annotations

import re

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own custom
from convert.asd_layers import FACE, example_of
from convert.recipe import Recipe, State, load
from torch import Tensor, nn

EPS = 1e-3
SPAN = 5
"""Pictures that the first convolution sees at once."""


class Pair(nn.Module):
    """Two residual units of the picture's ResNet; the first may halve the size."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs, eps=EPS)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.around = nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False) if stride > 1 else nn.Identity()
        self.norm2 = nn.BatchNorm2d(outputs, eps=EPS)
        self.conv3 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm3 = nn.BatchNorm2d(outputs, eps=EPS)
        self.conv4 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm4 = nn.BatchNorm2d(outputs, eps=EPS)

    def forward(self, x: Tensor) -> Tensor:
        middle = self.conv2(torch.relu(self.norm1(self.conv1(x)))) + self.around(x)
        x = torch.relu(self.norm2(middle))
        return torch.relu(self.norm4(self.conv4(torch.relu(self.norm3(self.conv3(x)))) + middle))


class Pictures(nn.Module):
    """[B, T, 112, 112] of 0..255 to [B, T, 512].

    The convolution over five pictures is written as one over five channels: the picture and its neighbours.
    """

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(SPAN, 64, 7, stride=2, padding=3, bias=False)
        self.norm = nn.BatchNorm2d(64, eps=EPS)
        self.layers = nn.Sequential(Pair(64, 64, 1), Pair(64, 128, 2), Pair(128, 256, 2), Pair(256, 512, 2))

    def forward(self, faces: Tensor) -> Tensor:
        batch, length = faces.shape[:2]
        x = F.pad((faces / 255 - 0.4161) / 0.1688, (0, 0, 0, 0, SPAN // 2, SPAN // 2))
        x = torch.stack([x[:, i : i + length] for i in range(SPAN)], dim=2).reshape(-1, SPAN, FACE, FACE)
        x = F.max_pool2d(torch.relu(self.norm(self.first(x))), 3, 2, 1)
        return self.layers(x).mean(dim=(2, 3)).reshape(batch, -1, 512)


class GlobalNorm(nn.Module):
    """Normalisation over channels and time together."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gamma, self.beta = nn.Parameter(torch.ones(1, channels, 1)), nn.Parameter(torch.zeros(1, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        centred = x - x.mean(dim=(1, 2), keepdim=True)
        return self.gamma * centred / torch.sqrt((centred**2).mean(dim=(1, 2), keepdim=True) + 1e-8) + self.beta


class Temporal(nn.Module):
    """One unit of the temporal network: each channel over time, then all channels."""

    def __init__(self, channels: int = 512) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(channels)
        self.time = nn.Conv1d(channels, channels, 3, padding=1, groups=channels, bias=False)
        self.slope = nn.PReLU()
        self.all = GlobalNorm(channels)
        self.mix = nn.Conv1d(channels, channels, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.mix(self.all(self.slope(self.time(self.norm(torch.relu(x)))))) + x


class Video(nn.Module):
    """Pictures to [B, T, 128]."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures = Pictures()
        self.temporal = nn.Sequential(*(Temporal() for _ in range(5)))
        self.narrow = nn.Conv1d(512, 256, 5, padding=2)
        self.norm = nn.BatchNorm1d(256)
        self.last = nn.Conv1d(256, 128, 1)

    def forward(self, faces: Tensor) -> Tensor:
        x = self.temporal(self.pictures(faces).transpose(1, 2))
        return self.last(torch.relu(self.norm(self.narrow(x)))).transpose(1, 2)


class Excited(nn.Module):
    """A residual unit of the sound's ResNet with squeeze and excitation over the whole recording."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.down, self.up = nn.Linear(outputs, outputs // 8), nn.Linear(outputs // 8, outputs)
        self.around: nn.Module = nn.Identity()
        if stride > 1 or inputs != outputs:
            conv = nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False)
            self.around = nn.Sequential(conv, nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm2(self.conv2(self.norm1(torch.relu(self.conv1(x)))))
        weight = torch.sigmoid(self.up(torch.relu(self.down(y.mean(dim=(2, 3))))))
        return torch.relu(y * weight[:, :, None, None] + self.around(x))


def _stage(inputs: int, outputs: int, units: int, stride: int) -> nn.Sequential:
    rest = (Excited(outputs, outputs, 1) for _ in range(units - 1))
    return nn.Sequential(Excited(inputs, outputs, stride), *rest)


class Sound(nn.Module):
    """Cepstra [B, 4 T, 13] to [B, T, 128]; time is halved twice."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 16, 7, stride=(2, 1), padding=3, bias=False)
        self.norm = nn.BatchNorm2d(16)
        self.layers = nn.Sequential(
            _stage(16, 16, 3, 1), _stage(16, 32, 4, 2), _stage(32, 64, 6, 2), _stage(64, 128, 3, 1)
        )

    def forward(self, audio: Tensor) -> Tensor:
        x = torch.relu(self.norm(self.first(audio.unsqueeze(1).transpose(2, 3))))
        return self.layers(x).mean(dim=2).transpose(1, 2)


class Attention(nn.Module):
    """Attention of ``target`` over ``source``, eight heads, plus the layer after it. Both [B, T, C]."""

    def __init__(self, channels: int, heads: int = 8) -> None:
        super().__init__()
        self.heads = heads
        self.inner, self.outer = nn.Linear(channels, 3 * channels), nn.Linear(channels, channels)
        self.wide, self.narrow = nn.Linear(channels, 4 * channels), nn.Linear(4 * channels, channels)
        self.norm1, self.norm2 = nn.LayerNorm(channels), nn.LayerNorm(channels)

    def _split(self, x: Tensor) -> Tensor:
        return x.reshape(x.shape[0], -1, self.heads, x.shape[2] // self.heads).transpose(1, 2)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        weight, bias = self.inner.weight.chunk(3), self.inner.bias.chunk(3)
        query = self._split(F.linear(target, weight[0], bias[0]))
        key, value = (self._split(F.linear(source, weight[i], bias[i])) for i in (1, 2))
        share = torch.softmax(query @ key.transpose(2, 3) / query.shape[3] ** 0.5, dim=3)
        seen = (share @ value).transpose(1, 2).flatten(2)
        x = self.norm1(source + self.outer(seen))
        return self.norm2(x + self.narrow(torch.relu(self.wide(x))))


class TalkNet(nn.Module):
    """The whole network."""

    def __init__(self) -> None:
        super().__init__()
        self.video, self.sound = Video(), Sound()
        self.sound_by_video, self.video_by_sound = Attention(128), Attention(128)
        self.both = Attention(256)
        self.classes = nn.Linear(256, 2)

    def forward(self, audio: Tensor, faces: Tensor) -> tuple[Tensor, Tensor]:
        sound, video = self.sound(audio), self.video(faces)
        x = torch.cat([self.sound_by_video(sound, video), self.video_by_sound(video, sound)], dim=2)
        logits = self.classes(self.both(x, x))
        return logits[:, :, 1], torch.softmax(logits, dim=2)[:, :, 1]


_UNUSED = re.compile(r"^(lossA|lossV)\.|^model\.visualFrontend\.resnet\.layer1\.downsample\.")
"""Weights for training only, and a shortcut that the authors' code creates but does not use."""
_RULES = tuple(
    (re.compile(pattern), ours)
    for pattern, ours in (
        (r"^model\.visualFrontend\.frontend3D\.0\.", "video.pictures.first."),
        (r"^model\.visualFrontend\.frontend3D\.1\.", "video.pictures.norm."),
        (r"^model\.visualFrontend\.resnet\.layer([1-4])\.", "video.pictures.layers.<>."),
        (r"^model\.visualTCN\.net\.", "video.temporal."),
        (r"^model\.visualConv1D\.net\.0\.", "video.narrow."),
        (r"^model\.visualConv1D\.net\.1\.", "video.norm."),
        (r"^model\.visualConv1D\.net\.3\.", "video.last."),
        (r"^model\.audioEncoder\.conv1\.", "sound.first."),
        (r"^model\.audioEncoder\.bn1\.", "sound.norm."),
        (r"^model\.audioEncoder\.layer([1-4])\.", "sound.layers.<>."),
        (r"^model\.crossA2V\.", "sound_by_video."),
        (r"^model\.crossV2A\.", "video_by_sound."),
        (r"^model\.selfAV\.", "both."),
        (r"^lossAV\.FC\.", "classes."),
    )
)
_PICTURE = {
    "conv1a": "conv1",
    "bn1a": "norm1",
    "conv2a": "conv2",
    "outbna": "norm2",
    "conv1b": "conv3",
    "bn1b": "norm3",
    "conv2b": "conv4",
    "outbnb": "norm4",
    "downsample": "around",
}
_TEMPORAL = {"net.1": "norm", "net.2": "time", "net.3": "slope", "net.4": "all", "net.5": "mix"}
_SOUND = {"bn1": "norm1", "bn2": "norm2", "se.fc.0": "down", "se.fc.2": "up", "downsample": "around"}
_ATTENTION = {
    "self_attn.in_proj_weight": "inner.weight",
    "self_attn.in_proj_bias": "inner.bias",
    "self_attn.out_proj": "outer",
    "linear1": "wide",
    "linear2": "narrow",
}
_INSIDE = (
    ("video.pictures.layers.", _PICTURE),
    ("video.temporal.", _TEMPORAL),
    ("sound.layers.", _SOUND),
    ("sound_by_video.", _ATTENTION),
    ("video_by_sound.", _ATTENTION),
    ("both.", _ATTENTION),
)


def rename(key: str) -> str | None:
    """Map the authors' name of a weight to ours; None for what scoring does not use."""
    if _UNUSED.search(key):
        return None
    for pattern, ours in _RULES:
        if match := pattern.search(key):
            stage = str(int(match[1]) - 1) if match.groups() else ""
            key = ours.replace("<>", stage) + key[match.end() :]
            break
    for place, names in _INSIDE:
        if key.startswith(place):
            for theirs, ours in names.items():
                key = re.sub(rf"(?<=\.){re.escape(theirs)}(?=\.|$)", ours, key, count=1)
    return key


def build(state: State) -> nn.Module:
    """The network with the checkpoint's weights."""
    return load(TalkNet(), state, rename)


RECIPE = Recipe(
    build,
    ("audio", "faces"),
    ("score", "probability"),
    {
        "audio": {0: "batch", 1: "audio_frames"},
        "faces": {0: "batch", 1: "frames"},
        "score": {0: "batch", 1: "frames"},
        "probability": {0: "batch", 1: "frames"},
    },
    example_of,
    lengths=(11, 26),
)
