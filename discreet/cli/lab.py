"""``discreet lab``: train voice converters, compare them, choose one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from discreet.cli import lab_compare, lab_convert, lab_listen
from discreet.cli.console import ending, out, print_json
from discreet.cli.lab_compare import progress_printer
from discreet.cli.options import JsonFlag, QuietFlag

if TYPE_CHECKING:
    from voice.neural import TrainSettings

app = typer.Typer(no_args_is_help=True, help="Train voice converters on your own data, compare them and choose one.")
app.add_typer(lab_compare.app)
app.add_typer(lab_convert.app)
app.add_typer(lab_listen.app)
NEEDED = ("torch", "safetensors", "lightning", "onnx")
CorpusFolder = Annotated[Path, typer.Argument(readable=False, help="The corpus that `discreet lab data` made.")]
ModelsFolder = Annotated[Path, typer.Argument(readable=False, help="Keep models, checkpoints and logs in this folder.")]
ArchitectureOption = Annotated[
    str | None,
    typer.Option(
        "--architecture", "-a", help="Choose the network: baseline, fastspeech-vae (default), hifigan or codec-lm."
    ),
]
SettingsFile = Annotated[
    Path | None, typer.Option("--settings", readable=False, help="Read training settings from this TOML file.")
]
StepsOption = Annotated[int | None, typer.Option("--steps", min=1, help="Stop after this many batches.")]
SizeOption = Annotated[str | None, typer.Option("--size", help="Choose how large networks are: tiny, cpu or gpu.")]
SeedOption = Annotated[int | None, typer.Option("--seed", help="Use this seed for everything random; default: 0.")]
DevicesOption = Annotated[int | None, typer.Option("--devices", min=1, help="Use this many GPUs; default: 1.")]


@app.callback()
def _group() -> None:
    """Train voice converters on your own data, compare them and choose one."""


@app.command()
def data(
    folder: Annotated[Path, typer.Argument(readable=False, help="Make the corpus in this folder, or add to it.")],
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            help="Add a corpus as LAYOUT=FOLDER: librispeech, vctk, voxceleb, common-voice, folders (SPEAKER/TAKE.wav),"
            " parallel (equal takes in step). Repeatable.",
        ),
    ] = None,
    synthetic: Annotated[
        int, typer.Option("--synthetic", min=0, help="Add this many synthetic speakers; no recording is needed.")
    ] = 0,
    sentences: Annotated[
        int, typer.Option("--sentences", min=1, help="Let each synthetic speaker say this many sentences.")
    ] = 20,
    most: Annotated[
        int | None, typer.Option("--most", min=1, help="Take at most this many utterances of each recorded speaker.")
    ] = None,
    noisy: Annotated[
        bool,
        typer.Option("--noisy", help="Add a second take of each utterance with noise, a room or a telephone."),
    ] = False,
    seed: SeedOption = None,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Make a corpus of features from recordings, synthetic speech or both. To continue, run it again."""
    with ending(as_json):
        from discreet.lab import make_corpus
        from voice.neural.corpus import CorpusPlan
        from weights import Store

        plan = CorpusPlan(synthetic, sentences, seed or 0) if synthetic else None
        rows = make_corpus(
            folder, _sources(source or [], most), plan, Store(), progress_printer(quiet or as_json), noisy
        )
        facts = {
            "utterances": len(rows),
            "speakers": len({row.speaker for row in rows}),
            "hours": round(sum(row.seconds for row in rows) / 3600, 3),
            "splits": {name: sum(row.split == name for row in rows) for name in ("train", "validation", "test")},
        }
        if as_json:
            print_json(facts)
        else:
            out.print(f"{facts['utterances']} utterances by {facts['speakers']} speakers, {facts['hours']} hours")


@app.command()
def pretrain(
    corpus: CorpusFolder,
    models: ModelsFolder,
    architecture: ArchitectureOption = None,
    settings: SettingsFile = None,
    size: SizeOption = None,
    steps: StepsOption = None,
    seed: SeedOption = None,
    devices: DevicesOption = None,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Train a network to reproduce speech. To continue a run that was stopped, run it again."""
    given = {"architecture": architecture, "size": size, "steps": steps, "seed": seed, "devices": devices}
    _train("pretrain", (corpus, models), settings, given, quiet, as_json)


@app.command()
def finetune(
    corpus: CorpusFolder,
    models: ModelsFolder,
    architecture: ArchitectureOption = None,
    settings: SettingsFile = None,
    size: SizeOption = None,
    steps: StepsOption = None,
    seed: SeedOption = None,
    devices: DevicesOption = None,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Train a pre-trained network to hide the voice and to keep words and melody."""
    given = {"architecture": architecture, "size": size, "steps": steps, "seed": seed, "devices": devices}
    _train("finetune", (corpus, models), settings, given, quiet, as_json)


@app.command()
def compress(
    corpus: CorpusFolder,
    model: Annotated[Path, typer.Argument(readable=False, help="The folder of one trained model.")],
    output: Annotated[Path, typer.Option("-o", "--output", readable=False, help="Write the exported model here.")],
    prune: Annotated[
        float, typer.Option("--prune", min=0.0, max=0.95, help="Set this share of the weights to zero.")
    ] = 0.0,
    student: Annotated[
        int,
        typer.Option(
            "--student", min=0, help="Train a small causal network on the model for this many batches, and export that."
        ),
    ] = 0,
    int8: Annotated[bool, typer.Option("--int8", help="Keep matrices in 8 bits.")] = False,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Export a trained model so that it runs without torch, and compare the export with the network."""
    with ending(as_json):
        _needs_torch()
        from voice.neural import last_stage

        last_stage(model)
        _check(corpus, model, pretrained=None)
        from voice.neural.compress import ShrinkPlan, shrink

        found = shrink(corpus, model, output, ShrinkPlan(prune, student, int8), progress_printer(quiet or as_json))
        if as_json:
            print_json({"folder": output, **found})
        else:
            out.print(
                f"[bold]{escape(str(output))}[/]: {found['bytes'] / 1e6:.1f} MB, correlation with the network"
                f" {found['correlation']:.4f}"
            )


def training_settings(file: Path | None, given: dict[str, Any]) -> TrainSettings:
    """Those of a file, with what the command line says above them. Raises InputError if they cannot be."""
    from pydantic import ValidationError

    from timeline import InputError, first_problem, parse_toml, read_text
    from voice.neural import TrainSettings

    remedy = "see docs/reference/lab.md"
    read: dict[str, Any] = {}
    if file is not None:
        try:
            read = parse_toml(read_text(file))
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise InputError(f"{file} is not a settings file", remedy) from error
    try:
        return TrainSettings.model_validate({**read, **{k: v for k, v in given.items() if v is not None}})
    except ValidationError as error:
        raise InputError(f"training setting {first_problem(error)}", remedy) from error


def _sources(given: list[str], most: int | None) -> list[Any]:
    from discreet.lab import Source
    from timeline import InputError
    from voice.neural.corpus import READERS

    found = []
    for each in given:
        layout, sign, root = each.partition("=")
        if not sign or layout not in READERS:
            raise InputError(f"--from {each} names no layout", f"write LAYOUT=FOLDER; layouts: {', '.join(READERS)}")
        found.append(Source(layout, Path(root), most))
    return found


def _needs_torch() -> None:
    import importlib.util

    from timeline import ModelError

    lacking = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if lacking:
        raise ModelError(f"training needs {', '.join(lacking)}", "./setup.sh --with lab")


def _check(corpus: Path, models: Path, *, pretrained: str | None) -> None:
    """Refuse wrong folders before the seconds that it takes to load torch and Lightning."""
    from voice.neural import require_pretrained
    from voice.neural.corpus import read_manifest

    read_manifest(corpus)
    if pretrained is not None:
        require_pretrained(models, pretrained)


def _train(
    stage: str, folders: tuple[Path, Path], settings: Path | None, given: dict[str, Any], quiet: bool, as_json: bool
) -> None:
    with ending(as_json):
        _needs_torch()
        chosen = training_settings(settings, given)
        _check(*folders, pretrained=chosen.architecture if stage == "finetune" else None)
        from voice.neural.training import finetune, pretrain

        run = {"pretrain": pretrain, "finetune": finetune}[stage]
        place = run(*folders, chosen, progress_printer(quiet or as_json))
        _trained(place, as_json)


def _trained(place: Path, as_json: bool) -> None:
    from timeline import InputError
    from voice.neural import last_stage
    from voice.neural.training import read_card

    try:
        card = read_card(place)
    except OSError as error:
        raise InputError(f"{place} cannot be read", "train again") from error
    if as_json:
        print_json({"folder": place, **{key: value for key, value in card.items() if key != "speakers"}})
    else:
        stage = last_stage(place)
        out.print(f"[bold]{escape(str(place))}[/]: {stage['steps']} steps, validation {stage['validation']:.4f}")
