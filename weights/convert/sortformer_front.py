"""The first half of streaming Sortformer, before the speaker cache; see ``sortformer``."""

from __future__ import annotations

from convert.nemo_archive import unpack
from convert.recipe import Recipe, State, load
from convert.sortformer import STREAMING, Front, features_like, renaming
from torch import nn


def build(state: State) -> nn.Module:
    """The half with the checkpoint's weights."""
    return load(Front(state), state, renaming("", None))


RECIPE = Recipe(
    build=build,
    inputs=("features",),
    outputs=("embeddings",),
    axes={"features": {0: "batch", 1: "mel_frames"}, "embeddings": {0: "batch", 1: "frames"}},
    example=features_like(128),
    lengths=(31, 130),
    unpack=unpack,
    expected=STREAMING,
)
