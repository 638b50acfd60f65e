"""Generates the reference pages from the code when the site is built (a hook of MkDocs)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from typer.main import get_command

from discreet.cli.app import app
from discreet.config.settings import Settings
from timeline.schema import schema_text

ROOMS = ("timeline", "weights", "registered", "capture", "vision", "diarization", "redaction", "voice", "sharing")


def _cell(text: Any) -> str:
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def commands(command: click.Command, name: str) -> Iterator[str]:
    """A section for a command and each of its subcommands: its help and its options."""
    yield f"## {name}\n\n{(command.help or '').strip()}\n"
    rows = []
    for parameter in command.params:
        names = ", ".join(f"`{each}`" for each in (*parameter.opts, *parameter.secondary_opts))
        rows.append(f"| {names} | {_cell(getattr(parameter, 'help', None) or '')} |")
    if rows:
        yield "\n".join(["| option | meaning |", "|---|---|", *rows]) + "\n"
    for each, inner in getattr(command, "commands", {}).items():
        if not inner.hidden:
            yield from commands(inner, f"{name} {each}")


def settings(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """A table row for every setting: its key, default and description."""
    for key, field in model.model_fields.items():
        path = f"{prefix}{key}"
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from settings(kind, f"{path}.")
            continue
        default = field.get_default(call_default_factory=True)
        shown = "" if default is PydanticUndefined else f"`{_cell(default)}`"
        yield f"| `{path}` | {shown} | {_cell(field.description or '')} |"


def pages() -> dict[str, str]:
    """The generated pages: path in the site -> Markdown."""
    api = [f"::: {room}\n" for room in ROOMS]
    return {
        "reference/commands.md": "# Commands\n\n" + "\n".join(commands(get_command(app), "discreet")),
        "reference/settings.md": "# Settings\n\nChange a setting with `--set KEY=VALUE` or in the configuration file; "
        "`discreet config show` prints all of them.\n\n| key | default | meaning |\n|---|---|---|\n"
        + "\n".join(settings(Settings))
        + "\n",
        "reference/timeline.md": f"# timeline.json\n\nIts JSON Schema:\n\n```json\n{schema_text()}```\n",
        "reference/api.md": "# Python API\n\n" + "\n".join(api),
    }


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages."""
    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files
