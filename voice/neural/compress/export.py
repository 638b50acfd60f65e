"""Trained networks as a folder that runs without torch: graphs (ONNX), voices, units, and what they are."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from timeline import make_folder, write_file
from voice.neural.compress.onnx_parts import Part, parts_of, student_part
from voice.neural.exported_model import CARD, SPACE
from voice.neural.features import save_centres
from voice.neural.identity import IdentitySpace, fit_space, save_space
from voice.neural.models import Architecture, CodecLm, FastSpeechVae
from voice.neural.models.base import told_by_prosody
from voice.neural.models.prompts import allowed, mixed_voices
from voice.neural.models.student import Student
from voice.neural.settings import SPEAKER_LATENT
from voice.neural.training import CENTRES, Corpus, of_speakers, whole

_VOICES = 64
_EACH = 3
"""Utterances that tell a speaker's voice."""


@dataclass(frozen=True)
class ExportOptions:
    """What is exported beside the network.

    Attributes:
        int8: matrices in 8 bits.
        student: a causal student, instead of the network.
        about: more for the card.
    """

    int8: bool = False
    student: Student | None = None
    about: dict[str, Any] | None = None


def export(network: Architecture, corpus: Corpus, folder: Path, wish: ExportOptions | None = None) -> Path:
    """Write the network's graphs, voices and units into ``folder``.

    Raises:
        InputError: it takes prompts, and the corpus holds no synthetic speech.
        OutputError: the folder cannot be written.
    """
    wish = wish or ExportOptions()
    network.eval()
    make_folder(folder)
    save_space(folder / SPACE, voices_of(network, corpus))
    save_centres(folder / CENTRES, corpus.centres)
    parts = [student_part(wish.student)] if wish.student else parts_of(network)
    files = {}
    for part in parts:
        graph = onnx_graph(part)
        graph = in_int8(graph) if wish.int8 else graph
        write_file(folder / f"{part.name}.onnx", graph)
        files[f"{part.name}.onnx"] = {
            "sha256": hashlib.sha256(graph).hexdigest(),
            "bytes": len(graph),
            "inputs": list(part.inputs),
            "outputs": part.outputs,
        }
    card = {
        **(wish.about or {}),
        "architecture": network.name,
        "kind": "student" if wish.student else network.name,
        "int8": wish.int8,
        "files": files,
        "sources": sorted({each.source for each in corpus.utterances}),
    }
    write_file(folder / CARD, json.dumps(card, indent=1) + "\n")
    return folder


@torch.no_grad()
def voices_of(network: Architecture, corpus: Corpus) -> IdentitySpace:
    """The voices that a network can speak in: of its anonymiser, of mixed prompts, or of the corpus' speakers."""
    if isinstance(network, FastSpeechVae):
        random = torch.Generator().manual_seed(0)
        draws = torch.randn(_VOICES, SPEAKER_LATENT, generator=random)
        rows = network.anonymiser(draws, (torch.arange(_VOICES) % 2).float()[:, None])
    elif isinstance(network, CodecLm):
        prompts = of_speakers(allowed(corpus.utterances)).values()
        batches = [whole(corpus, takes[0]) for takes in prompts]
        barks = [(each.bark - told_by_prosody(each.prosody))[0] for each in batches]
        rows = mixed_voices(network, barks, _VOICES)
    else:
        rows = torch.stack([
            torch.cat([network.identities(_cut_to_fours(corpus, take)) for take in takes[:_EACH]]).mean(dim=0)
            for takes in of_speakers(corpus.utterances).values()
        ])  # fmt: skip
    return fit_space(np.asarray(rows.numpy(), np.float32))


def onnx_graph(part: Part) -> bytes:
    """The graph of a part."""
    part.module.eval()
    plain(part.module)
    out = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            part.module,
            tuple(part.inputs.values()),
            out,  # type: ignore[arg-type]
            input_names=list(part.inputs),
            output_names=part.outputs,
            dynamic_axes=part.lengths,
            opset_version=17,
            dynamo=False,
        )
    return out.getvalue()


def plain(network: nn.Module) -> None:
    """Weights as they are, without normalisation that is worked out anew each time."""
    for module in network.modules():
        if parametrize.is_parametrized(module, "weight"):
            parametrize.remove_parametrizations(module, "weight", leave_parametrized=True)


def in_int8(graph: bytes) -> bytes:
    """The graph with matrices in 8 bits; convolutions stay, for in 8 bits they are slower on most processors."""
    import tempfile

    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "int8.onnx"
        logging.disable(logging.WARNING)  # it advises a step that changes nothing here
        try:
            quantize_dynamic(
                onnx.load_from_string(graph), out, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm"]
            )
        finally:
            logging.disable(logging.NOTSET)
        return out.read_bytes()


def _cut_to_fours(corpus: Corpus, utterance: Any) -> Any:
    """A whole utterance, cut to a multiple of four frames of features."""
    batch = whole(corpus, utterance)
    half = batch.content.shape[1] // 2 * 2
    cut: dict[str, Tensor] = {}
    for name in ("content", "units", "durations"):
        cut[name] = getattr(batch, name)[:, :half]
    cut |= {"prosody": batch.prosody[:, : 2 * half], "bark": batch.bark[:, : 2 * half]}
    return type(batch)(**cut, sound=batch.sound[:, : 320 * half], speaker=batch.speaker)
