"""The command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from discreet.cli import (
    aavid,
    audit,
    enroll,
    evaluate,
    export,
    lab,
    live,
    people_import,
    publish,
    record,
    redact,
    redteam,
    review,
    share,
    verify,
    weights,
)
from discreet.cli import config as config_commands
from discreet.cli.console import REFUSED, ending, err, fail, fault, out, print_json
from discreet.cli.options import (
    AllowOption,
    AsrOption,
    ConfigFile,
    DecisionsOption,
    DenyOption,
    JsonFlag,
    OverwriteFlag,
    PolicyOption,
    ProfileOption,
    QuietFlag,
    RegisteredFolder,
    SetOption,
    of_profile,
)
from discreet.cli.registry import open_registry
from discreet.cli.speakers import MaxSpeakers, MinSpeakers, Speakers, speaker_options
from discreet.cli.standard_streams import final_code, patient_streams
from discreet.cli.verbose import VerboseFlag, take_verbose
from discreet.core_dumps import no_core_files
from discreet.version import __version__
from timeline import ExitCode, share_files

if TYPE_CHECKING:
    from discreet.cli.doctor import Finding

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Make a recording of a meeting safe to keep: hide faces, voices and private words unless people agreed.",
)


def _version(asked: bool) -> None:
    if asked:
        out.print(f"discreet {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    verbose: VerboseFlag = False,
) -> None:
    """Make a recording of a meeting safe to keep."""


def process(
    recording: Annotated[Path, typer.Argument(readable=False, help="The recording; it is never changed.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            readable=False,
            help="Write the results to this folder; default: RECORDING-safe beside the recording.",
        ),
    ] = None,
    overwrite: OverwriteFlag = False,
    decisions: DecisionsOption = None,
    policy: PolicyOption = None,
    asr: AsrOption = None,
    deny: DenyOption = None,
    allow: AllowOption = None,
    config: ConfigFile = None,
    profile: ProfileOption = None,
    settings: SetOption = None,
    registered: RegisteredFolder = None,
    annotated: Annotated[
        bool,
        typer.Option(
            "--annotated", help="Also write annotated.mp4: the safe recording with names, active speaker and captions."
        ),
    ] = False,
    sim_threshold: Annotated[
        float | None,
        typer.Option(
            "--sim-threshold",
            min=0.41,
            max=1,
            help="Name a voice only at this similarity or above; default: 0.42.",
        ),
    ] = None,
    diarizer: Annotated[
        str | None,
        typer.Option(
            "--diarizer", help="Choose the diarizer: embedded (default), sortformer, or the name of a plugin."
        ),
    ] = None,
    speakers: Speakers = None,
    min_speakers: MinSpeakers = None,
    max_speakers: MaxSpeakers = None,
    keep_spool: Annotated[
        bool,
        typer.Option(
            "--keep-spool", help="Keep the encrypted sound of a live recording; default: remove it at the end."
        ),
    ] = False,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Make a recording safe: write safe.mp4, timeline.json and transcripts.

    To continue a run that was stopped, run the same command again.
    """
    with ending(as_json):
        from discreet.cli.running import Reviewed, run
        from discreet.config.settings import WordOptions, load
        from discreet.pipeline.context import RunContext
        from discreet.results.report import summary
        from weights import Store

        words = WordOptions.read(asr, deny, allow)
        decided = None if decisions is None else Reviewed.read(decisions)
        target = output or (decided and decided.folder) or recording.parent / f"{recording.stem}-safe"
        chosen = {"process.keep_spool": keep_spool, "process.annotated": annotated}
        options = [*of_profile(profile), *(settings or []), *(f"{key}=true" for key, on in chosen.items() if on)]
        if sim_threshold is not None:
            options.append(f"diarization.fusion.name_similarity={sim_threshold}")
        if diarizer is not None:
            options.append(f"diarization.diarizer={diarizer}")
        options += speaker_options(speakers, min_speakers, max_speakers)
        loaded = load(config, options, policy, words)
        share_files(loaded.files.shared)
        context = RunContext.of(loaded, Store(), open_registry(registered, loaded.registered))
        outcome = run(recording, target, context, overwrite=overwrite, quiet=quiet or as_json, reviewed=decided)
        facts = summary(outcome.timeline)
        if as_json:
            print_json({"folder": outcome.folder, "files": outcome.files, **facts})
            return
        for name in ("safe.mp4", "safe.m4a", "annotated.mp4", "timeline.json", "report.txt"):
            if name in outcome.files:
                out.print(f"[bold]{escape(str(outcome.files[name]))}[/]")
        out.print((outcome.folder / "report.txt").read_text(encoding="utf-8"), markup=False)


def doctor(
    config: ConfigFile = None,
    profile: ProfileOption = None,
    settings: SetOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Check libraries, models and devices, and show the command that fixes each problem.

    Exit with 4 if something is missing that the current settings need. What other profiles and options need is listed
    as well.
    """
    from discreet.cli.doctor import examine

    with ending(as_json):
        findings = list(examine(config, [*of_profile(profile), *(settings or [])]))
        if as_json:
            print_json([{k: getattr(f, k) for k in ("area", "name", "state", "detail", "remedy")} for f in findings])
        else:
            _print_findings(findings)
        if any(finding.state == "missing" for finding in findings):
            raise typer.Exit(int(ExitCode.MODELS))


def _print_findings(findings: list[Finding]) -> None:
    table = Table("", "what", "found", "to mend it", box=None, pad_edge=False)
    marks = {"ok": "[green]ok[/]", "warning": "[yellow]--[/]", "missing": "[red]no[/]"}
    options = [finding for finding in findings if finding.area == "options"]
    for finding in (finding for finding in findings if finding not in options):
        what = f"{finding.area}: {escape(finding.name)}"
        table.add_row(marks[finding.state], what, escape(finding.detail), escape(finding.remedy))
    out.print(table)
    out.print("\nBeside the settings in use, these could be chosen:")
    for finding in options:  # no table: a command must not be cut
        out.print(
            f"  {escape(finding.name)}: {escape(finding.detail)}", style="green" if finding.state == "ok" else None
        )
        for line in finding.remedy.splitlines():
            out.print(f"      {line}", markup=False)


def demo(
    output: Annotated[
        Path, typer.Option("-o", "--output", readable=False, help="Write the results to this folder.")
    ] = Path("demo-out"),
    overwrite: OverwriteFlag = False,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Run `process` on a sample recording of two people, one of them enrolled, and show the report."""
    with ending(as_json):
        from discreet.cli.demo import run_demo
        from discreet.results.report import summary

        outcome = run_demo(output, overwrite=overwrite, quiet=quiet or as_json)
        if as_json:
            print_json({"folder": outcome.folder, "files": outcome.files, **summary(outcome.timeline)})
            return
        out.print((outcome.folder / "report.txt").read_text(encoding="utf-8"), markup=False)
        for name, path in sorted(outcome.files.items()):
            out.print(f"{name:<30} {escape(str(path))}")


# The groups of the help, in this order.
SAFE, CHECK, PEOPLE = "Make a recording safe", "Check and correct", "People"
SHARE, SET_UP, RESEARCH = "Share", "Set up", "Research"
app.command("process", rich_help_panel=SAFE)(process)
app.command("record", rich_help_panel=SAFE)(record.record)
app.command("live", rich_help_panel=SAFE)(live.live)
app.command("redact", rich_help_panel=SAFE)(redact.redact)
app.command("recover", rich_help_panel=SAFE)(record.recover)
app.command("devices", rich_help_panel=SAFE)(record.devices)
app.command("review", rich_help_panel=CHECK)(review.review)
app.command("open", rich_help_panel=CHECK)(review.open_results)
app.command("library", rich_help_panel=CHECK)(review.library)
app.command("publish", rich_help_panel=CHECK)(publish.publish)
app.command("verify", rich_help_panel=CHECK)(verify.verify)
app.command("enroll", rich_help_panel=PEOPLE)(enroll.enroll)
app.command("export", rich_help_panel=SHARE)(export.export)
app.command("redteam", rich_help_panel=SHARE)(redteam.redteam)
app.command("demo", rich_help_panel=SET_UP)(demo)
app.command("doctor", rich_help_panel=SET_UP)(doctor)
app.add_typer(people_import.app, name="people", rich_help_panel=PEOPLE)
app.add_typer(share.app, name="share", rich_help_panel=SHARE)
app.add_typer(audit.app, name="audit", rich_help_panel=SHARE)
app.add_typer(weights.app, name="weights", rich_help_panel=SET_UP)
app.add_typer(config_commands.app, name="config", rich_help_panel=SET_UP)
app.add_typer(aavid.app, name="aavid", rich_help_panel=RESEARCH)
app.add_typer(evaluate.app, name="evaluate", rich_help_panel=RESEARCH)
app.add_typer(lab.app, name="lab", rich_help_panel=RESEARCH)
take_verbose(app)


def main() -> None:
    """Entry point ``discreet``."""
    as_json = "--json" in sys.argv[1:]
    patient_streams()
    no_core_files()
    try:
        done: int | None = app(standalone_mode=False)
    except REFUSED as error:
        if as_json:
            fail(error.format_message(), "see: discreet --help", error.exit_code, as_json)
        else:
            error.show()
        done = error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        err.print("[bold]discreet:[/] stopped; nothing was done")
        done = ExitCode.INTERRUPTED
    except Exception as error:
        fault(error, as_json)
        done = ExitCode.INTERNAL
    raise SystemExit(final_code(int(done or 0)))
