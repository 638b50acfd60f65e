"""A small causal network that learns from a large one: features for FARGAN, frame by frame, with a state."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from voice.neural.features import BANDS, CONTENT, MOVEMENT, PITCH, PROSODY, VOICED
from voice.neural.losses import reconstruction
from voice.neural.models.base import Architecture, Batch, FeatureHead, Learner, Losses, Spoken
from voice.neural.models.cepstra import cepstra_of
from voice.neural.settings import VOICEPRINT, Stage

DILATIONS = (1, 2, 4)
_WIDTH = 3


class Student(nn.Module):
    """Content and prosody in, features out; it hears nothing of what is yet to come.

    Args:
        hidden: channels.
        identity_size: numbers of a voice.
    """

    def __init__(self, hidden: int, identity_size: int) -> None:
        super().__init__()
        self.hidden, self.identity_size = hidden, identity_size
        self.content, self.moves = nn.Linear(CONTENT, hidden), nn.Linear(2 * PROSODY, hidden)
        self.whose = nn.Linear(identity_size, hidden)
        # Convolutions as matrices: those can be multiplied in int8.
        self.layers = nn.ModuleList(nn.Linear(_WIDTH * hidden, hidden) for _ in DILATIONS)
        self.apart = nn.Linear(hidden, 2 * hidden)
        self.head = FeatureHead(hidden)

    def start(self, pieces: int = 1) -> list[Tensor]:
        """The states of a stream that begins, each ``[B, frames, hidden]``."""
        return [torch.zeros(pieces, (_WIDTH - 1) * dilation, self.hidden) for dilation in DILATIONS]

    def forward(self, content: Tensor, prosody: Tensor, identity: Tensor, *past: Tensor) -> tuple[Tensor, ...]:
        """Features ``[B, 2 T, 20]`` of content ``[B, T, 512]`` and prosody ``[B, 2 T, 3]``; and the new states."""
        both = prosody.reshape(prosody.shape[0], -1, 2 * PROSODY)
        states = self.content(content) + self.moves(both) + self.whose(identity)[:, None]
        kept = []
        for layer, dilation, before in zip(self.layers, DILATIONS, past, strict=True):
            every = torch.cat([before, states], dim=1)
            count = states.shape[1]
            taps = [every[:, i * dilation : i * dilation + count] for i in range(_WIDTH)]
            states = states + nn.functional.gelu(layer(torch.cat(taps, dim=-1)))
            kept.append(every[:, -(_WIDTH - 1) * dilation :])
        wide = self.apart(states)
        pairs = wide.reshape(wide.shape[0], -1, self.hidden)
        return (self.head(pairs, prosody), *kept)


class Distillation(Learner):
    """A student that learns from what a network makes, in the voices of a batch and in mixtures of them.

    Args:
        student: learns.
        teacher: does not.
    """

    def __init__(self, student: Student, teacher: Architecture) -> None:
        super().__init__()
        self.student = student
        self._teacher = [teacher.eval()]  # in a list: not among what is trained or saved

    def losses(self, batch: Batch, stage: Stage) -> Losses:
        """See :class:`Learner`."""
        teacher = self._teacher[0].to(batch.bark.device)
        with torch.no_grad():
            own = teacher.identities(batch)
            voice = torch.lerp(own, own.roll(1, dims=0), torch.rand(len(own), 1, device=own.device))
            wanted = features_of(teacher.convert(batch, voice), batch, voice)
        start = [each.to(batch.bark.device) for each in self.student.start(len(batch))]
        return {"reconstruction": reconstruction(wanted, self.student(batch.content, batch.prosody, voice, *start)[0])}


def features_of(made: Spoken, batch: Batch, voice: Tensor) -> Tensor:
    """Features ``[B, T, 20]`` of what was made; of sound the cepstra, with pitch and voicing as they were asked for."""
    if made.bark is not None:
        return made.bark
    assert made.sound is not None
    assert BANDS == PITCH
    pitch = batch.prosody[..., MOVEMENT] + voice[:, VOICEPRINT:]
    return torch.cat([cepstra_of(made.sound), torch.stack([pitch, batch.prosody[..., VOICED]], dim=-1)], dim=-1)
