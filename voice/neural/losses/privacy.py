"""Losses of privacy and of meaning: how like two voices are, and whether the words are still there."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def embedding_likeness(own: Tensor, converted: Tensor, margin: float = 0.0) -> Tensor:
    """Mean cosine of two voices' embeddings ``[B, D]`` above ``margin``: 0 at and below it, at most ``1 - margin``.

    No gradient flows into ``own``. Below the margin nothing is gained: voices that are opposite, rather than
    unrelated, tell the speaker as well.
    """
    cosine = functional.cosine_similarity(own.detach(), converted, dim=-1)
    return torch.relu(cosine - margin).mean()


def content_distance(wanted: Tensor, heard: Tensor) -> Tensor:
    """1 minus the mean cosine of a recogniser's states ``[B, T, D]``: 0 where the words are the same, at most 2.

    No gradient flows into ``wanted``.
    """
    return (1.0 - functional.cosine_similarity(wanted.detach(), heard, dim=-1)).mean()
