"""What LR-ASD and Light-ASD share: convolutions over space and time kept apart, and the audio-visual frame of both.

Both networks factor their three-dimensional convolutions into a spatial (1 x k x k) and a temporal (k x 1 x 1) one.
Here they are two-dimensional convolutions, over [B * T, C, H, W] and over [B, C, T, H * W]: the same numbers, 1.4
times as fast in ONNX Runtime on one core.

Inputs of both networks: ``audio`` float32 [B, 4 T, 13] and ``faces`` float32 [B, T, 112, 112]; any T >= 1, the same
in both (4 audio frames of 10 ms to each picture at 25 per second). Outputs, both [B, T]: ``score``, the raw score of
"speaking" (the authors' threshold is 0; roughly -5..5), and ``probability`` 0..1 (softmax over both classes).

Features:

- faces: at 25 pictures per second, grey (0.299 R + 0.587 G + 0.114 B), 0..255 not normalised (the network does that).
  The crop as the authors make it: the boxes' half size s = max(width, height) / 2 and centre (x, y) are
  median-filtered over 13 pictures; the square from (x - 1.4 s, y - s) to (x + 1.4 s, y + 1.8 s), outside the picture
  filled with 110, is resized to 224 x 224, and its middle 112 x 112 is taken. That middle is the square of side 1.4 s
  centred on (x, y + 0.4 s).
- audio: 16 kHz mono in 16-bit scale (-32768..32767), MFCC as python_speech_features makes them by default:
  pre-emphasis x[i] - 0.97 x[i-1] over the whole signal (the first sample stays); frames of 400 samples every 160,
  from the first sample on, 1 + ceil((n - 400) / 160) of them, the last zero-padded; no window (ones); zero-padded to
  512, |X|^2 / 512 [257 bins]; 26 filters: 28 points equally spaced in mel (2595 log10(1 + f / 700)) from 0 to 8000
  Hz, put to the bins floor(513 f / 16000), triangles linear in bins; natural logarithm (zeros become 2.2e-16);
  orthonormal DCT-II, the first 13; lifter 1 + 11 sin(pi n / 22); coefficient 0 is replaced by the natural logarithm
  of the frame's energy (the sum of |X|^2 / 512 over all bins). No normalisation. Audio frame 4 t begins when picture
  t does.
"""
# ruff: noqa: D102 - forward() is described by its class

from __future__ import annotations

from collections.abc import Callable

import torch
from convert.recipe import Recipe, State, load
from torch import Tensor, nn

FACE = 112
EPS = 1e-3


class Conv(nn.Module):
    """Convolution without bias, batch norm, ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: tuple[int, int], stride: int = 1) -> None:
        super().__init__()
        padding = (kernel[0] // 2, kernel[1] // 2)
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=padding, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=EPS)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.norm(self.conv(x)))


def over_time(layer: Callable[[Tensor], Tensor], x: Tensor, batch: Tensor | int) -> Tensor:
    """Apply a layer over [B, C, T, H * W] to pictures [B * T, C, H, W]; the result has the layout of pictures."""
    channels, height, width = x.shape[1:]
    x = x.reshape(batch, -1, channels, height * width).transpose(1, 2)
    return layer(x).transpose(1, 2).reshape(-1, channels, height, width)


class VideoEncoder(nn.Module):
    """Three blocks with pooling between: pictures [B, T, 112, 112] of 0..255 to [B, T, 128]."""

    def __init__(self, block: Callable[[int, int, int], nn.Module]) -> None:
        super().__init__()
        self.block1, self.block2, self.block3 = block(1, 32, 2), block(32, 64, 1), block(64, 128, 1)
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, faces: Tensor) -> Tensor:
        batch = faces.shape[0]
        x = (faces.reshape(-1, 1, FACE, FACE) / 255 - 0.4161) / 0.1688
        x = self.pool(self.block1(x, batch))
        x = self.pool(self.block2(x, batch))
        return self.block3(x, batch).amax(dim=(2, 3)).reshape(batch, -1, 128)


class AudioEncoder(nn.Module):
    """Three blocks; time is halved twice: MFCC [B, 4 T, 13] to [B, T, 128]."""

    def __init__(self, block: Callable[[int, int], nn.Module]) -> None:
        super().__init__()
        self.block1, self.block2, self.block3 = block(1, 32), block(32, 64), block(64, 128)
        self.pool = nn.MaxPool2d((1, 3), (1, 2), (0, 1))

    def forward(self, audio: Tensor) -> Tensor:
        x = audio.unsqueeze(1).transpose(2, 3)
        x = self.block3(self.pool(self.block2(self.pool(self.block1(x)))))
        return x.mean(dim=2).transpose(1, 2)


class Scorer(nn.Module):
    """Encoders, a backend [B, T, 128] + [B, T, 128] -> [B, T, 128], and the two-class layer."""

    def __init__(self, video: nn.Module, audio: nn.Module, backend: nn.Module) -> None:
        super().__init__()
        self.video, self.audio, self.backend = video, audio, backend
        self.classes = nn.Linear(128, 2)

    def forward(self, audio: Tensor, faces: Tensor) -> tuple[Tensor, Tensor]:
        logits = self.classes(self.backend(self.audio(audio), self.video(faces)))
        return logits[:, :, 1], torch.softmax(logits, dim=2)[:, :, 1]


def reverse(x: Tensor) -> Tensor:
    """Reverse time; [B, T, C]."""
    return torch.flip(x, dims=[1])


def example_of(length: int, generator: torch.Generator) -> tuple[Tensor, ...]:
    """Inputs for any of the networks: two items of ``length`` pictures."""
    audio = 5 * torch.randn(2, 4 * length, 13, generator=generator)
    faces = torch.rand(2, length, FACE, FACE, generator=generator).cumsum(dim=1) % 1
    return audio, 255 * faces


def recipe(make: Callable[[], Scorer], rename: Callable[[str], str | None]) -> Recipe:
    """The recipe of either network, without the layer that scores pictures alone, which is for training only."""

    def build(state: State) -> nn.Module:
        return load(make(), state, lambda key: None if key.startswith("lossV.") else rename(key))

    axes = {
        "audio": {0: "batch", 1: "audio_frames"},
        "faces": {0: "batch", 1: "frames"},
        "score": {0: "batch", 1: "frames"},
        "probability": {0: "batch", 1: "frames"},
    }
    return Recipe(build, ("audio", "faces"), ("score", "probability"), axes, example_of, lengths=(11, 26))
