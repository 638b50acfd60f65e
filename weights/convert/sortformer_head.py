"""The second half of streaming Sortformer, which takes cache, queue and chunk; see ``sortformer``."""

from __future__ import annotations

import torch
from convert.nemo_archive import unpack
from convert.recipe import Recipe, State, load
from convert.sortformer import STREAMING, Head, renaming
from torch import nn


def build(state: State) -> nn.Module:
    """The half with the checkpoint's weights."""
    return load(Head(state), state, renaming(None, ""))


RECIPE = Recipe(
    build=build,
    inputs=("embeddings",),
    outputs=("activity",),
    axes={"embeddings": {0: "batch", 1: "frames"}, "activity": {0: "batch", 1: "frames"}},
    example=lambda length, generator: (torch.randn(2, length, 512, generator=generator),),
    lengths=(31, 230),
    unpack=unpack,
    expected=STREAMING,
)
