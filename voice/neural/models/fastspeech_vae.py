"""FastSpeech 2 with two latents: what is said (64) and whose voice it is (32), each a distribution.

Ren et al.: "FastSpeech 2" (2021); Kingma, Welling (2014); instance normalisation takes the speaker out of the content
(Chou, Lee, 2019). The variance adaptor takes pitch and loudness as given, and learns to predict both, and durations.
The anonymiser maps a keyed draw, and whether the own voice is a low one, to a speaker latent that is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import torch
from torch import Tensor, nn

from voice.neural.features import BANDS, CONTENT, HEARD, LOUDNESS, MOVEMENT, PITCH, VOICED
from voice.neural.losses import (
    discriminator_loss,
    drawn,
    duration_loss,
    feature_matching,
    generator_loss,
    kl_to_normal,
    pitch_loss,
    reconstruction,
    reverse_gradient,
    speaker_classification,
)
from voice.neural.models.base import Architecture, Batch, Convolution, FeatureHead, Losses, Spoken, to_100_frames
from voice.neural.models.critics import FrameAdversary
from voice.neural.models.transformer import Block
from voice.neural.models.tuning import Tuning
from voice.neural.settings import CONTENT_LATENT, SPEAKER_LATENT, Dimensions, Stage
from voice.resynthesis import FEATURES, RATE

LOW = 165.0
"""Hz; a voice whose median pitch is lower is a low one: all that the anonymiser learns of the own voice."""


class SpeakerEncoder(nn.Module):
    """The speaker latent's mean and logarithm of variance ``[B, 32]`` of cepstra ``[B, T, 18]`` and the pitch."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.first = nn.Linear(BANDS + 1, hidden)
        self.layers = nn.ModuleList([Convolution(hidden), Convolution(hidden, dilation=2)])
        self.out = nn.Linear(hidden, 2 * SPEAKER_LATENT)

    def forward(self, bark: Tensor) -> tuple[Tensor, Tensor]:
        """Of features ``[B, T, 20]``."""
        states = self.first(bark[..., : BANDS + 1])
        for layer in self.layers:
            states = layer(states)
        mean, spread = self.out(states.mean(dim=1)).chunk(2, dim=-1)
        return mean, spread.clamp(-8.0, 8.0)


class ContentEncoder(nn.Module):
    """The content latent's mean and logarithm of variance ``[B, T, 64]`` of content ``[B, T, 512]``."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.first = nn.Linear(CONTENT, hidden)
        self.layer = Convolution(hidden)
        self.norm = nn.InstanceNorm1d(hidden)
        self.out = nn.Linear(hidden, 2 * CONTENT_LATENT)

    def forward(self, content: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        states = self.layer(self.first(content))
        states = self.norm(states.transpose(1, 2)).transpose(1, 2)
        mean, spread = self.out(states).chunk(2, dim=-1)
        return mean, spread.clamp(-8.0, 8.0)


class Predictor(nn.Module):
    """Durations (as logarithms), movement of the pitch and loudness ``[B, T, 3]`` of the content latent."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.first = nn.Linear(CONTENT_LATENT, hidden)
        self.layers = nn.ModuleList([Convolution(hidden, 3), Convolution(hidden, 3)])
        self.out = nn.Linear(hidden, 3)

    def forward(self, said: Tensor) -> Tensor:
        """See the class."""
        states = self.first(said)
        for layer in self.layers:
            states = layer(states)
        out: Tensor = self.out(states)
        return out


class Anonymiser(nn.Module):
    """A draw ``[B, 32]`` and whether the voice is low ``[B, 1]`` to a speaker latent ``[B, 32]``."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(SPEAKER_LATENT + 1, hidden), nn.GELU(), nn.Linear(hidden, SPEAKER_LATENT)
        )  # fmt: skip

    def forward(self, draw: Tensor, low: Tensor) -> Tensor:
        """See the class."""
        out: Tensor = self.layers(torch.cat([draw, low], dim=-1))
        return out


class FastSpeechVae(Architecture):
    """See the module.

    Args:
        dimensions: of the networks.
        speakers: how many the corpus has.
        tuning: the critics of fine-tuning.
    """

    name: ClassVar[str] = "fastspeech-vae"

    def __init__(self, dimensions: Dimensions, speakers: int, tuning: Tuning) -> None:
        super().__init__()
        hidden = dimensions.hidden
        self.identity_size = SPEAKER_LATENT
        self.content, self.voice = ContentEncoder(hidden), SpeakerEncoder(hidden)
        self.predictor, self.anonymiser = Predictor(hidden), Anonymiser(hidden)
        self.said = nn.Linear(CONTENT_LATENT, hidden)
        self.moves = nn.Conv1d(3, hidden, 5, padding=2)
        self.whose = nn.Linear(SPEAKER_LATENT, hidden)
        self.blocks = nn.ModuleList([Block(hidden, dimensions.heads) for _ in range(dimensions.layers)])
        self.head = FeatureHead(hidden)
        self.speaker = nn.Linear(SPEAKER_LATENT, speakers)
        self.hidden_speaker = nn.Linear(CONTENT_LATENT, speakers)
        self.adversary = FrameAdversary(dimensions.adversary, FEATURES)
        self.tuning = tuning

    def forward(self, content: Tensor, prosody: Tensor, identity: Tensor) -> Tensor:
        """Features ``[B, 2 T, 20]`` of content ``[B, T, 512]``, prosody ``[B, 2 T, 3]`` and voices ``[B, 32]``."""
        return self._decoded(self.content(content)[0], prosody, identity)

    def convert(self, batch: Batch, identity: Tensor) -> Spoken:
        """See :class:`Architecture`."""
        return Spoken(bark=self(batch.content, batch.prosody, identity))

    def identities(self, batch: Batch) -> Tensor:
        """See :class:`Architecture`."""
        mean: Tensor = self.voice(batch.bark)[0]
        return mean

    def losses(self, batch: Batch, stage: Stage) -> Losses:
        """See :class:`Architecture`."""
        (content, spread), (voice, deviation) = self.content(batch.content), self.voice(batch.bark)
        said, whose = drawn(content, spread, self.training), drawn(voice, deviation, self.training)
        made = self._decoded(said, batch.prosody, whose)
        found = {
            "reconstruction": reconstruction(batch.bark, made),
            "kl_content": kl_to_normal(content, spread),
            "kl_speaker": kl_to_normal(voice, deviation),
            "speaker": speaker_classification(self.speaker(whose), batch.speaker),
            "hiding": speaker_classification(
                self.hidden_speaker(reverse_gradient(said).mean(dim=1)), batch.speaker
            ),
        }  # fmt: skip
        found |= self._variance(batch, self.predictor(said))
        if stage == "finetune":
            other = self.anonymiser(torch.randn_like(voice), low_voices(batch.bark))
            found |= self.tuning.losses(batch, self._decoded(said, batch.prosody, other))
            found["identity"] = _apart(other, voice.detach())
            scores, inner = self.adversary(made)
            found["adversarial"] = generator_loss([scores])
            found["matching"] = feature_matching([self.adversary(batch.bark)[1]], [inner])
        return found

    def adversary_losses(self, batch: Batch, stage: Stage) -> Losses:
        """See :class:`Architecture`; there are none before fine-tuning."""
        if stage != "finetune":
            return {}
        with torch.no_grad():
            made = self(batch.content, batch.prosody, self.identities(batch))
        return {"discriminator": discriminator_loss([self.adversary(batch.bark)[0]], [self.adversary(made)[0]])}

    def adversary_parameters(self) -> Iterable[nn.Parameter]:
        """See :class:`Architecture`."""
        return self.adversary.parameters()

    def _variance(self, batch: Batch, found: Tensor) -> Losses:
        """Durations, melody and loudness as they would be predicted."""
        every = batch.prosody[:, ::2]
        voiced = (every[..., VOICED] > HEARD).float()
        return {
            "duration": duration_loss(batch.durations, found[..., 0], (batch.durations > 0).float()),
            "predicted_pitch": 0.1 * pitch_loss(every[..., MOVEMENT], found[..., 1], voiced),
            "predicted_loudness": 0.1 * reconstruction(every[..., LOUDNESS], found[..., 2]),
        }

    def _decoded(self, said: Tensor, prosody: Tensor, whose: Tensor) -> Tensor:
        moves = self.moves(prosody.transpose(1, 2)).transpose(1, 2)
        states = to_100_frames(self.said(said)) + moves + self.whose(whose)[:, None]
        for block in self.blocks:
            states, _ = block(states)
        out: Tensor = self.head(states, prosody)
        return out


def low_voices(bark: Tensor) -> Tensor:
    """1 for low voices, 0 for others ``[B, 1]``, of features ``[B, T, 20]``."""
    level = bark[..., PITCH].median(dim=1, keepdim=True).values
    edge = torch.log2(torch.tensor(256.0 * LOW / RATE)) - 1.5
    return (level < edge).float()


def _apart(made: Tensor, real: Tensor) -> Tensor:
    """How far the mean and the deviation of two sets of voices ``[B, D]`` differ."""
    one, other = (torch.cat([each.mean(dim=0), each.std(dim=0, correction=0)]) for each in (made, real))
    return (one - other).abs().mean()
