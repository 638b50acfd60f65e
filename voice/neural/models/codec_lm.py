"""A language model of codes: which sounds a voice makes of what is said.

As VALL-E (Wang et al., 2023) predicts codes from phonemes and a prompt: a causal transformer for the first book, with
units of content instead of phonemes, frame by frame; another one, which sees everything, for the finer books. Privacy
comes from two doors that nothing else passes: content as the nearest of 300 units, and prompts that only mixed
pseudo-speakers have spoken (:mod:`voice.neural.models.prompts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn

from voice.neural.features import PITCH, PROSODY, UNITS, VOICING
from voice.neural.losses import code_prediction, reconstruction, speaker_classification
from voice.neural.models.base import Architecture, Batch, Losses, Spoken, told_by_prosody
from voice.neural.models.codec import Codec
from voice.neural.models.transformer import Block, Cache
from voice.neural.models.tuning import Tuning, melody_loss
from voice.neural.settings import BOOKS, CODES, SPEAKER_LATENT, Dimensions, Stage

REVIVE = 50
"""Steps between two looks for codes that nothing uses."""
CODEC_STEPS = 1500
"""Steps in which the codec learns, alone; after them it stands still, for it is what the language model predicts."""
MISTAKEN = 0.5
"""Share of the codes before that are any others in training."""


class Prompt(nn.Module):
    """What a prompt tells of its voice ``[B, 32]``, of its codes ``[B, P, 4]`` and their order."""

    def __init__(self, hidden: int, heads: int) -> None:
        super().__init__()
        self.codes = nn.ModuleList(nn.Embedding(CODES, hidden) for _ in range(BOOKS))
        self.block = Block(hidden, heads)
        self.out = nn.Linear(hidden, SPEAKER_LATENT)

    def forward(self, codes: Tensor) -> Tensor:
        """See the class."""
        states = torch.stack([table(codes[..., book]) for book, table in enumerate(self.codes)]).sum(dim=0)
        out: Tensor = self.out(self.block(states)[0].mean(dim=1))
        return out


class CodecLm(Architecture):
    """See the module.

    Args:
        dimensions: of the networks.
        speakers: how many the corpus has.
        tuning: the critics of fine-tuning.
    """

    name: ClassVar[str] = "codec-lm"
    steps: Tensor
    inputs: ClassVar[tuple[str, ...]] = ("units", "prosody")

    def __init__(self, dimensions: Dimensions, speakers: int, tuning: Tuning) -> None:
        super().__init__()
        hidden, heads = dimensions.hidden, dimensions.heads
        self.identity_size = SPEAKER_LATENT
        self.codec, self.prompt = Codec(hidden), Prompt(hidden, heads)
        self.unit = nn.Embedding(UNITS, hidden)
        self.moves = nn.Linear(2 * PROSODY, hidden)
        self.whose = nn.Linear(SPEAKER_LATENT, hidden)
        self.before = nn.Embedding(CODES + 1, hidden)
        self.causal = nn.ModuleList(Block(hidden, heads, causal=True) for _ in range(dimensions.layers))
        self.coarse = nn.Linear(hidden, CODES)
        self.known = nn.ModuleList(nn.Embedding(CODES, hidden) for _ in range(BOOKS - 1))
        self.open = nn.ModuleList(Block(hidden, heads) for _ in range(dimensions.layers))
        self.finer = nn.ModuleList(nn.Linear(hidden, CODES) for _ in range(BOOKS - 1))
        self.speaker = nn.Linear(SPEAKER_LATENT, speakers)
        self.tuning = tuning
        self.register_buffer("steps", torch.zeros((), dtype=torch.long))

    def forward(self, units: Tensor, prosody: Tensor, identity: Tensor) -> Tensor:
        """Features ``[B, 2 T, 20]`` of units ``[B, T]``, prosody ``[B, 2 T, 3]`` and voices ``[B, 32]``."""
        given = self.conditions(units, prosody, identity)
        return self.rest(given, self._spoken(given), prosody)

    def rest(self, given: Tensor, first: Tensor, prosody: Tensor) -> Tensor:
        """Features ``[B, 2 T, 20]`` of conditions, the first book's codes ``[B, T]`` and prosody.

        Books are the means of their entries, each as likely as it is: of the finer ones the likeliest is mostly wrong.
        """
        logits, codes = [self.step(given, shifted(first), None)[0]], [first]
        for book in range(1, BOOKS):
            logits.append(self.finer_logits(given, torch.stack(codes, dim=-1), book))
            codes.append(logits[-1].argmax(dim=-1))
        return self.heard(self.expected(logits), prosody)

    def expected(self, logits: Sequence[Tensor]) -> Tensor:
        """Latents ``[B, T, 32]`` of each book's logits ``[B, T, 256]``."""
        books = self.codec.quantiser.books
        return torch.stack([each.softmax(-1) @ book for each, book in zip(logits, books, strict=True)]).sum(dim=0)

    def convert(self, batch: Batch, identity: Tensor) -> Spoken:
        """See :class:`Architecture`."""
        return Spoken(bark=self(batch.units, batch.prosody, identity))

    def identities(self, batch: Batch) -> Tensor:
        """See :class:`Architecture`."""
        found: Tensor = self.prompt(self.codec.codes(batch.bark - told_by_prosody(batch.prosody)))
        return found

    def conditions(self, units: Tensor, prosody: Tensor, identity: Tensor) -> Tensor:
        """States ``[B, T, hidden]`` in which what is said, how, and in whose voice stand."""
        moves = self.moves(prosody.reshape(len(units), -1, 2 * PROSODY))
        states: Tensor = self.unit(units) + moves + self.whose(identity)[:, None]
        return states

    def step(self, given: Tensor, before: Tensor, past: list[Cache] | None) -> tuple[Tensor, list[Cache]]:
        """Logits ``[B, T, 256]`` of the first book.

        Args:
            given: ``[B, T, hidden]``.
            before: codes ``[B, T]`` of the frames before; 256 before the first.
            past: what was kept.
        """
        states, kept = given + self.before(before), []
        for number, block in enumerate(self.causal):
            states, keep = block(states, None if past is None else past[number])
            kept.append(keep)
        return self.coarse(states), kept

    def finer_logits(self, given: Tensor, codes: Tensor, book: int) -> Tensor:
        """Logits ``[B, T, 256]`` of ``book`` (1 to 3), of the codes ``[B, T, book]`` before it."""
        tables = list(self.known)[:book]
        states = given + torch.stack([table(codes[..., i]) for i, table in enumerate(tables)]).sum(dim=0)
        for block in self.open:
            states, _ = block(states)
        out: Tensor = self.finer[book - 1](states)
        return out

    def heard(self, latents: Tensor, prosody: Tensor) -> Tensor:
        """Features of latents ``[B, T, 32]``, with melody and voicing as given; the pitch's level is the codes'."""
        made: Tensor = self.codec.decoded(latents)
        level = made[..., PITCH].mean(dim=1)[:, None, None].expand(-1, made.shape[1], -1)
        assert VOICING == PITCH + 1
        own = torch.cat([made[..., :PITCH], level, torch.zeros_like(level)], dim=-1)
        return own + told_by_prosody(prosody)

    def losses(self, batch: Batch, stage: Stage) -> Losses:
        """See :class:`Architecture`."""
        learns = bool(self.steps < CODEC_STEPS)
        self.codec.requires_grad_(learns)
        told = told_by_prosody(batch.prosody)
        latents = self.codec.encoded(batch.bark - told)
        quantised, codes, pulls = self.codec.quantiser(latents)
        found: Losses = dict(pulls) if learns else {}
        found["reconstruction"] = reconstruction(batch.bark, self.codec.decoded(quantised) + told)
        if self.training:
            if learns and self.steps % REVIVE == 0:
                self.codec.quantiser.revive(latents)
            self.steps += 1
            if learns and stage == "pretrain":
                return found
        # The voice is told from the other half of each piece: what is said must not come with it.
        half = codes.shape[1] // 2
        voice = self.prompt(codes[:, :half])
        found["speaker"] = speaker_classification(self.speaker(voice), batch.speaker)
        given = self.conditions(batch.units, batch.prosody, voice)
        first = codes[..., 0]
        before = shifted(first)
        if self.training:
            before = mistaken(before)
        logits = [self.step(given, before, None)[0]]
        logits += [self.finer_logits(given, codes, book) for book in range(1, BOOKS)]
        parts = [code_prediction(each, codes[..., book]) for book, each in enumerate(logits)]
        found["codes"] = torch.stack(parts).mean()
        # Which of two entries beside each other it was hardly matters; what is heard does.
        found["spectral"] = reconstruction(batch.bark, self.heard(self.expected(logits), batch.prosody))
        if stage == "finetune":
            found |= self._tuned(batch, codes, voice, before)
        return found

    def _tuned(self, batch: Batch, codes: Tensor, voice: Tensor, before: Tensor) -> Losses:
        """Of what the books say at their likeliest, softly, so that a gradient passes, in another's voice."""
        given = self.conditions(batch.units, batch.prosody, voice.roll(1, dims=0))
        logits = [self.step(given, before, None)[0]]
        logits += [self.finer_logits(given, codes, book) for book in range(1, BOOKS)]
        made = self.heard(self.expected(logits), batch.prosody)
        return self.tuning.losses(batch, made) | {"prosody": melody_loss(batch, made)}

    def _spoken(self, given: Tensor) -> Tensor:
        """The first book's codes ``[B, T]``, each the likeliest after those before."""
        before = torch.full((len(given), 1), CODES, device=given.device, dtype=torch.long)
        past: list[Cache] | None = None
        out = []
        for at in range(given.shape[1]):
            logits, past = self.step(given[:, at : at + 1], before, past)
            before = logits.argmax(dim=-1)
            out.append(before)
        return torch.cat(out, dim=1)


def shifted(codes: Tensor) -> Tensor:
    """Codes ``[B, T]`` before each of ``codes``; 256 before the first."""
    return torch.cat([torch.full_like(codes[:, :1], CODES), codes[:, :-1]], dim=1)


def mistaken(before: Tensor) -> Tensor:
    """Codes ``[B, T]``, some of them drawn anew: a network that only ever saw right ones goes on with its own mistakes.

    Bengio et al.: "Scheduled Sampling" (2015); whatever comes before, the content has the last word.
    """
    wrong = torch.rand(before.shape, device=before.device) < MISTAKEN
    return torch.where(wrong, torch.randint_like(before, CODES), before)
