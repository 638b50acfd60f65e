"""What fine-tuning asks of every architecture: another voice, the same words, the same melody."""

from __future__ import annotations

from torch import Tensor, nn

from voice.neural.features import BANDS, HEARD, LOUDNESS, MOVEMENT, PITCH, VOICED
from voice.neural.losses import content_distance, embedding_likeness, movement_loss, pitch_loss
from voice.neural.models.base import Batch, Losses
from voice.neural.models.critics import Critics

_SOME_LIKENESS = 0.1
"""Cosine of the voiceprints of two speakers that is usual."""


class Tuning(nn.Module):
    """Losses of fine-tuning; its critics do not learn, and are no part of what is saved.

    Args:
        critics: learned before.
    """

    def __init__(self, critics: Critics) -> None:
        super().__init__()
        self._critics = [critics.frozen()]  # in a list: not among the parameters of the network

    @property
    def critics(self) -> Critics:
        """On the device of the last batch."""
        return self._critics[0]

    def losses(self, batch: Batch, made: Tensor) -> Losses:
        """Of features ``[B, T, 20]`` that say the batch in another voice."""
        return self.of_cepstra(batch, made[..., :BANDS]) | {"prosody": melody_loss(batch, made)}

    def of_cepstra(self, batch: Batch, cepstra: Tensor) -> Losses:
        """Privacy and content, of cepstra ``[B, T, 18]``."""
        critics = self.critics.to(cepstra.device)
        own = critics.voiceprint(batch.bark[..., :BANDS])
        return {
            "privacy": embedding_likeness(own, critics.voiceprint(cepstra), _SOME_LIKENESS),
            "content": content_distance(batch.content, critics.reader(cepstra)),
        }


def melody_loss(batch: Batch, made: Tensor) -> Tensor:
    """How far pitch and loudness of features ``[B, T, 20]`` move otherwise than the batch's."""
    voiced = (batch.prosody[..., VOICED] > HEARD).float()
    count = voiced.sum(dim=1, keepdim=True).clamp_min(1.0)
    pitch = made[..., PITCH]
    level = (pitch * voiced).sum(dim=1, keepdim=True) / count
    wanted = batch.prosody[..., MOVEMENT]
    middle = (wanted * voiced).sum(dim=1, keepdim=True) / count
    return pitch_loss(wanted - middle, pitch - level, voiced) + movement_loss(
        batch.prosody[..., LOUDNESS], made[..., 0]
    )
