"""From torch to ONNX, accepted only where both agree, step by step."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch

from timeline import write_file
from voice.live.student.network import MEMORIES, VOICE, StudentVoice
from voice.live.student.shipped import NETWORK, VOICES
from voice.live.student.training.model import SEEN, StudentNet
from voice.live.student.training.train import Run

TOLERANCE = 1e-4
"""Largest difference between ONNX Runtime and torch, relative to the output's own scale where that is over 1."""
_NAMES = ["seen", "voice", "heard", "said"], ["made", "heard_after", "said_after"]


def exported(net: StudentNet) -> bytes:
    """The network as an ONNX file.

    Raises:
        ValueError: ONNX Runtime gives something else than torch.
    """
    net.eval()
    given = _example(7)
    file = io.BytesIO()
    axes = {"seen": {1: "steps"}, "made": {1: "steps"}}
    with torch.no_grad():
        torch.onnx.export(
            net, given, cast(Any, file), input_names=_NAMES[0], output_names=_NAMES[1], dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
    model = file.getvalue()
    worst = difference(net, model)
    if not worst <= TOLERANCE:
        raise ValueError(f"the exported network differs from torch by {worst:.2g}")
    return model


def difference(net: StudentNet, model: bytes) -> float:
    """The largest difference over pieces of several lengths, each with the memory that the one before left."""
    import onnxruntime

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    worst = 0.0
    memory = [torch.zeros(1, *shape) for shape in MEMORIES]
    for steps in (1, 5, 2, 11):
        seen, voice, *_ = _example(steps)
        with torch.no_grad():
            wanted = net(seen, voice, *memory)
        feeds = dict(zip(_NAMES[0], (part.numpy() for part in (seen, voice, *memory)), strict=True))
        for got, want in zip(session.run(_NAMES[1], feeds), wanted, strict=True):
            scale = max(1.0, float(want.abs().max()))
            worst = max(worst, float(np.abs(got - want.numpy()).max()) / scale)
        memory = [wanted[1], wanted[2]]
    return worst


def export(run: Run, voices: Mapping[int, StudentVoice]) -> Path:
    """Write ``student.onnx`` of a training, its voices, and its hash into the record."""
    net = StudentNet()
    net.load_state_dict(torch.load(run.state, weights_only=True)["net"])
    model = exported(net)
    path = run.folder / NETWORK
    write_file(path, model)
    file = io.BytesIO()
    pitch = [(each.pitch.median, each.pitch.deviation) for each in voices.values()]
    np.savez(file, codes=np.stack([each.code for each in voices.values()]), pitch=np.array(pitch, np.float32))
    write_file(run.folder / VOICES, file.getvalue())
    facts = json.loads(run.record.read_text("utf-8")) | {"sha256": hashlib.sha256(model).hexdigest()}
    write_file(run.record, json.dumps(facts, indent=1) + "\n")
    return path


def _example(steps: int) -> tuple[torch.Tensor, ...]:
    draw = torch.Generator().manual_seed(steps)
    shapes = [(1, steps, SEEN), (1, VOICE), *((1, *shape) for shape in MEMORIES)]
    return tuple(torch.randn(shape, generator=draw) for shape in shapes)
