"""``discreet weights``: the models, where they come from, and whether they are whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from discreet.cli.console import ending, err, out, print_json
from discreet.cli.options import AcceptOption, JsonFlag
from timeline import ModelError

app = typer.Typer(no_args_is_help=True, help="List, fetch, import and verify models.")


@app.command("list")
def list_models(as_json: JsonFlag = False) -> None:
    """List all models: their job, their licence, and whether they are on this machine."""
    from weights import Store

    with ending(as_json):
        store = Store()
        rows = [
            {
                "id": model.id,
                "job": model.job,
                "profiles": list(model.profiles),
                "megabytes": round(sum(file.size for file in model.files) / 1e6, 1),
                "licence": model.licence.id,
                "commercial": model.licence.commercial,
                "verified_licence": model.licence.verified,
                "here": store.has(model.id),
                "home": model.home,
            }
            for model in store.manifest.models
        ]
        if as_json:
            print_json(rows)
            return
        table = Table("model", "job", "profiles", "MB", "licence", "here", box=None, pad_edge=False)
        for row in rows:
            licence = str(row["licence"]) + ("" if row["commercial"] else " [yellow](non-commercial)[/]")
            table.add_row(
                str(row["id"]),
                str(row["job"]),
                " ".join(row["profiles"]),  # type: ignore[arg-type]
                str(row["megabytes"]),
                licence,
                "[green]yes[/]" if row["here"] else "no",
            )
        out.print(table)
        out.print(f"kept in {escape(str(store.root))}")


class _BarsProgress:
    """One bar a file."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[tuple[str, str], TaskID] = {}

    def bytes_done(self, model: str, name: str, done: int, total: int) -> None:
        """``done`` of ``total`` bytes of a file of ``model``."""
        key = (model, name)
        if key not in self._tasks:
            self._tasks[key] = self._bars.add_task(f"{model} {name}"[:48], total=total)
        self._bars.update(self._tasks[key], completed=done, total=total)

    def note(self, model: str, text: str) -> None:
        """Something worth a line."""
        self._bars.console.print(f"{model}: {escape(text)}")


def _vouched(entry: str) -> tuple[str, str]:
    """``MODEL=SHA256``. Raises ModelError for anything else."""
    id, _, digest = entry.partition("=")
    if not id or len(digest) != 64 or set(digest.lower()) - set("0123456789abcdef"):
        raise ModelError(f"--vouch {entry} is not MODEL=SHA256", "the hash is what `sha256sum FILE` prints, 64 digits")
    return id, digest


@app.command()
def fetch(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Model ids (see `discreet weights list`); default: the embedded profile.")
    ] = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            "--profile", help="Fetch all models of this profile: embedded, reference, demo, bench. Repeatable."
        ),
    ] = None,
    accept: AcceptOption = None,
    vouch: Annotated[
        list[str] | None,
        typer.Option(
            "--vouch", help="Trust your own file of a model without a listed hash, as MODEL=SHA256. Repeatable."
        ),
    ] = None,
    optional: Annotated[
        bool,
        typer.Option(
            "--optional", help="Warn, instead of failing, about unavailable models that Discreet can do without."
        ),
    ] = False,
) -> None:
    """Fetch models that are not on this machine yet. No code from an archive is ever installed."""
    from discreet.config.models import REPLACEABLE
    from weights import Store

    with ending():
        store = Store()
        wanted = list(ids or [])
        for model in store.manifest.models:
            if not set(profile or []) & set(model.profiles):
                continue
            if model.licence.commercial or {model.id, model.licence.id} & set(accept or []) or store.has(model.id):
                wanted.append(model.id)
            else:
                err.print(f"[yellow]{model.id} is left out, for it is not for commercial use[/]; if you may use it:")
                err.print(f"  discreet weights fetch {model.id} --accept {model.id}")
        if not wanted:
            wanted = [model.id for model in store.manifest.models if "embedded" in model.profiles]
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        with Bars(*columns, TimeRemainingColumn(), console=err) as bars:
            progress = _BarsProgress(bars)
            needed = [id for id in wanted if not (optional and id in REPLACEABLE)]
            hashes = dict(_vouched(entry) for entry in vouch or [])
            fetched = store.fetch(needed, progress=progress, accept=set(accept or []), vouch=hashes)
            for id in (id for id in wanted if id not in needed):
                try:
                    fetched += store.fetch([id], progress=progress, accept=set(accept or []))
                except ModelError as error:
                    said = [REPLACEABLE[id], *(f"To get it: {line}" for line in error.remedy.splitlines()[:1])]
                    said += error.remedy.splitlines()[1:]
                    bars.console.print(f"[yellow]{escape(str(error))}[/]")
                    for line in said:
                        bars.console.print(f"  {escape(line)}", soft_wrap=True)
        new = [model for model in fetched if model.sources]
        out.print(f"{len(fetched)} models are here, {len(new)} of them new, in {escape(str(store.root))}")


@app.command("import")
def import_files(
    id: Annotated[str, typer.Argument(metavar="MODEL", help="The model's id (see `discreet weights list`).")],
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", readable=False, help="The files you downloaded, under any name.")
    ],
    accept: AcceptOption = None,
) -> None:
    """Import a model from files of your own, e.g. TalkNet's checkpoint, which only a person can download.

    Importing a model whose SHA-256 is not published means that you trust the file. No code in it is run.
    """
    from weights import Store, import_model

    with ending():
        store = Store()
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
        with Bars(*columns, console=err) as bars:
            fetched, vouched = import_model(store, id, files, _BarsProgress(bars), set(accept or []))
        note = f"; you alone vouch for it (SHA-256 {vouched})" if vouched else ""
        out.print(f"{id} {'is here' if fetched.sources else 'was here already'}{note}")


@app.command()
def verify(
    ids: Annotated[list[str] | None, typer.Argument(help="Model ids; default: all that are on this machine.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Check every byte of the models. Exit with 4 if one is damaged."""
    from weights import Store

    with ending(as_json):
        checks = Store().verify(ids)
        if as_json:
            print_json([{"id": c.id, "state": c.state, "detail": c.detail} for c in checks])
        else:
            for check in checks:
                if check.state != "missing" or ids:
                    out.print(f"{check.id:<24} {check.state} {escape(check.detail)}")
        bad = [c.id for c in checks if c.state in ("damaged", "outdated") or (ids and c.state == "missing")]
        if bad:
            raise ModelError(f"incomplete: {', '.join(bad)}", f"Run: discreet weights fetch {' '.join(bad)}")
