"""The cepstra of :func:`voice.neural.features.bark_features` in torch, so that a gradient reaches the sound."""

from __future__ import annotations

import torch
from torch import Tensor

from voice.neural.features.bark import BANDS, band_shares, cosines, half_window
from voice.resynthesis import FRAME

_PREEMPHASIS, _FULL_SCALE, _FLOOR, _LEVEL = 0.85, 32768.0, 1e-2, 4.0
_DROP, _RANGE, _START = 2.5, 8.0, -2.0


def cepstra_of(sound: Tensor) -> Tensor:
    """``[B, n // 160, 18]`` of sound ``[B, n]`` at 16 kHz in -1..1."""
    count = sound.shape[1] // FRAME
    first = sound[:, :1]
    emphasised = torch.cat([first, sound[:, 1:] - _PREEMPHASIS * sound[:, :-1]], dim=1) * _FULL_SCALE
    padded = torch.nn.functional.pad(emphasised, (FRAME // 2, FRAME))
    half = torch.tensor(half_window(), dtype=sound.dtype, device=sound.device)
    frames = padded.unfold(1, 2 * FRAME, FRAME)[:, :count] * torch.cat([half, half.flip(0)])
    spectrum = torch.fft.rfft(frames) / (2 * FRAME)
    shares = torch.tensor(band_shares(), dtype=sound.dtype, device=sound.device)
    logs = torch.log10(_FLOOR + (spectrum.real.square() + spectrum.imag.square()) @ shares)
    table = torch.tensor(cosines(), dtype=sound.dtype, device=sound.device)
    made = _bounded(logs) @ table
    return torch.cat([made[..., :1] - _LEVEL, made[..., 1:]], dim=-1)


def _bounded(logs: Tensor) -> Tensor:
    """No band lies far below the one before it, or below the loudest so far."""
    follow = most = torch.full_like(logs[..., 0], _START)
    out = []
    for band in range(BANDS):
        here = torch.maximum(most - _RANGE, torch.maximum(follow - _DROP, logs[..., band]))
        most, follow = torch.maximum(most, here), torch.maximum(follow - _DROP, here)
        out.append(here)
    return torch.stack(out, dim=-1)
