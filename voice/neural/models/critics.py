"""Networks that listen while others learn: whose voice it is, what is said, and whether it sounds like speech.

The first two are learned once, from the corpus, and then frozen. The judge of a comparison is another network (ECAPA,
CAM++), trained by others on other speech: what is taught to fool one's own critic must not be measured by it.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from voice.neural.features import BANDS, CONTENT
from voice.neural.losses import content_distance, speaker_classification
from voice.neural.models.base import Batch, Convolution, Learner, Losses
from voice.neural.settings import VOICEPRINT, Dimensions, Stage


class Voiceprint(nn.Module):
    """Whose voice: convolutions, then the mean and the deviation over time (x-vectors; Snyder et al., 2018)."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.first = nn.Linear(BANDS, hidden)
        self.layers = nn.ModuleList([Convolution(hidden, 5, dilation) for dilation in (1, 2, 3)])
        self.out = nn.Linear(2 * hidden, VOICEPRINT)

    def forward(self, cepstra: Tensor) -> Tensor:
        """Embeddings ``[B, 64]`` of length 1, of cepstra ``[B, T, 18]``."""
        states = self.first(cepstra)
        for layer in self.layers:
            states = layer(states)
        pooled = torch.cat([states.mean(dim=1), (states.var(dim=1, correction=0) + 1e-5).sqrt()], dim=-1)
        return nn.functional.normalize(self.out(pooled), dim=-1)


class ContentReader(nn.Module):
    """What is said: Whisper's states as they follow from cepstra, so that a gradient reaches these."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.first = nn.Linear(BANDS, hidden)
        self.layers = nn.ModuleList([Convolution(hidden, 7, dilation) for dilation in (1, 2, 4)])
        self.halve = nn.Conv1d(hidden, hidden, 2, stride=2)
        self.out = nn.Linear(hidden, CONTENT)

    def forward(self, cepstra: Tensor) -> Tensor:
        """States ``[B, T / 2, 512]`` of cepstra ``[B, T, 18]``."""
        states = self.first(cepstra)
        for layer in self.layers:
            states = layer(states)
        out: Tensor = self.out(self.halve(states.transpose(1, 2)).transpose(1, 2))
        return out


class FrameAdversary(nn.Module):
    """Whether features are those of real speech; a score for every few frames."""

    def __init__(self, channels: int, features: int) -> None:
        super().__init__()
        sizes = (features, 8 * channels, 16 * channels)
        self.layers = nn.ModuleList(
            nn.utils.parametrizations.weight_norm(nn.Conv1d(one, other, 5, stride=2, padding=2))
            for one, other in pairwise(sizes)
        )
        self.out = nn.utils.parametrizations.weight_norm(nn.Conv1d(sizes[-1], 1, 3, padding=1))

    def forward(self, bark: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Scores ``[B, 1, T / 4]`` and inner layers of features ``[B, T, D]``."""
        states, inner = bark.transpose(1, 2), []
        for layer in self.layers:
            states = nn.functional.leaky_relu(layer(states), 0.1)
            inner.append(states)
        return self.out(states), inner


class Critics(Learner):
    """The voiceprint and the reader, learned together.

    Args:
        dimensions: of the networks.
        speakers: how many the corpus has.
    """

    def __init__(self, dimensions: Dimensions, speakers: int) -> None:
        super().__init__()
        self.voiceprint = Voiceprint(dimensions.hidden)
        self.reader = ContentReader(dimensions.hidden)
        self.speaker = nn.Linear(VOICEPRINT, speakers)

    def losses(self, batch: Batch, stage: Stage = "pretrain") -> Losses:
        """Speakers are told apart, and Whisper's states are met."""
        cepstra = batch.bark[..., :BANDS]
        return {
            "speaker": speaker_classification(16.0 * self.speaker(self.voiceprint(cepstra)), batch.speaker),
            "content": content_distance(batch.content, self.reader(cepstra)),
        }

    def frozen(self) -> Critics:
        """The same, no longer learning."""
        for parameter in self.parameters():
            parameter.requires_grad_(False)
        return self.eval()
