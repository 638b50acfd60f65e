"""Losses of prosody: pitch, loudness, duration."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def pitch_loss(wanted: Tensor, made: Tensor, voiced: Tensor) -> Tensor:
    """Mean absolute difference of pitches, octaves, where ``voiced``; 0 where nothing is.

    Args:
        wanted, made: ``[B, T]``, log2.
        voiced: ``[B, T]``, 0 or 1.
    """
    return ((wanted - made).abs() * voiced).sum() / voiced.sum().clamp_min(1.0)


def movement_loss(wanted: Tensor, made: Tensor) -> Tensor:
    """1 minus the correlation of two contours ``[B, T]``: 0 where they move alike, whatever their level and range."""
    one, other = (each - each.mean(dim=-1, keepdim=True) for each in (wanted, made))
    alike = functional.cosine_similarity(one, other, dim=-1, eps=1e-6)
    return (1.0 - alike).mean()


def duration_loss(wanted: Tensor, made: Tensor, counted: Tensor) -> Tensor:
    """Mean squared difference of ``ln(1 + frames)`` (FastSpeech 2) where ``counted``.

    Args:
        wanted: ``[B, T]``, frames.
        made: ``[B, T]``, predicted logarithms.
        counted: ``[B, T]``, 0 or 1.
    """
    apart = (torch.log1p(wanted) - made).square()
    return (apart * counted).sum() / counted.sum().clamp_min(1.0)
