"""``discreet config``: the settings."""

from __future__ import annotations

import json

import typer

from discreet.cli.console import ending, out, print_json
from discreet.cli.options import ConfigFile, JsonFlag, ProfileOption, SetOption, of_profile

app = typer.Typer(no_args_is_help=True, help="Show the settings.")


@app.callback()
def _group() -> None:
    """Show the settings."""


@app.command("show")
def config_show(
    config: ConfigFile = None,
    profile: ProfileOption = None,
    settings: SetOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show every setting and its value, merged from defaults, file, environment and options."""
    with ending(as_json):
        from discreet.config.settings import config_path, load
        from vision import calibrated
        from weights import Store

        chosen = load(config, [*of_profile(profile), *(settings or [])])
        values = chosen.model_copy(update={"vision": calibrated(Store(), chosen.vision)}).model_dump(mode="json")
        if as_json:
            print_json(values)
            return
        out.print(f"# settings file: {config or config_path()}", markup=False)
        _print_tables(values, "")


def _print_tables(table: dict[str, object], path: str) -> None:
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    if plain:
        if path:
            out.print(f"\n[{path}]", markup=False)
        for key, value in plain.items():
            # TOML has no null: a setting without a value is left out of a file.
            text = f"{key} = {json.dumps(value, ensure_ascii=False)}" if value is not None else f"# {key} is not set"
            out.print(text, markup=False)
    for key, value in table.items():
        if isinstance(value, dict):
            _print_tables(value, f"{path}.{key}" if path else key)
