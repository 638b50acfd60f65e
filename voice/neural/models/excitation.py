"""What a source-filter network shapes into speech: pulses at the pitch, noise, and their spectra there and back.

Harmonics and noise as in HiFTNet (Li et al., 2023) and the neural source-filter models (Wang et al., 2019). Fourier
transforms are convolutions with fixed weights, which every runtime of ONNX has.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from voice.resynthesis import FRAME, RATE

LENGTH, HOP = 320, 80
"""Samples of a spectrum and between two of them: 20 ms every 5 ms."""
BINS = LENGTH // 2 + 1
_HIGHEST = 7600.0
"""Hz above which there are no harmonics."""
_NOISE = 2 * RATE
"""Samples after which the noise begins again."""
_SINGULAR = 1e-4
_OVERLAP = 1.5
"""Sum of the squared windows that lie over each sample."""


def pulses(hertz: Tensor, voiced: Tensor) -> Tensor:
    """Harmonics of equal strength, about 1 in power; 0 where nothing is voiced. ``[B, 160 T]``.

    Args:
        hertz: ``[B, T]``, the pitch.
        voiced: ``[B, T]``, 1 or 0.
    """
    cycles = hertz * (FRAME / RATE)
    begun = torch.cumsum(cycles, dim=1) - cycles
    place = torch.arange(FRAME, device=hertz.device) / FRAME
    turns = (begun - begun.floor())[..., None] + cycles[..., None] * place
    angle = 2.0 * math.pi * (turns - turns.round())  # around 0, where it must be exact
    count = (_HIGHEST / hertz.clamp_min(40.0)).floor()[..., None]
    # The sum of cos(k angle) for k from 1 to count (Dirichlet's kernel).
    below = torch.sin(0.5 * angle)
    near = below.abs() < _SINGULAR
    kernel = torch.sin((count + 0.5) * angle) / torch.where(near, torch.ones_like(below), below)
    kernel = torch.where(near, 2.0 * count + 1.0, kernel)
    sound = 0.5 * (kernel - 1.0) * (2.0 / count).sqrt() * voiced[..., None]
    return sound.flatten(1)


class Spectra(nn.Module):
    """Sound ``[B, n]`` to spectra ``[B, 2 * 161, n / 80]``, real parts before imaginary ones, and back."""

    forth: Tensor
    back: Tensor

    def __init__(self) -> None:
        super().__init__()
        angles = 2.0 * math.pi * torch.arange(BINS)[:, None] * torch.arange(LENGTH)[None] / LENGTH
        window = torch.hann_window(LENGTH)
        basis = torch.cat([torch.cos(angles), -torch.sin(angles)]) * window
        once = torch.full((BINS,), 2.0)
        once[0] = once[-1] = 1.0
        self.register_buffer("forth", basis[:, None], persistent=False)
        self.register_buffer(
            "back", (basis * torch.cat([once, once])[:, None] / (LENGTH * _OVERLAP))[:, None], persistent=False
        )

    def forward(self, sound: Tensor) -> Tensor:
        """See the class."""
        return nn.functional.conv1d(sound[:, None], self.forth, stride=HOP, padding=(LENGTH - HOP) // 2)

    def sound(self, spectra: Tensor) -> Tensor:
        """``[B, n]`` of spectra ``[B, 2 * 161, n / 80]``."""
        made = nn.functional.conv_transpose1d(spectra, self.back, stride=HOP, padding=(LENGTH - HOP) // 2)
        return made[:, 0]


class Noise(nn.Module):
    """White noise, 1 in power; the same each time, so that a conversion can be repeated, but not in training."""

    stored: Tensor

    def __init__(self) -> None:
        super().__init__()
        random = torch.Generator().manual_seed(0)
        self.register_buffer("stored", torch.randn(_NOISE, generator=random), persistent=False)

    def forward(self, like: Tensor) -> Tensor:
        """As long as ``like`` ``[B, n]``."""
        if self.training:
            return torch.randn_like(like)
        place = torch.arange(like.shape[1], device=like.device) % _NOISE
        return self.stored[place].expand_as(like)
