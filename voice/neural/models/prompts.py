"""The codec model's privacy module: voices come only from prompts that mixed pseudo-speakers have spoken."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from timeline import InputError
from voice.neural.corpus import SYNTHETIC, Utterance
from voice.neural.models.codec_lm import CodecLm


def allowed(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Those that may be prompts. Raises InputError if none is synthetic: a recorded prompt is somebody's voice."""
    found = [each for each in utterances if each.source == SYNTHETIC]
    if not found:
        raise InputError("the corpus holds no synthetic speech, and only that may be a prompt", "discreet lab data -h")
    return found


@torch.no_grad()
def mixed_voices(network: CodecLm, barks: Sequence[Tensor], count: int, seed: int = 0) -> Tensor:
    """``[count, 32]``: means of the voices of two or three prompts each.

    Args:
        network: trained.
        barks: features ``[T, 20]`` of prompts, without what their prosody says, T even.
        count: how many voices.
        seed: of the draw.
    """
    voices = torch.cat([network.prompt(network.codec.codes(bark[None])) for bark in barks])
    random = torch.Generator().manual_seed(seed)
    rows = []
    for _ in range(count):
        size = min(len(voices), 2 + int(torch.randint(2, (1,), generator=random)))
        rows.append(voices[torch.randperm(len(voices), generator=random)[:size]].mean(dim=0))
    return torch.stack(rows)
