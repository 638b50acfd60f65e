"""``discreet publish``: results that people have looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, out, print_json
from discreet.cli.options import JsonFlag, RegisteredFolder


def publish(
    folder: Annotated[Path, typer.Argument(readable=False, help="The folder of results.")],
    second_reviewer: Annotated[
        bool,
        typer.Option("--second-reviewer", help="Publish only if a second person has confirmed the decisions."),
    ] = False,
    recall: Annotated[bool, typer.Option("--recall", help="Mark published results as recalled instead.")] = False,
    registered: RegisteredFolder = None,
    as_json: JsonFlag = False,
) -> None:
    """Mark results as published, and remove what was kept for their review.

    Exit with 9 while items are undecided, decisions are not in the results, or a second reviewer is missing.
    """
    with ending(as_json):
        from discreet.config.settings import load
        from discreet.review import publish as publish_results
        from discreet.review import recall as recall_results
        from registered import Registry
        from timeline import share_files

        settings = load()
        share_files(settings.files.shared)
        registry = Registry.open(registered, settings=settings.registered)
        if recall:
            done = recall_results(folder, registry)
        else:
            done = publish_results(folder, registry, second_reviewer=second_reviewer)
        if as_json:
            print_json({"folder": folder, "state": done.state, "at": done.at.isoformat(), "reviewers": done.reviewers})
            return
        out.print(f"[bold]{escape(str(folder))}[/]: {done.state}")
