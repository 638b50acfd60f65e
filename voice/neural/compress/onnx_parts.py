"""Networks cut into graphs that ONNX Runtime can run, with named inputs and outputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from voice.neural.features import CONTENT, PROSODY, UNITS
from voice.neural.models import Architecture, CodecLm
from voice.neural.models.student import Student
from voice.neural.settings import CODES
from voice.resynthesis import FEATURES

FRAMES, PAIRS, PAST = "frames", "pairs", "past"
"""Names of lengths that vary: of content, of features (twice as many), of what is kept."""


@dataclass(frozen=True)
class Part:
    """A graph.

    Attributes:
        name: of its file.
        module: computes it.
        inputs: name -> an example.
        outputs: names.
        lengths: name of an input or output -> which of its axes varies.
    """

    name: str
    module: nn.Module
    inputs: dict[str, Tensor]
    outputs: list[str]
    lengths: dict[str, dict[int, str]]


class _Call(nn.Module):
    """A network's method as a module; in it, so that its parameters are found."""

    def __init__(self, network: nn.Module, call: Callable[..., Any]) -> None:
        super().__init__()
        self.network, self._call = network, call

    def forward(self, *given: Tensor) -> Any:
        return self._call(*given)


def parts_of(network: Architecture) -> list[Part]:
    """The graphs of a trained network."""
    voice = torch.randn(1, network.identity_size)
    prosody = torch.randn(1, 16, PROSODY)
    if isinstance(network, CodecLm):
        return _codec(network, voice, prosody)
    given: dict[str, Tensor] = {}
    lengths: dict[str, dict[int, str]] = {}
    if "bark" in network.inputs:
        given, lengths = {"bark": torch.randn(1, 16, FEATURES)}, {"bark": {1: PAIRS}}
    else:
        given = {"content": torch.randn(1, 8, CONTENT), "prosody": prosody}
        lengths = {"content": {1: FRAMES}, "prosody": {1: PAIRS}}
    made = "sound" if network.name == "hifigan" else "made"
    return [Part("model", network, {**given, "identity": voice}, [made], {**lengths, made: {1: PAIRS}})]


def student_part(student: Student) -> Part:
    """The graph of a student, whose states go in and come out."""
    past = {f"past{i}": each for i, each in enumerate(student.start())}
    given = {"content": torch.randn(1, 3, CONTENT), "prosody": torch.randn(1, 6, PROSODY)}
    lengths: dict[str, dict[int, str]] = {"content": {1: FRAMES}, "prosody": {1: PAIRS}, "made": {1: PAIRS}}
    inputs = {**given, "identity": torch.randn(1, student.identity_size), **past}
    return Part("student", student, inputs, ["made", *(f"kept{i}" for i in range(len(past)))], lengths)


def _codec(network: CodecLm, voice: Tensor, prosody: Tensor) -> list[Part]:
    """Conditions; one code more; and everything that follows the first book."""
    units = torch.randint(0, UNITS, (1, 8))
    with torch.no_grad():
        given = network.conditions(units, prosody, voice)
        _, kept = network.step(given[:, :2], torch.zeros(1, 2, dtype=torch.long), None)
    past = {f"past{i}": each for i, each in enumerate(each for pair in kept for each in pair)}

    def step(state: Tensor, before: Tensor, *flat: Tensor) -> tuple[Tensor, ...]:
        pairs = [(flat[2 * i], flat[2 * i + 1]) for i in range(len(flat) // 2)]
        logits, new = network.step(state, before, pairs)
        return (logits.argmax(dim=-1), *(each for pair in new for each in pair))

    flat = list(past)
    return [
        Part(
            "conditions",
            _Call(network, network.conditions),
            {"units": units, "prosody": prosody, "identity": voice},
            ["given"],
            {"units": {1: FRAMES}, "prosody": {1: PAIRS}, "given": {1: FRAMES}},
        ),
        Part(
            "step",
            _Call(network, step),
            {"state": given[:, :1], "before": torch.full((1, 1), CODES), **past},
            ["code", *(f"kept{i}" for i in range(len(flat)))],
            {**{name: {2: PAST} for name in flat}, **{f"kept{i}": {2: f"{PAST}1"} for i in range(len(flat))}},
        ),
        Part(
            "rest",
            _Call(network, network.rest),
            {"state": given, "first": torch.randint(0, CODES, (1, 8)), "prosody": prosody},
            ["made"],
            {"state": {1: FRAMES}, "first": {1: FRAMES}, "prosody": {1: PAIRS}, "made": {1: PAIRS}},
        ),
    ]
