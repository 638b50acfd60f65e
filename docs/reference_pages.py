"""Generates reference pages and tables from the code when the site is built (a hook of MkDocs)."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from typer.main import get_command

from discreet.cli.app import app
from discreet.config.settings import Settings
from redaction.policy import DEFAULT_POLICY, PRESETS, load_policy
from sharing.policy import Governance
from timeline import Timeline
from timeline.schema import schema_text
from weights.manifest import Model, default_manifest
from weights.sources import archives_of

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("timeline", "weights", "registered", "capture", "vision", "diarization", "redaction", "voice", "sharing")
UNITS = {"s", "px"}
BOUNDS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


def _cell(text: Any) -> str:
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def _sentence(text: str) -> str:
    """A description as it stands in a table: a capital, unless it begins with a name or a unit, and no full stop."""
    text = _cell(text).removesuffix(".")
    first = text.partition(" ")[0].rstrip(",;")
    return text[:1].upper() + text[1:] if first.isalpha() and first.islower() and first not in UNITS else text


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def commands(command: click.Command, name: str) -> Iterator[str]:
    """A section for a command and each of its subcommands: its help, its arguments and its options."""
    inner = getattr(command, "commands", {})
    yield f"## {name}\n\n{inspect.cleandoc(command.help or '')}\n"
    rows = []
    for parameter in command.params:
        if getattr(parameter, "hidden", False):
            continue
        option = parameter.param_type_name == "option"
        names = [*parameter.opts, *parameter.secondary_opts] if option else [str(parameter.name).upper()]
        told = _cell(getattr(parameter, "help", None) or "")
        default = parameter.default
        if option and default not in (None, False, True, "", ()) and not callable(default):
            told += f" Default: `{_cell(default)}`."
        rows.append((", ".join(f"`{each}`" for each in names), told))
    if rows and not inner:
        yield _table(("argument or option", "meaning"), rows)
    for each, sub in inner.items():
        if not sub.hidden:
            yield from commands(sub, f"{name} {each}")


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return ""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, dict):
        return "see below"
    if isinstance(value, tuple):
        return f"`{list(value)}`"
    return f"`{_cell(value)}`"


def _allowed(field: FieldInfo) -> str:
    """The values that a setting may have, where it is bounded or one of a few."""
    kinds = [field.annotation, *get_args(field.annotation)]
    words = [word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)]
    if words:
        return ", ".join(f"`{word}`" for word in words)
    limits = [f"{sign} {getattr(rule, name)}" for rule in field.metadata for name, sign in BOUNDS.items()
              if getattr(rule, name, None) is not None]  # fmt: skip
    return _cell(", ".join(limits))


def settings(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, ...]]:
    """A table row for every setting: its key, default, allowed values and description."""
    for key, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from settings(kind, f"{prefix}{key}.")
            continue
        default = field.get_default(call_default_factory=True)
        yield (f"`{prefix}{key}`", _default(default), _allowed(field), _sentence(field.description or ""))


def settings_page() -> str:
    """Every setting, one table for each room."""
    text = (
        "# Settings\n\nChange a setting with `--set KEY=VALUE`, in a [settings file](../how-to/process.md#keep-settings"
        "-in-a-file) or in the environment. `discreet config show` prints the values in use.\n"
    )
    head, rooms = ("key", "default", "allowed", "meaning"), dict[str, list[tuple[str, ...]]]()
    for row in settings(Settings):
        rooms.setdefault(row[0].strip("`").partition(".")[0], []).append(row)
    for room, rows in rooms.items():
        text += f"\n## {room}\n\n{_table(head, rows)}"
        if room == "redaction":
            text += "\n`redaction.policy` names an operator for each [kind of private word](private-words.md).\n"
    return text


def _kind(spec: dict[str, Any]) -> str:
    """What a property of the schema holds, in a word or two."""
    if "$ref" in spec:
        name = spec["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in spec:
        return " or ".join(_kind(each) for each in spec["anyOf"])
    if "enum" in spec:
        return ", ".join(f"`{each}`" for each in spec["enum"])
    if "const" in spec:
        return f"`{spec['const']}`"
    if spec.get("type") == "array":
        items = spec.get("items", {})
        return "list of rows" if "prefixItems" in items else f"list of {_kind(items)}"
    if isinstance(spec.get("additionalProperties"), dict):
        return f"table of {_kind(spec['additionalProperties'])}"
    if "propertyNames" in spec or "patternProperties" in spec:
        inner = [*spec.get("patternProperties", {}).values()]
        return f"table of {_kind(inner[0])}" if inner else "table"
    return str(spec.get("type", "any"))


def timeline_page() -> str:
    """The document: a table of fields for each of its objects, then the JSON Schema."""
    schema = Timeline.model_json_schema(by_alias=True)
    text = (
        "# timeline.json\n\nTimes are seconds from the start of the recording, to the millisecond. Keys that are not"
        " listed here are an error.\n"
    )
    for name, part in [("The document", schema), *schema["$defs"].items()]:
        about = part.get("description", "").split("Raises:")[0].strip().replace("``", "`")
        rows = [
            (f"`{key}`", _kind(spec), _sentence(spec.get("description", "")))
            for key, spec in part["properties"].items()
        ]
        text += f"\n## {name}\n\n{about}\n\n{_table(('field', 'type', 'meaning'), rows)}"
    return f"{text}\n## JSON Schema\n\n```json\n{schema_text()}```\n"


def governance() -> str:
    """The keys of governance.toml: a table for the file and for each of its tables."""
    schema = Governance.model_json_schema()
    text = ""
    for name, part in [("Top level", schema), *schema["$defs"].items()]:
        about = part.get("description", "").split("Raises:")[0]
        about, _, listed = about.partition("Attributes:")
        meanings = dict(re.findall(r"^ +(\w+): (.*(?:\n {8,}.*)*)", listed, re.MULTILINE))
        rows = [
            (
                f"`{key}`",
                _kind(spec),
                "" if key in part.get("required", ()) else _given(spec),
                _sentence(meanings.get(key, "")),
            )
            for key, spec in part["properties"].items()
        ]
        about = about.strip().replace("``", "`")
        text += f"\n## {name}\n\n{about}\n\n{_table(('key', 'type', 'default', 'meaning'), rows)}"
    return text


def _given(spec: dict[str, Any]) -> str:
    """The default of a property, where it is a plain value."""
    value = spec.get("default", "")
    return f"`{json.dumps(value)}`" if isinstance(value, int | float | str) and value != "" else ""


def entities() -> str:
    """What each policy does with each kind of private word."""
    policies = {name: load_policy(name).entities for name in ("default", *PRESETS)}
    rows = [(f"`{entity}`", *(policy[entity] for policy in policies.values())) for entity in DEFAULT_POLICY]
    return _table(("kind", *policies), rows)


def models() -> str:
    """Every model of the manifest."""
    return _table(
        ("id", "job", "what", "size", "licence", "profiles", "from"),
        [_model(model) for model in default_manifest().models],
    )


def _model(model: Model) -> tuple[str, ...]:
    packages = default_manifest().archives
    archives = {key for file in model.wanted for key in archives_of(model.sources_of(file))}
    licence = model.licence.id.removeprefix("LicenseRef-")
    licence += "" if model.licence.commercial else " **(non-commercial)**"
    licence += "" if model.licence.verified else " (unverified)"
    size = sum(file.size for file in model.wanted) / 1e6
    places = [f"[home]({model.home})", *(f"`{packages[key].package}`" for key in sorted(archives))]
    places += ["by hand"] if model.own is not None else []
    return (
        f"`{model.id}`",
        model.job,
        _cell(model.about) + ("; converted" if model.conversion else ""),
        f"{size:.1f} MB" if size else "",
        licence,
        ", ".join(model.profiles),
        ", ".join(places),
    )


TABLES: dict[str, Callable[[], str]] = {"entities": entities, "governance": governance, "models": models}
"""What stands in the place of ``<!-- generated: NAME -->`` in a page."""


def api(room: str) -> str:
    """What a room and its sub-packages export."""
    doors = [room]
    for path in sorted((ROOT / room).glob("*/__init__.py")):
        if re.search(r"^__all__ = \[\n? *\"", path.read_text(encoding="utf-8"), re.MULTILINE):
            doors.append(f"{room}.{path.parent.name}")
    return f"# {room}\n\n" + "\n".join(f"::: {door}\n" for door in doors)


def pages() -> dict[str, str]:
    """The generated pages: path in the site -> Markdown."""
    return {
        "reference/commands.md": "# Commands\n\n" + "\n".join(commands(get_command(app), "discreet")),
        "reference/settings.md": settings_page(),
        "reference/timeline.md": timeline_page(),
        **{f"reference/api/{room}.md": api(room) for room in ROOMS},
    }


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages."""
    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the generated tables into their pages."""
    return re.sub(r"<!-- generated: (\w+) -->", lambda mark: TABLES[mark[1]](), markdown)
