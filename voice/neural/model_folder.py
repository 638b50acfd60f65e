"""The folder of a model of the lab: which files it holds, and its card. Needs no torch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from timeline import InputError, parse_json

SUFFIX = ".safetensors"
CRITICS, MODEL, CARD = f"critics{SUFFIX}", f"model{SUFFIX}", "model.json"


def read_card(place: Path) -> dict[str, Any]:
    """What is known of a model; empty where there is none. Raises InputError if it cannot be read."""
    path = place / CARD
    if not path.is_file():
        return {}
    try:
        found: dict[str, Any] = parse_json(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read", "train again: discreet lab pretrain") from error
    return found


def last_stage(place: Path) -> dict[str, Any]:
    """What the card tells of the stage that was trained last. Raises InputError if none was."""
    card = read_card(place)
    stage: dict[str, Any] | None = card.get("finetune") or card.get("pretrain")
    if not stage:
        raise InputError(f"{place} holds no trained network", "train one: discreet lab pretrain")
    return stage


def require_pretrained(folder: Path, architecture: str) -> None:
    """Raise InputError if the folder of models holds no network of that architecture."""
    if not (folder / architecture / MODEL).is_file():
        raise InputError(f"{folder} holds no {architecture}", "train it first: discreet lab pretrain")
