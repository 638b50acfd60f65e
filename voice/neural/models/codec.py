"""The codec: features at 100 frames a second as four codes at 50 a second, 1.6 kbit/s, and back.

A residual vector quantiser (Zeghidour et al.: "SoundStream", 2021): each book codes what the books before it left.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from voice.neural.losses import codebook, commitment
from voice.neural.models.base import Convolution
from voice.neural.settings import BOOKS, CODES
from voice.resynthesis import FEATURES

LATENT = 32


class Quantiser(nn.Module):
    """Latents ``[B, T, 32]`` to codes ``[B, T, 4]``, and back."""

    def __init__(self) -> None:
        super().__init__()
        self.books = nn.ParameterList(nn.Parameter(torch.randn(CODES, LATENT) * 0.5**book) for book in range(BOOKS))

    def forward(self, latents: Tensor) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
        """Quantised latents, through which gradients pass as they are; the codes; the losses."""
        rest, total, codes = latents, torch.zeros_like(latents), []
        pulls, commits = [], []
        for book in self.books:
            code = nearest(rest, book)
            chosen = book[code]
            pulls.append(codebook(rest, chosen))
            commits.append(commitment(rest, chosen))
            total, rest = total + chosen, rest - chosen.detach()
            codes.append(code)
        losses = {"codebook": torch.stack(pulls).sum(), "commitment": torch.stack(commits).sum()}
        return latents + (total - latents).detach(), torch.stack(codes, dim=-1), losses

    def decoded(self, codes: Tensor) -> Tensor:
        """``[B, T, 32]`` of codes ``[B, T, K]``, K at most 4."""
        return torch.stack([self.books[book][codes[..., book]] for book in range(codes.shape[-1])]).sum(dim=0)

    @torch.no_grad()
    def revive(self, latents: Tensor) -> int:
        """Move entries that nothing in ``latents`` ``[B, T, 32]`` uses to where latents are; how many."""
        rest, moved = latents.detach().flatten(0, 1), 0
        for book in self.books:
            code = nearest(rest, book)
            unused = torch.bincount(code, minlength=CODES) == 0
            count = int(unused.sum())
            if count:
                book[unused] = rest[torch.randint(len(rest), (count,), device=rest.device)]
                moved += count
            rest = rest - book[code]
        return moved


class Codec(nn.Module):
    """Features ``[B, T, 20]`` to codes ``[B, T / 2, 4]``, and back."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.first = nn.Conv1d(FEATURES, hidden, 4, stride=2, padding=1)
        self.inner = Convolution(hidden)
        self.latent = nn.Linear(hidden, LATENT)
        self.quantiser = Quantiser()
        self.back = nn.Linear(LATENT, hidden)
        self.outer = Convolution(hidden)
        self.up = nn.ConvTranspose1d(hidden, hidden, 4, stride=2, padding=1)
        self.out = nn.Linear(hidden, FEATURES)

    def encoded(self, bark: Tensor) -> Tensor:
        """Latents ``[B, T / 2, 32]`` of features ``[B, T, 20]``."""
        states = self.inner(self.first(bark.transpose(1, 2)).transpose(1, 2))
        out: Tensor = self.latent(states)
        return out

    def decoded(self, latents: Tensor) -> Tensor:
        """Features ``[B, T, 20]`` of latents ``[B, T / 2, 32]``."""
        states = self.outer(self.back(latents))
        out: Tensor = self.out(nn.functional.gelu(self.up(states.transpose(1, 2))).transpose(1, 2))
        return out

    def codes(self, bark: Tensor) -> Tensor:
        """Codes ``[B, T / 2, 4]`` of features ``[B, T, 20]``."""
        found: Tensor = self.quantiser(self.encoded(bark))[1]
        return found


def nearest(latents: Tensor, book: Tensor) -> Tensor:
    """Which entry of ``[K, D]`` each of ``[..., D]`` is nearest to."""
    squares = latents.detach().square().sum(-1, keepdim=True) - 2 * latents.detach() @ book.detach().T
    return (squares + book.detach().square().sum(-1)).argmin(dim=-1)
