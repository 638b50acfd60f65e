"""The type of a recipe, and loading a checkpoint into its modules without leaving anything out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor, nn

State = Mapping[str, Tensor]


class ConversionError(Exception):
    """The checkpoint does not fit, or the exported file does not agree with torch."""


class Build(Protocol):
    """Creates the module with its weights, in eval mode."""

    def __call__(self, state: State) -> nn.Module:
        """Raises ConversionError if the state does not fit exactly."""
        ...


@dataclass(frozen=True)
class Recipe:
    """How one architecture is exported. ``example(n)`` returns inputs of ``n`` time steps, for tracing and checking.

    If the checkpoint comes in an archive, ``unpack`` extracts it and its configuration, which must not contradict
    ``expected``.
    """

    build: Build
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    axes: Mapping[str, Mapping[int, str]]
    example: Callable[[int, torch.Generator], tuple[Tensor, ...]]
    lengths: tuple[int, int]
    opset: int = 17
    tolerance: float = 1e-4
    unpack: Callable[[bytes], tuple[bytes, dict[str, str]]] | None = None
    expected: Mapping[str, str] = field(default_factory=dict)
    notes: str = field(default="")


def with_prefix(key: str, prefixes: Iterable[tuple[str, str]]) -> str:
    """``key`` with the first of ``prefixes`` (theirs, ours) that it begins with exchanged."""
    for theirs, ours in prefixes:
        if key.startswith(theirs):
            return ours + key[len(theirs) :]
    return key


def load(module: nn.Module, state: State, rename: Callable[[str], str | None]) -> nn.Module:
    """Load ``state`` strictly into ``module``. ``rename`` returns our name of a key, or None for one that is not
    needed.

    Shapes that differ only by axes of length 1 are reshaped (a 1x5x5 kernel of a 3-d convolution is a 5x5 kernel).
    """
    ours = module.state_dict()
    renamed: dict[str, Tensor] = {}
    unexpected: list[str] = []
    for key, value in state.items():
        name = rename(key)
        if name is None:
            continue
        if name not in ours or name in renamed:
            unexpected.append(key)
        elif [n for n in ours[name].shape if n != 1] != [n for n in value.shape if n != 1]:
            raise ConversionError(f"{key} has shape {tuple(value.shape)}, expected {tuple(ours[name].shape)}")
        else:
            renamed[name] = value.reshape(ours[name].shape)
    missing = sorted(set(ours) - set(renamed))
    if unexpected or missing:
        raise ConversionError(f"unexpected keys {unexpected[:5]}, missing {missing[:5]}: not the checkpoint expected")
    module.load_state_dict(renamed, strict=True)
    return module.eval()
