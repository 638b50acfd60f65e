"""The stages of a model's life: critics, pre-training, fine-tuning; and the folder that it lives in."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from timeline import InputError, write_file
from voice.neural.model_folder import CARD, CRITICS, MODEL, last_stage, read_card, require_pretrained
from voice.neural.models import Architecture, Critics, make_architecture, make_critics
from voice.neural.settings import Stage, TrainSettings
from voice.neural.training.batches import Corpus, open_corpus
from voice.neural.training.checkpoints import load_tree, save_tree
from voice.neural.training.trainer import Progress, Run, train


def pretrain(corpus: Path, folder: Path, settings: TrainSettings, progress: Progress = lambda line: None) -> Path:
    """Learn critics (once for a folder), then the network that ``settings`` name; gives its folder.

    Raises:
        InputError: the corpus or a checkpoint cannot be used.
        OutputError: the folder cannot be written.
    """
    return _trained(corpus, folder, settings, "pretrain", progress)


def finetune(corpus: Path, folder: Path, settings: TrainSettings, progress: Progress = lambda line: None) -> Path:
    """Go on with a network that was pre-trained, with the losses of privacy, words and melody beside the others.

    Raises:
        InputError: it has not been pre-trained, or the corpus or a checkpoint cannot be used.
        OutputError: the folder cannot be written.
    """
    require_pretrained(folder, settings.architecture)
    return _trained(corpus, folder, settings, "finetune", progress)


def _trained(corpus: Path, folder: Path, settings: TrainSettings, stage: Stage, progress: Progress) -> Path:
    learned, held = open_corpus(corpus, settings.frames)
    critics = _critics(folder, learned, held, settings, progress)
    network = make_architecture(settings, len(learned.speakers), critics)
    place = folder / settings.architecture
    if stage == "finetune":
        network.load_state_dict(_state(place, learned))
    progress(f"{settings.architecture}: {stage}")
    told = train(network, Run(settings, stage, learned, held, place / stage, progress))
    save_tree(place / MODEL, network.state_dict())
    card = read_card(place) | {
        "architecture": settings.architecture,
        "speakers": list(learned.speakers),
        stage: {
            "settings": settings.model_dump(),
            "validation": told["validation"],
            "steps": int(told["steps"]),
            "cpu_seconds": round(told["cpu_seconds"], 1),
            "utterances": len(learned.utterances),
            "seconds_of_speech": round(sum(each.seconds for each in learned.utterances), 1),
            "sources": sorted({each.source for each in learned.utterances}),
        },
        "parameters": sum(each.numel() for each in network.parameters()),
        "sha256": hashlib.sha256((place / MODEL).read_bytes()).hexdigest(),
    }
    write_file(place / CARD, json.dumps(card, indent=1) + "\n")
    return place


def open_model(folder: Path, critics: Path | None = None) -> tuple[Architecture, dict[str, Any]]:
    """A trained network and its card. Raises InputError if it is missing or damaged.

    Args:
        folder: as :func:`pretrain` gives it.
        critics: the folder that holds them; the one above, if left out.
    """
    card = read_card(folder)
    settings = TrainSettings.model_validate(last_stage(folder)["settings"])
    heard = make_critics(settings.dimensions, len(card["speakers"]))
    heard.load_state_dict(load_tree((critics or folder.parent) / CRITICS)["network"])
    network = make_architecture(settings, len(card["speakers"]), heard)
    network.load_state_dict(load_tree(folder / MODEL))
    return network.eval(), card


def _critics(folder: Path, learned: Corpus, held: Corpus, settings: TrainSettings, progress: Progress) -> Critics:
    critics = make_critics(settings.dimensions, len(learned.speakers))
    path = folder / CRITICS
    wanted = {"speakers": list(learned.speakers), "size": settings.size}
    if path.is_file():
        kept = load_tree(path)
        if kept["of"] != wanted:
            raise InputError(
                f"the critics in {folder} are of another corpus or size", "use another folder for the models"
            )
        critics.load_state_dict(kept["network"])
        return critics
    progress("critics")
    train(critics, Run(settings, "pretrain", learned, held, folder / "critics", progress))
    save_tree(path, {"network": critics.state_dict(), "of": wanted})
    return critics


def _state(place: Path, learned: Corpus) -> Any:
    if read_card(place).get("speakers") != list(learned.speakers):
        raise InputError(f"{place} was trained on other speakers", "fine-tune on the corpus it was pre-trained on")
    return load_tree(place / MODEL)
