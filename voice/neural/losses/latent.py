"""Losses of the latents: how far they are from a standard normal distribution, and who they still tell."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


def kl_to_normal(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Kullback-Leibler divergence of normal distributions from the standard one, nats, mean over all numbers.

    Kingma, Welling: "Auto-Encoding Variational Bayes" (2014), appendix B; 0 where the mean is 0 and the variance 1.

    Args:
        mean, log_variance: of any one shape.
    """
    return 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance).mean()


def drawn(mean: Tensor, log_variance: Tensor, random: bool) -> Tensor:
    """A draw from the distributions by reparameterisation; their means where not ``random``."""
    if not random:
        return mean
    return mean + torch.randn_like(mean) * (0.5 * log_variance).exp()


def speaker_classification(logits: Tensor, speakers: Tensor) -> Tensor:
    """Cross-entropy in nats; ln(speakers) where nothing is known, 0 where every speaker is told.

    Args:
        logits: ``[B, S]``.
        speakers: ``[B]``, whose numbers they are.
    """
    return functional.cross_entropy(logits, speakers)


class _Reversal(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, values: Tensor, strength: float) -> Tensor:
        context.strength = strength
        return values.view_as(values)

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return -context.strength * gradients[0], None


def reverse_gradient(values: Tensor, strength: float = 1.0) -> Tensor:
    """The same values, but their gradient comes back negative, times ``strength``.

    Ganin, Lempitsky: "Unsupervised Domain Adaptation by Backpropagation" (2015): what a classifier behind it learns to
    tell, what lies before it learns to hide.
    """
    out: Tensor = _Reversal.apply(values, strength)  # type: ignore[no-untyped-call]
    return out
