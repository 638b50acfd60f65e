"""``discreet share``: what may leave."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from discreet.cli import share_documents, share_export, share_people, share_policy
from discreet.cli.console import ending, out, print_json
from discreet.cli.options import ConfigFile, DenyOption, JsonFlag, ListenOption, RegisteredFolder, SetOption

if TYPE_CHECKING:
    from sharing import Finding

app = typer.Typer(no_args_is_help=True, help="Say who may be given what, and check results before they leave.")
for commands in (share_policy, share_export, share_people, share_documents):
    app.add_typer(commands.app)
NOT_CHECKED = (
    "Not checked: faces in the pictures and own voices in the sound. The run that made the results masked and changed"
    " them; nothing looks at them a second time yet."
)


@app.callback()
def _group() -> None:
    """Say who may be given what, and check results before they leave."""


@app.command()
def gate(
    folder: Annotated[Path, typer.Argument(readable=False, help="A results folder of `discreet process`.")],
    deny: DenyOption = None,
    listen: ListenOption = True,
    config: ConfigFile = None,
    settings: SetOption = None,
    registered: RegisteredFolder = None,
    as_json: JsonFlag = False,
) -> None:
    """Check that a results folder holds nothing that must not leave. Exit with 8 if it does.

    Files, media containers and texts may hold only what Discreet writes. Names of enrolled people who did not agree to
    be named, and the words of --deny, must be nowhere in the texts and the sound.
    """
    with ending(as_json):
        found = _findings(folder, deny, listen, config, settings or [], registered)
        if as_json:
            print_json({"safe": not found, "findings": [f.model_dump() for f in found], "not_checked": NOT_CHECKED})
        else:
            for finding in found:
                out.print(f"[red]{escape(str(finding))}[/]")
            out.print("unsafe: do not pass this folder on" if found else "nothing was found that must not leave")
            out.print(NOT_CHECKED)
    if found:
        from timeline import ExitCode

        raise typer.Exit(int(ExitCode.UNSAFE))


def _findings(
    folder: Path,
    deny: list[str] | None,
    listen: bool,
    config: Path | None,
    options: list[str],
    registered: Path | None,
) -> list[Finding]:
    from discreet.config.settings import WordOptions, load
    from discreet.results.folder import EXPORTS, PAGE, RECORDINGS, REPORT
    from discreet.results.report import report_text
    from discreet.results.report_check import ReportCheck
    from discreet.results.share_checks import SpokenTerms
    from registered import Registry
    from sharing import Finding, Gate, Terms
    from timeline import InputError
    from weights import Store

    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder", "give a folder of results")
    loaded = load(config, options, words=WordOptions.read(None, deny, None))
    registry = Registry.open(registered, settings=loaded.registered)
    answers = registry.consents()
    hidden = [person.name for person in registry.people() if not answers[person.id].named]
    terms = Terms([*hidden, *loaded.redaction.deny])
    checkers = (SpokenTerms(Store(), loaded, terms),) if listen else ()
    unread = [
        Finding(
            kind="word",
            file=folder.name,
            reason="a record of somebody enrolled cannot be read, so their name was not looked for",
            remedy="see discreet people list",
        )
        for _ in registry.damaged()
    ]
    texts = {**EXPORTS, REPORT: report_text}
    pages = {PAGE: ReportCheck(terms, loaded.capture)}
    return unread + Gate(texts, frozenset(RECORDINGS), terms, checkers, pages).check(folder)
