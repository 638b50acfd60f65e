"""Commented governance files to start from."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Literal, get_args

Kind = Literal["therapy", "classroom", "research"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def template(kind: Kind, project: str, controller: str, contact: str, owner: str) -> str:
    """The governance file of a new project, with comments.

    Args:
        kind: what is recorded.
        project: the project's name.
        controller: who is responsible for the data.
        contact: whom participants and recipients write to.
        owner: the owner's account on this computer.
    """
    text = files("sharing.policy").joinpath(f"governance_{kind}.toml").read_text(encoding="utf-8")
    values = {"PROJECT": project, "CONTROLLER": controller, "CONTACT": contact}
    for name, value in values.items():
        text = text.replace(f"@{name}@", json.dumps(value))
    return text.replace("@MEMBERS@", json.dumps([owner]))
