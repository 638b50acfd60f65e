"""Sortformer (Park et al. 2024, arXiv:2409.06656): which of four speakers talk in each frame of 80 ms, in one pass.

This recipe is the complete offline model: input ``features`` float32 [B, T, 80], output ``activity`` float32 [B, N,
4], N = T / 8 rounded up, probabilities; the speakers are in order of their first words. ``sortformer_front`` and
``sortformer_head`` are the two halves of the streaming model, between which the speaker cache lies (Medennikov et al.
2025, arXiv:2507.18446): ``features`` [B, T, 128] to ``embeddings`` [B, N, 512], and those to ``activity`` [B, N, 4].

Features: NeMo's log-mel (see diarization/features/nemo_mel.py), 80 bands normalised per feature over sound scaled by
1 / (its maximum + 0.001) for the offline model; 128 bands, neither scaled nor normalised, for the streaming one.
"""
# ruff: noqa: D102 - forward() is described by its class

from __future__ import annotations

from collections.abc import Callable

import torch
from convert.conformer import Conformer, Subsampling
from convert.nemo_archive import unpack
from convert.recipe import Recipe, State, load
from torch import Tensor, nn

_TRANSFORMER_HEADS = 8
_EXPECTED = {
    "encoder.subsampling": "dw_striding",
    "encoder.subsampling_factor": "8",
    "encoder.causal_downsampling": "false",
    "encoder.self_attention_model": "rel_pos",
    "encoder.xscaling": "true",
    "encoder.untie_biases": "true",
    "encoder.conv_norm_type": "batch_norm",
    "encoder.att_context_style": "regular",
    "transformer_encoder.num_attention_heads": str(_TRANSFORMER_HEADS),
    "transformer_encoder.hidden_act": "relu",
    "transformer_encoder.pre_ln": "false",
    "preprocessor.sample_rate": "16000",
    "preprocessor.window_size": "0.025",
    "preprocessor.window_stride": "0.01",
    "preprocessor.window": "hann",
    "preprocessor.n_fft": "512",
    "preprocessor.preemph": "0.97",
    "preprocessor.frame_splicing": "1",
    "sortformer_modules.num_spks": "4",
}
OFFLINE = {**_EXPECTED, "preprocessor.features": "80", "preprocessor.normalize": "per_feature"}
STREAMING = {**_EXPECTED, "preprocessor.features": "128", "preprocessor.normalize": "NA", "streaming_mode": "true"}


class Attention(nn.Module):
    """Plain multi-head self-attention."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads, self.size = heads, width // heads
        self.query_net, self.key_net = nn.Linear(width, width), nn.Linear(width, width)
        self.value_net, self.out_projection = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        parts = (net(x).unflatten(2, (self.heads, self.size)) for net in (self.query_net, self.key_net, self.value_net))
        query, key, value = (part.transpose(1, 2) for part in parts)
        weights = torch.softmax(query @ key.transpose(2, 3) / self.size**0.5, dim=3)
        return self.out_projection((weights @ value).transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    """Two linear layers around a ReLU."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.dense_in, self.dense_out = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.dense_out(torch.relu(self.dense_in(x)))


class Block(nn.Module):
    """A Transformer layer with layer norm after the sums."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.first_sub_layer, self.layer_norm_1 = Attention(width, _TRANSFORMER_HEADS), nn.LayerNorm(width)
        self.second_sub_layer, self.layer_norm_2 = FeedForward(width, inner), nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        x = self.layer_norm_1(x + self.first_sub_layer(x))
        return self.layer_norm_2(x + self.second_sub_layer(x))


class Head(nn.Module):
    """Embeddings [B, N, D] to probabilities [B, N, 4]: Conformer, Transformer, two linear layers."""

    def __init__(self, state: State) -> None:
        super().__init__()
        inner, width = state["encoder.layers.0.feed_forward1.linear1.weight"].shape
        heads = state["encoder.layers.0.self_attn.pos_bias_u"].shape[0]
        kernel = state["encoder.layers.0.conv.depthwise_conv.weight"].shape[2]
        small_inner, small = state["transformer_encoder.layers.0.second_sub_layer.dense_in.weight"].shape
        self.encoder = Conformer(_count(state, "encoder."), width, inner, heads, kernel)
        self.project = nn.Linear(width, small)
        self.transformer = nn.ModuleList(
            Block(small, small_inner) for _ in range(_count(state, "transformer_encoder."))
        )
        self.hidden = nn.Linear(small, small)
        self.slots = nn.Linear(small, state["sortformer_modules.single_hidden_to_spks.weight"].shape[0])

    def forward(self, embeddings: Tensor) -> Tensor:
        x = self.project(self.encoder(embeddings))
        for block in self.transformer:
            x = block(x)
        return torch.sigmoid(self.slots(torch.relu(self.hidden(torch.relu(x)))))


class Front(Subsampling):
    """Features [B, T, F] to embeddings [B, N, D]."""

    def __init__(self, state: State) -> None:
        channels = state["encoder.pre_encode.conv.0.weight"].shape[0]
        width, flat = state["encoder.pre_encode.out.weight"].shape
        super().__init__(8 * flat // channels, channels, width)


class Sortformer(nn.Module):
    """The whole network."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.front, self.head = Front(state), Head(state)

    def forward(self, features: Tensor) -> Tensor:
        return self.head(self.front(features))


def _count(state: State, prefix: str) -> int:
    return 1 + max(int(key.split(".")[2]) for key in state if key.startswith(f"{prefix}layers."))


_HEAD = (
    ("encoder.layers.", "encoder.layers."),
    ("transformer_encoder.layers.", "transformer."),
    ("sortformer_modules.encoder_proj.", "project."),
    ("sortformer_modules.first_hidden_to_hidden.", "hidden."),
    ("sortformer_modules.single_hidden_to_spks.", "slots."),
)
_FRONT = (("encoder.pre_encode.", ""),)
# The preprocessor's tables are ours; the other output layer is not used for inference.
_LEFT_OUT = ("preprocessor.", "sortformer_modules.hidden_to_spks.")


def renaming(front: str | None, head: str | None) -> Callable[[str], str | None]:
    """The function that maps NeMo's names to ours, with these prefixes; None: that half is not wanted."""

    def rename(key: str) -> str | None:
        for names, prefix in ((_FRONT, front), (_HEAD, head)):
            for theirs, ours in names:
                if key.startswith(theirs):
                    return None if prefix is None else prefix + ours + key[len(theirs) :]
        return None if key.startswith(_LEFT_OUT) else key

    return rename


def features_like(bands: int) -> Callable[[int, torch.Generator], tuple[Tensor, ...]]:
    """A function that makes example log-mel features."""
    return lambda length, generator: (3 * torch.randn(2, 8 * length + 3, bands, generator=generator) - 8,)


def build(state: State) -> nn.Module:
    """The network with the checkpoint's weights."""
    return load(Sortformer(state), state, renaming("front.", "head."))


RECIPE = Recipe(
    build=build,
    inputs=("features",),
    outputs=("activity",),
    axes={"features": {0: "batch", 1: "mel_frames"}, "activity": {0: "batch", 1: "frames"}},
    example=lambda length, generator: (torch.randn(2, 8 * length + 3, 80, generator=generator),),
    lengths=(31, 130),
    unpack=unpack,
    expected=OFFLINE,
)
