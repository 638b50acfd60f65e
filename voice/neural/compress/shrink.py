"""From a trained model to a folder that runs: pruned, distilled, in 8 bits, exported, and compared with what it was."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from timeline import InputError
from voice.neural.compress.export import ExportOptions, export
from voice.neural.compress.prune import prune
from voice.neural.exported_model import ExportedModel, NetworkInput
from voice.neural.model_folder import last_stage
from voice.neural.models import Architecture
from voice.neural.models.student import Distillation, Student, features_of
from voice.neural.settings import TrainSettings
from voice.neural.training import Corpus, Progress, Run, of_speakers, open_corpus, open_model, train, whole

_COMPARED = 4
"""Utterances on which the exported model is compared with the network."""
_KEY = b"discreet voice lab: parity of models"
ALIKE = 0.95
"""Correlation with the network below which an exported model is refused."""


@dataclass(frozen=True)
class ShrinkPlan:
    """What is done.

    Attributes:
        prune: share of the weights that become zero.
        student: batches in which a causal student learns from the network; 0: the network itself is exported.
        int8: matrices in 8 bits.
    """

    prune: float = 0.0
    student: int = 0
    int8: bool = False


def shrink(
    corpus: Path, model: Path, out: Path, wanted: ShrinkPlan, progress: Progress = lambda line: None
) -> dict[str, Any]:  # fmt: skip
    """Export the model in ``model`` to ``out``; gives how like the network the export is, and how large.

    Raises:
        InputError: model or corpus cannot be used, or the export makes something else than the network does.
        OutputError: the folder cannot be written.
    """
    network, card = open_model(model)
    settings = TrainSettings.model_validate(last_stage(model)["settings"])
    learned, held = open_corpus(corpus, settings.frames)
    zero = prune(network, wanted.prune) if wanted.prune else 0.0
    student = None
    if wanted.student:
        progress("student")
        student = Student(settings.dimensions.student, network.identity_size)
        run = Run(settings.changed(steps=wanted.student), "pretrain", learned, held, model / "student", progress)
        train(Distillation(student, network), run)
    about = {
        "zero_weights": round(zero, 4),
        "pretrain": card.get("pretrain"),
        "finetune": card.get("finetune"),
        "parameters": sum(each.numel() for each in (student or network).parameters()),
    }
    progress("export")
    export(network, learned, out, ExportOptions(wanted.int8, student, about))
    found = parity(ExportedModel(out), student, network, held)
    found["bytes"] = float(sum(path.stat().st_size for path in out.iterdir()))
    # Where a code is chosen the other way, all that follows differs, and rightly so.
    if found["correlation"] < ALIKE and network.name != "codec-lm":
        raise InputError(f"the export is unlike the network (correlation {found['correlation']:.3f})", "report this")
    return found


@torch.no_grad()
def parity(bundle: ExportedModel, student: Student | None, network: Architecture, held: Corpus) -> dict[str, float]:
    """Greatest difference and correlation of what export and network make of the same speech."""
    first = [takes[0] for takes in of_speakers(held.utterances).values()][:_COMPARED]
    most, pairs = 0.0, []
    for number, utterance in enumerate(first):
        batch = whole(held, utterance)
        voice = bundle.space.drawn(_KEY, str(number))
        _, made = bundle.made(
            NetworkInput(*(each[0].numpy() for each in (batch.content, batch.prosody, batch.bark))), voice
        )
        identity = torch.from_numpy(voice)[None]
        if student is not None:
            wanted = student(batch.content, batch.prosody, identity, *student.start())[0]
        elif network.name == "baseline":
            rest = -batch.bark.shape[1] % 4
            wanted = network(torch.nn.functional.pad(batch.bark, (0, 0, 0, rest), mode="replicate"), identity)
        else:
            spoken = network.convert(batch, identity)
            wanted = spoken.sound if spoken.sound is not None else features_of(spoken, batch, identity)
        most = max(most, float(np.abs(made - wanted[0].numpy()).max()))
        pairs.append((made.ravel(), wanted[0].numpy().ravel()))
    one, other = (np.concatenate(column) for column in zip(*pairs, strict=True))
    return {"difference": most, "correlation": float(np.corrcoef(one, other)[0, 1])}
