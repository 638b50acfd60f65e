"""Checkpoints without pickles: every tensor in a safetensors file, everything else as JSON in its header.

Reading one runs no code, whoever wrote it. It is written whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from timeline import InputError, parse_json, write_file

_TENSOR, _TUPLE, _PAIRS = "__tensor__", "__tuple__", "__pairs__"
_TREE = "tree"


def save_tree(path: Path, tree: Any) -> None:
    """Write nested dicts, lists and tuples of tensors, numbers, strings, truth values and None.

    Raises:
        TypeError: something else is in it.
        OutputError: the file cannot be written.
    """
    from safetensors.torch import save

    tensors: dict[str, Tensor] = {}
    shape = json.dumps(_packed(tree, tensors))
    write_file(path, save(tensors, metadata={_TREE: shape}))


def load_tree(path: Path, device: str | torch.device = "cpu") -> Any:
    """What :func:`save_tree` wrote. Raises InputError if it is missing or damaged."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="pt", device=str(device)) as file:
            shape = parse_json((file.metadata() or {})[_TREE])
            return _unpacked(shape, {name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise InputError(
            f"{path} is not a checkpoint of the voice lab", "train again, or copy the whole file again"
        ) from error


def _packed(value: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, Tensor):
        name = str(len(tensors))
        tensors[name] = value.detach().cpu().contiguous().clone()
        return {_TENSOR: name}
    if isinstance(value, Mapping):
        if all(isinstance(key, str) and not key.startswith("__") for key in value):
            return {key: _packed(each, tensors) for key, each in value.items()}
        return {_PAIRS: [[_packed(key, tensors), _packed(each, tensors)] for key, each in value.items()]}
    if isinstance(value, tuple):
        return {_TUPLE: [_packed(each, tensors) for each in value]}
    if isinstance(value, list):
        return [_packed(each, tensors) for each in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"a checkpoint cannot hold a {type(value).__name__}")


def _unpacked(value: Any, tensors: Mapping[str, Tensor]) -> Any:
    if isinstance(value, list):
        return [_unpacked(each, tensors) for each in value]
    if not isinstance(value, dict):
        return value
    if _TENSOR in value:
        return tensors[value[_TENSOR]]
    if _TUPLE in value:
        return tuple(_unpacked(each, tensors) for each in value[_TUPLE])
    if _PAIRS in value:
        return {_unpacked(key, tensors): _unpacked(each, tensors) for key, each in value[_PAIRS]}
    return {key: _unpacked(each, tensors) for key, each in value.items()}
