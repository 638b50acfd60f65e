"""The plain convolutional autoencoder that every other architecture must beat.

Convolutions 1-32-64 of width 3 with pooling over the picture of features, a linear layer of 256, latents of content and
speaker, then transposed convolutions 64-32-1 back. What is said and whose voice it is are told apart by losses alone.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from voice.neural.losses import drawn, kl_to_normal, reconstruction, reverse_gradient, speaker_classification
from voice.neural.models.base import Architecture, Batch, Losses, Spoken
from voice.neural.models.tuning import Tuning
from voice.neural.settings import CONTENT_LATENT, SPEAKER_LATENT, Stage
from voice.resynthesis import FEATURES

_POOLED, _ROWS, _CHANNELS, _WIDE = 4, FEATURES // 4, 64, 256


class ConvolutionalVae(Architecture):
    """See the module.

    Args:
        speakers: how many the corpus has.
        tuning: the critics of fine-tuning.
    """

    name: ClassVar[str] = "baseline"
    inputs: ClassVar[tuple[str, ...]] = ("bark",)

    def __init__(self, speakers: int, tuning: Tuning) -> None:
        super().__init__()
        self.identity_size = SPEAKER_LATENT
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, _CHANNELS, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        )  # fmt: skip
        self.wide = nn.Linear(_CHANNELS * _ROWS, _WIDE)
        self.content = nn.Linear(_WIDE, 2 * CONTENT_LATENT)
        self.voice = nn.Linear(_WIDE, 2 * SPEAKER_LATENT)
        self.narrow = nn.Linear(CONTENT_LATENT + SPEAKER_LATENT, _CHANNELS * _ROWS)
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(_CHANNELS, 32, 4, stride=2, padding=1), nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1),
        )  # fmt: skip
        self.speaker = nn.Linear(SPEAKER_LATENT, speakers)
        self.hidden_speaker = nn.Linear(CONTENT_LATENT, speakers)
        self.tuning = tuning

    def forward(self, bark: Tensor, identity: Tensor) -> Tensor:
        """Features ``[B, T, 20]`` of features ``[B, T, 20]`` in the voices ``[B, 32]``; T a multiple of 4."""
        mean, _ = self._content(self._encoded(bark))
        return self._decoded(mean, identity)

    def convert(self, batch: Batch, identity: Tensor) -> Spoken:
        """See :class:`Architecture`."""
        return Spoken(bark=self(batch.bark, identity))

    def identities(self, batch: Batch) -> Tensor:
        """See :class:`Architecture`."""
        return self._voice(self._encoded(batch.bark))[0]

    def losses(self, batch: Batch, stage: Stage) -> Losses:
        """See :class:`Architecture`."""
        states = self._encoded(batch.bark)
        (content, spread), (voice, deviation) = self._content(states), self._voice(states)
        said, whose = drawn(content, spread, self.training), drawn(voice, deviation, self.training)
        made = self._decoded(said, whose)
        found = {
            "reconstruction": reconstruction(batch.bark, made),
            "kl_content": kl_to_normal(content, spread),
            "kl_speaker": kl_to_normal(voice, deviation),
            "speaker": speaker_classification(self.speaker(whose), batch.speaker),
            "hiding": speaker_classification(
                self.hidden_speaker(reverse_gradient(said).mean(dim=1)), batch.speaker
            ),
        }  # fmt: skip
        if stage == "finetune":
            other = self._decoded(said, voice.detach().roll(1, dims=0))
            found |= self.tuning.losses(batch, other)
        return found

    def _encoded(self, bark: Tensor) -> Tensor:
        """``[B, T / 4, 256]``."""
        picture = self.encoder(bark[:, None])
        columns = picture.permute(0, 2, 1, 3).flatten(2)
        return torch.relu(self.wide(columns))

    def _content(self, states: Tensor) -> tuple[Tensor, Tensor]:
        mean, spread = self.content(states).chunk(2, dim=-1)
        return mean, spread.clamp(-8.0, 8.0)

    def _voice(self, states: Tensor) -> tuple[Tensor, Tensor]:
        mean, spread = self.voice(states).mean(dim=1).chunk(2, dim=-1)
        return mean, spread.clamp(-8.0, 8.0)

    def _decoded(self, said: Tensor, whose: Tensor) -> Tensor:
        both = torch.cat([said, whose[:, None].expand(-1, said.shape[1], -1)], dim=-1)
        wide = torch.relu(self.narrow(both))
        columns = wide.reshape(*wide.shape[:2], _CHANNELS, _ROWS).permute(0, 2, 1, 3)
        out: Tensor = self.decoder(columns)[:, 0]
        return out
