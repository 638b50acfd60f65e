"""What the lab's architectures share: what they are given, what they promise, and layers that several use."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import ClassVar

import torch
from torch import Tensor, nn

from voice.neural.features import LOUDNESS, MOVEMENT, PITCH, VOICED, VOICING
from voice.neural.settings import Dimensions, LossWeights, Stage
from voice.resynthesis import FEATURES

Losses = dict[str, Tensor]
LOUD = 4.0
"""What :func:`voice.neural.features.prosody_of` divides loudness by."""


@dataclass(frozen=True)
class Batch:
    """Pieces of speech of equal length, ``T`` frames of 10 ms.

    Attributes:
        content: ``[B, T / 2, 512]``, what is said.
        units: ``[B, T / 2]``, the same as units.
        durations: ``[B, T / 2]``, frames of content that the unit lasts in which each lies; 0: cut off, so not known.
        prosody: ``[B, T, 3]``, how it is said.
        bark: ``[B, T, 20]``, the features to be made.
        sound: ``[B, 160 T]``.
        speaker: ``[B]``, whose number it is.
    """

    content: Tensor
    units: Tensor
    durations: Tensor
    prosody: Tensor
    bark: Tensor
    sound: Tensor
    speaker: Tensor

    def __len__(self) -> int:
        return len(self.speaker)

    def to(self, device: torch.device | str) -> Batch:
        """On another device."""
        return Batch(**{field.name: getattr(self, field.name).to(device) for field in fields(self)})


@dataclass(frozen=True)
class Spoken:
    """What a network makes: features ``[B, T, 20]`` for FARGAN, or sound ``[B, 160 T]``."""

    bark: Tensor | None = None
    sound: Tensor | None = None


@dataclass(frozen=True)
class Step:
    """How a training step acts.

    Attributes:
        stage: which losses are used.
        weights: what each counts.
        optimisers: one for each group of :meth:`Architecture.groups`.
        backward: takes the loss, and leaves gradients.
    """

    stage: Stage
    weights: LossWeights
    optimisers: Mapping[str, torch.optim.Optimizer]
    backward: Callable[[Tensor], None]


class Learner(nn.Module, ABC):
    """Whatever is trained: it says what is wrong with it, and takes a step."""

    @abstractmethod
    def losses(self, batch: Batch, stage: Stage) -> Losses:
        """What is wrong with the network, by the names of :class:`LossWeights`; each a scalar."""

    def adversary_losses(self, batch: Batch, stage: Stage) -> Losses:
        """What is wrong with the adversaries; empty where there are none."""
        return {}

    def groups(self) -> dict[str, list[nn.Parameter]]:
        """Parameters by optimiser: ``"network"``, and ``"adversary"`` where there is one."""
        adversary = set(self.adversary_parameters())
        network = [each for each in self.parameters() if each.requires_grad and each not in adversary]
        return {"network": network} | ({"adversary": list(self.adversary_parameters())} if adversary else {})

    def adversary_parameters(self) -> Iterable[nn.Parameter]:
        """Those of adversaries."""
        return ()

    def train_step(self, batch: Batch, step: Step) -> dict[str, float]:
        """One step of every optimiser. Gives each loss, and ``"loss"``, what they weigh together."""
        told: dict[str, float] = {}
        groups = self.groups()
        for group, losses in (("adversary", self.adversary_losses), ("network", self.losses)):
            if group not in groups:
                continue
            found = losses(batch, step.stage)
            if not found:
                continue
            total = weighed(found, step.weights)
            step.optimisers[group].zero_grad()
            step.backward(total)
            nn.utils.clip_grad_norm_(groups[group], 5.0)
            step.optimisers[group].step()
            told |= {name: float(value.detach()) for name, value in found.items()}
            told["loss" if group == "network" else "adversary"] = float(total.detach())
        return told


class Architecture(Learner):
    """A network that gives speech another voice.

    Attributes:
        name: in settings.
        inputs: fields of a batch that :meth:`forward` uses, in its order.
        identity_size: numbers of an identity.
    """

    name: ClassVar[str]
    inputs: ClassVar[tuple[str, ...]] = ("content", "prosody")
    identity_size: int

    @abstractmethod
    def identities(self, batch: Batch) -> Tensor:
        """The voices ``[B, identity_size]`` in which a batch is said."""

    @abstractmethod
    def convert(self, batch: Batch, identity: Tensor) -> Spoken:
        """The batch, said in the voices ``identity`` ``[B, identity_size]``. Nothing random is in it."""


def weighed(losses: Losses, weights: LossWeights) -> Tensor:
    """The sum of losses, each times its weight; adversaries' own losses count once."""
    known = weights.model_dump()
    return torch.stack([value * known.get(name, 1.0) for name, value in losses.items()]).sum()


class FeatureHead(nn.Module):
    """Features of a hidden state, with what the prosody says already in them.

    The network adds the level, and what is finer: so the melody is kept whatever it has learned.
    """

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.out = nn.Linear(hidden, FEATURES)

    def forward(self, hidden: Tensor, prosody: Tensor) -> Tensor:
        """``[B, T, 20]`` of ``[B, T, H]`` and prosody ``[B, T, 3]``."""
        made: Tensor = self.out(hidden)
        return made + told_by_prosody(prosody)


def told_by_prosody(prosody: Tensor) -> Tensor:
    """What the prosody ``[B, T, 3]`` says of features already, ``[B, T, 20]``: loudness, pitch and voicing."""
    zero = torch.zeros_like(prosody[..., :1])
    loud, moves, voiced = (prosody[..., i : i + 1] for i in (LOUDNESS, MOVEMENT, VOICED))
    assert VOICING == PITCH + 1 == FEATURES - 1
    return torch.cat([LOUD * loud, *[zero] * (PITCH - 1), moves, voiced], dim=-1)


class Convolution(nn.Module):
    """A residual convolution in time with its own normalisation, ``[B, T, H]`` to the same."""

    def __init__(self, hidden: int, width: int = 5, dilation: int = 1) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(hidden)
        self.conv = nn.Conv1d(hidden, hidden, width, padding=dilation * (width // 2), dilation=dilation)

    def forward(self, states: Tensor) -> Tensor:
        """See the class."""
        made: Tensor = self.conv(self.norm(states).transpose(1, 2)).transpose(1, 2)
        return states + nn.functional.gelu(made)


def to_100_frames(states: Tensor) -> Tensor:
    """``[B, T, D]`` from 50 to 100 frames a second."""
    return states.repeat_interleave(2, dim=1)


__all__ = [
    "Architecture",
    "Batch",
    "Convolution",
    "Dimensions",
    "FeatureHead",
    "Learner",
    "Losses",
    "Spoken",
    "Step",
    "to_100_frames",
    "told_by_prosody",
    "weighed",
]
