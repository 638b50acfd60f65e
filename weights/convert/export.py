"""Opening a checkpoint without running its code, exporting it to ONNX, and accepting only what agrees with torch."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from convert.nemo_archive import check
from convert.recipe import ConversionError, Recipe, State
from torch import Tensor, nn


def read_state(data: bytes) -> State:
    """The tensors of a checkpoint. ``weights_only`` rejects any pickle that contains anything but tensors."""
    try:
        content = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as error:
        reason = (str(error).strip().splitlines() or ["no reason given"])[0]
        raise ConversionError(f"not a checkpoint of plain tensors: {reason}") from error
    if not isinstance(content, dict) or not all(isinstance(value, Tensor) for value in content.values()):
        raise ConversionError("not a checkpoint of plain tensors")
    return content


def export(recipe: Recipe, data: bytes, output: Path) -> float:
    """Write ``output``; return the largest difference observed between ONNX Runtime and torch."""
    if recipe.unpack is not None:
        data, config = recipe.unpack(data)
        check(config, recipe.expected)
    module = build(recipe, read_state(data))
    generator = torch.Generator().manual_seed(0)
    # Traced at a batch of 2 and an odd length, so that constants baked in by tracing show in the comparison.
    example = recipe.example(recipe.lengths[0], generator)
    with torch.no_grad():
        torch.onnx.export(
            module,
            example,
            str(output),
            input_names=list(recipe.inputs),
            output_names=list(recipe.outputs),
            dynamic_axes={name: dict(axes) for name, axes in recipe.axes.items()},
            opset_version=recipe.opset,
            dynamo=False,
        )
    difference = compare(recipe, module, output, generator)
    if not difference <= recipe.tolerance:
        output.unlink()
        raise ConversionError(f"the exported file differs from torch by {difference:.2g}")
    return difference


def build(recipe: Recipe, state: State) -> nn.Module:
    """The recipe's module. A checkpoint of another model lacks the keys from which sizes are read."""
    try:
        return recipe.build(state)
    except (KeyError, IndexError, ValueError) as error:
        raise ConversionError(f"not the checkpoint expected: {error!r}") from error


def compare(recipe: Recipe, module: nn.Module, output: Path, generator: torch.Generator) -> float:
    """Largest difference at two lengths and batch sizes, relative to the output's own scale if that is over 1."""
    session = onnxruntime.InferenceSession(str(output), providers=["CPUExecutionProvider"])
    worst = 0.0
    for batch, length in ((1, recipe.lengths[1]), (2, recipe.lengths[0])):
        inputs = tuple(value[:batch] for value in recipe.example(length, generator))
        with torch.no_grad():
            wanted = module(*inputs)
        wanted = wanted if isinstance(wanted, tuple) else (wanted,)
        feeds = {name: value.numpy() for name, value in zip(recipe.inputs, inputs, strict=True)}
        for got, want in zip(session.run(list(recipe.outputs), feeds), wanted, strict=True):
            want = want.numpy()
            if got.shape != want.shape:
                raise ConversionError(f"the exported file gives shape {got.shape}, torch {want.shape}")
            scale = max(1.0, float(np.abs(want).max()))
            worst = max(worst, float(np.abs(got - want).max()) / scale)
    return worst
