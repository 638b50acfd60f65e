"""How to get models that are missing."""

from __future__ import annotations

from collections.abc import Sequence

from weights.fetch import describe
from weights.manifest import Manifest, Model
from weights.user_files import how_to_get


def ways_to_get(manifest: Manifest, models: Sequence[Model]) -> str:
    """Everything a user can do to get ``models``: the sources of each file, and the command. Several lines."""
    lines = []
    for model in models:
        if model.own is not None:
            lines.append(how_to_get(model, model.own))
        for file in model.wanted[:3]:
            places = ", ".join(describe(source, manifest, file) for source in model.sources_of(file))
            lines.append(
                f"{file.name} ({file.size / 1e6:.1f} MB) of {model.id} can be had from: {places or model.home}"
            )
        if len(model.wanted) > 3:
            lines.append(f"... and {len(model.wanted) - 3} more files of {model.id}, from the same places")
    if any(model.conversion for model in models):
        lines.append(
            "Converting needs a Python with torch: one is made with pip, or name one in DISCREET_TORCH_PYTHON."
        )
    if any(model.own is None for model in models):
        lines.append(f"With a network: {fetch_command(models)}")
        lines.append("Without: put the files or archives into a folder, name it in DISCREET_WEIGHTS, and run the same.")
    return "\n".join(lines)


def remedy_commands(models: Sequence[Model]) -> str:
    """The command that fetches ``models``, and what to do for those that must be downloaded by hand."""
    lines = [fetch_command(models)] if any(model.own is None for model in models) else []
    lines += [how_to_get(model, model.own) for model in models if model.own is not None]
    return "\n".join(lines)


def fetch_command(models: Sequence[Model]) -> str:
    """The command that fetches those of ``models`` that can be fetched, including the flags that accept licences."""
    listed = [model for model in models if model.own is None]
    refused = [model.id for model in listed if not model.licence.commercial]
    accept = "".join(f" --accept {id}" for id in refused)
    said = "  # for non-commercial use only" if refused else ""
    return f"discreet weights fetch {' '.join(model.id for model in listed)}{accept}{said}"
