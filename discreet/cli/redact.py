"""``discreet redact``: the sound alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from discreet.cli.console import ending, err, out, print_json
from discreet.cli.options import (
    AllowOption,
    AsrOption,
    ConfigFile,
    DenyOption,
    JsonFlag,
    PolicyOption,
    ProfileOption,
    QuietFlag,
    RegisteredFolder,
    SetOption,
    of_profile,
)
from discreet.cli.registry import open_registry
from timeline import share_files

if TYPE_CHECKING:
    from timeline import Redaction, Word

    Said = Mapping[str, Sequence[Word]]
    """Redaction's id -> what was said there."""


def redact(
    recording: Annotated[Path, typer.Argument(readable=False, help="A sound file or a video; it is never changed.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            readable=False,
            help="Write the safe sound to this file (.wav, .flac, .mp3, .m4a); default: RECORDING-safe.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would be redacted, and write no sound.")
    ] = False,
    review: Annotated[
        Path | None,
        typer.Option("--review", readable=False, help="Write what was found to this file, for you to edit."),
    ] = None,
    apply: Annotated[
        Path | None, typer.Option("--apply", readable=False, help="Redact what this edited review file lists.")
    ] = None,
    show_words: Annotated[
        bool, typer.Option("--show-words", help="Show private words on the terminal and in the review file.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace existing files.")] = False,
    policy: PolicyOption = None,
    asr: AsrOption = None,
    deny: DenyOption = None,
    allow: AllowOption = None,
    profile: ProfileOption = None,
    config: ConfigFile = None,
    settings: SetOption = None,
    registered: RegisteredFolder = None,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Redact private words in sound. Voices stay as they are, and consent is ignored; `process` handles both.

    To review before you redact, run `discreet redact FILE --dry-run --review FILE.toml`, edit FILE.toml, then run
    `discreet redact FILE --apply FILE.toml`.
    """
    with ending(as_json):
        from discreet.cli.running import interruptible
        from discreet.config.settings import SettingsError, WordOptions, load
        from discreet.pipeline.context import RunContext
        from discreet.progress import Quiet, terminal
        from discreet.redact import listen, reviewed, safe_path, write_safe
        from discreet.results.review_file import review_text, write_review
        from weights import Store

        if apply is not None and (dry_run or review is not None):
            raise SettingsError("--apply uses a review; --dry-run and --review make one", "choose one")
        chosen = load(config, [*of_profile(profile), *(settings or [])], policy, WordOptions.read(asr, deny, allow))
        share_files(chosen.files.shared)
        still = quiet or as_json
        with interruptible(), nullcontext(Quiet()) if still else terminal(err) as ui:
            store, people = Store(), partial(open_registry, registered, chosen.registered)
            if apply is not None:
                run = reviewed(recording, apply, chosen, store, people)
            else:
                run = listen(recording, RunContext.of(chosen, store, people()), ui)
            plan, target = run.plan, output or safe_path(run.source.info)
            notes = list(plan.notes)
            if plan.forms.within(target.stem) is not None:
                notes.append("The name of the file holds a private word: rename it before you pass it on.")
            if review is not None:
                text = review_text(run.source.sha256, plan.redactions, plan.said, words=show_words, clips=plan.clips)
                write_review(review, text, overwrite=overwrite)
            if not dry_run:
                write_safe(run, target, chosen, ui, overwrite=overwrite)
        said = plan.said if show_words else None
        if as_json:
            print_json(
                {
                    "file": None if dry_run else target,
                    "review": review,
                    "redactions": _rows(plan.redactions, said),
                    "notes": notes,
                }
            )
            return
        if plan.redactions:
            _show(plan.redactions, said)
        else:
            out.print("Nothing private was found." if apply is None else "Nothing was taken out, as the review says.")
        for note in notes:
            out.print(note, markup=False)
        for path in (review, None if dry_run else target):
            if path is not None:
                out.print(f"[bold]{escape(str(path))}[/]")


def _rows(redactions: Sequence[Redaction], said: Said | None) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for r in redactions:
        row: dict[str, object] = {
            key: getattr(r, key) for key in ("id", "start", "end", "entity", "operator", "score", "reason")
        }
        if said is not None:
            row["said"] = " ".join(word.text for word in said.get(r.id, ()))
        rows.append(row)
    return rows


def _show(redactions: Sequence[Redaction], said: Said | None) -> None:
    from timeline import stamp

    table = Table("from", "to", "what", "done", "sure", "why", box=None, pad_edge=False)
    if said is not None:
        table.add_column("said")
    for row in _rows(redactions, said):
        cells = [stamp(float(str(row["start"]))), stamp(float(str(row["end"])))]
        cells += [escape(str(row[key])) for key in ("entity", "operator")]
        cells += [f"{float(str(row['score'])):.2f}", escape(str(row["reason"]))]
        table.add_row(*cells, *([escape(str(row["said"]))] if said is not None else []))
    out.print(table)
