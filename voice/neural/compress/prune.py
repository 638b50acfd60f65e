"""Pruning: the smallest weights become zero. It makes files that compress better, not networks that run faster."""

from __future__ import annotations

import torch
from torch import nn

from voice.neural.models.base import Learner


def prune(network: Learner, share: float) -> float:
    """Set the smallest ``share`` of all weights of layers to zero (Han et al., 2015); gives the share that is zero.

    Biases, norms, embeddings and adversaries stay.

    Raises:
        ValueError: ``share`` is not in 0..1.
    """
    if not 0.0 <= share < 1.0:
        raise ValueError("a share from 0 to below 1 can be pruned")
    layers = weights_of(network)
    sizes = torch.cat([each.detach().abs().flatten() for each in layers])
    edge = sizes.kthvalue(max(1, round(share * len(sizes)))).values if share > 0 else sizes.new_tensor(-1.0)
    with torch.no_grad():
        for each in layers:
            each[each.abs() <= edge] = 0.0
    return float(sum(int((each == 0).sum()) for each in layers) / len(sizes))


def weights_of(network: Learner) -> list[torch.Tensor]:
    """The matrices and kernels of its layers."""
    apart = {id(each) for each in network.adversary_parameters()}
    kinds = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.ConvTranspose1d, nn.ConvTranspose2d)
    found: list[torch.Tensor] = []
    for module in network.modules():
        if isinstance(module, kinds):
            normed = getattr(module, "parametrizations", None)
            weight = normed.weight.original1 if normed is not None else module.weight
            if id(weight) not in apart:
                found.append(weight)
    return found
