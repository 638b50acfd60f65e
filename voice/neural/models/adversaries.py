"""HiFi-GAN's adversaries: sound folded at several periods, and at several rates."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

PERIODS = (2, 3, 5, 7, 11)
"""Samples."""
SCALES = 3
"""Each at half the rate of the one before."""
_SLOPE = 0.1
Heard = tuple[Tensor, list[Tensor]]


class PeriodAdversary(nn.Module):
    """Hears every ``period``-th sample as one row."""

    def __init__(self, channels: int, period: int) -> None:
        super().__init__()
        self.period = period
        sizes = (1, channels, 4 * channels, 8 * channels)
        self.layers = nn.ModuleList(
            weight_norm(nn.Conv2d(one, other, (5, 1), (3, 1), padding=(2, 0))) for one, other in pairwise(sizes)
        )
        self.out = weight_norm(nn.Conv2d(sizes[-1], 1, (3, 1), padding=(1, 0)))

    def forward(self, sound: Tensor) -> Heard:
        """Scores and inner layers of ``[B, n]``."""
        rest = -sound.shape[1] % self.period
        padded = nn.functional.pad(sound[:, None], (0, rest), "reflect")[:, 0]
        return _heard(padded.reshape(len(sound), 1, -1, self.period), self.layers, self.out)


class ScaleAdversary(nn.Module):
    """Hears sound as it is."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        sizes = (1, channels, 4 * channels, 8 * channels)
        self.layers = nn.ModuleList(
            weight_norm(nn.Conv1d(one, other, 15, stride, padding=7))
            for (one, other), stride in zip(pairwise(sizes), (1, 4, 4), strict=True)
        )
        self.out = weight_norm(nn.Conv1d(sizes[-1], 1, 3, padding=1))

    def forward(self, sound: Tensor) -> Heard:
        """Scores and inner layers of ``[B, n]``."""
        return _heard(sound[:, None], self.layers, self.out)


class SoundAdversaries(nn.Module):
    """All of them."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.periods = nn.ModuleList(PeriodAdversary(channels, period) for period in PERIODS)
        self.scales = nn.ModuleList(ScaleAdversary(channels) for _ in range(SCALES))

    def forward(self, sound: Tensor) -> tuple[list[Tensor], list[list[Tensor]]]:
        """Scores and inner layers of each, of ``[B, n]``."""
        found = [each(sound) for each in self.periods]
        for each in self.scales:
            found.append(each(sound))
            sound = nn.functional.avg_pool1d(sound[:, None], 4, 2, padding=2)[:, 0]
        return [scores for scores, _ in found], [inner for _, inner in found]


def _heard(states: Tensor, layers: nn.ModuleList, out: nn.Module) -> Heard:
    inner = []
    for layer in layers:
        states = nn.functional.leaky_relu(layer(states), _SLOPE)
        inner.append(states)
    return out(states), inner
