"""Losses of sound: features, spectra at several resolutions, adversaries, codes."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

RESOLUTIONS = ((512, 50, 240), (1024, 120, 600), (2048, 240, 1200))
"""Length of the transform, hop and window, samples."""
CHANGES = 0.5
"""What an error in the change from frame to frame counts."""
_LEAST = 1e-5


def reconstruction(wanted: Tensor, made: Tensor) -> Tensor:
    """Mean absolute difference of features ``[B, T, D]``, and half that of their changes; 0 where they are equal.

    Without the second part a network learns the level of each sound before the movement that tells what it is.
    """
    change = functional.l1_loss(made.diff(dim=1), wanted.diff(dim=1))
    return functional.l1_loss(made, wanted) + CHANGES * change


def multi_resolution_stft(
    wanted: Tensor, made: Tensor, resolutions: Sequence[tuple[int, int, int]] = RESOLUTIONS
) -> Tensor:
    """Spectral convergence plus the distance of log magnitudes; 0 for equal sounds ``[B, n]``.

    Yamamoto, Song, Kim: "Parallel WaveGAN" (2020).
    """
    total = wanted.new_zeros(())
    for length, hop, size in resolutions:
        one, other = (_magnitude(each, length, hop, size) for each in (wanted, made))
        apart = torch.linalg.norm(one - other) / torch.linalg.norm(one).clamp_min(_LEAST)
        total = total + apart + functional.l1_loss(other.log(), one.log())
    return total / len(resolutions)


def _magnitude(sound: Tensor, length: int, hop: int, size: int) -> Tensor:
    window = torch.hann_window(size, device=sound.device)
    spectrum = torch.stft(sound, length, hop, size, window, return_complex=True)
    return (spectrum.real.square() + spectrum.imag.square()).clamp_min(_LEAST**2).sqrt()


def discriminator_loss(real: Sequence[Tensor], made: Sequence[Tensor]) -> Tensor:
    """Least squares (Mao et al., 2017): 0 where real sound scores 1 and made sound 0."""
    losses = [(1 - own).square().mean() + other.square().mean() for own, other in zip(real, made, strict=True)]
    return torch.stack(losses).mean()


def generator_loss(made: Sequence[Tensor]) -> Tensor:
    """0 where every adversary takes made sound for real."""
    return torch.stack([(1 - other).square().mean() for other in made]).mean()


def feature_matching(real: Sequence[Sequence[Tensor]], made: Sequence[Sequence[Tensor]]) -> Tensor:
    """Mean absolute difference of the adversaries' inner layers; no gradient flows into ``real``."""
    pairs = [
        (one, other)
        for mine, theirs in zip(real, made, strict=True)
        for one, other in zip(mine, theirs, strict=True)
    ]  # fmt: skip
    return torch.stack([functional.l1_loss(other, one.detach()) for one, other in pairs]).mean()


def commitment(encoded: Tensor, quantised: Tensor) -> Tensor:
    """Draws what is encoded to its code (van den Oord et al., 2017): 0 where they are equal."""
    return functional.mse_loss(encoded, quantised.detach())


def codebook(encoded: Tensor, quantised: Tensor) -> Tensor:
    """Draws a code to what it stands for: 0 where they are equal."""
    return functional.mse_loss(quantised, encoded.detach())


def code_prediction(logits: Tensor, codes: Tensor) -> Tensor:
    """Cross-entropy of codes, nats.

    Args:
        logits: ``[B, T, K]``.
        codes: ``[B, T]`` in 0..K-1.
    """
    return functional.cross_entropy(logits.flatten(0, 1), codes.flatten())
