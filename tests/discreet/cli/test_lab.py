"""``discreet lab``: bad input is one line, and what is missing is named with the command that brings it."""

from __future__ import annotations

import importlib.util
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli import lab
from discreet.cli.app import app
from discreet.cli.lab import training_settings
from timeline import ExitCode, InputError
from voice.neural.corpus import Utterance, write_manifest


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["lab", *map(str, arguments)])
    return done.exit_code, done.output


def test_a_layout_that_is_none_is_refused_with_those_that_are(tmp_path: Path) -> None:
    code, said = run("data", tmp_path, "--from", "timit=/x")
    assert code == ExitCode.INPUT
    assert "librispeech" in said
    assert "Traceback" not in said


def test_without_torch_the_command_that_brings_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "torch" else known(name, *rest)
    )
    code, said = run("pretrain", tmp_path, tmp_path / "models")
    assert code == ExitCode.MODELS
    assert "./setup.sh --with lab" in said


def test_a_folder_without_a_corpus_is_refused_as_json(tmp_path: Path) -> None:
    pytest.importorskip("lightning", reason="the voice lab trains with Lightning: pip install -e .[lab]")
    code, said = run("pretrain", tmp_path, tmp_path / "models", "--json")
    assert code == ExitCode.INPUT
    assert "discreet lab data" in json.loads(said)["remedy"]


WRONG = {
    "pretrain none models": "none holds no corpus",
    "pretrain corpus models --settings wrong.toml": "training setting steps",
    "finetune corpus models": "models holds no fastspeech-vae",
    "compress corpus models -o small": "models holds no trained network",
}
RUN = """
import sys
from typer.testing import CliRunner
from discreet.cli.app import app
for line in sys.argv[1:]:
    print(CliRunner().invoke(app, ["lab", *line.split()]).output.splitlines()[0])
print("loaded:", *[name for name in ("torch", "lightning") if name in sys.modules])
"""


@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in lab.NEEDED), reason="the lab needs: pip install -e .[lab]"
)
def test_wrong_arguments_are_refused_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    write_manifest(tmp_path / "corpus", [Utterance("a", "ann", "a.wav", 3.0)])
    (tmp_path / "wrong.toml").write_text("steps = 0\n", "utf-8")
    out = subprocess.run(
        [sys.executable, "-c", RUN, *WRONG],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(lab.__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    *lines, loaded = out.stdout.splitlines()
    assert [line for line, said in zip(lines, WRONG.values(), strict=True) if said not in line] == []
    assert loaded == "loaded:"


def test_the_command_line_stands_above_the_file(tmp_path: Path) -> None:
    file = tmp_path / "train.toml"
    file.write_text("steps = 10\nbatch = 4\n[weights]\nprivacy = 1.5\n", "utf-8")
    found = training_settings(file, {"steps": 3, "size": None})
    assert (found.steps, found.batch, found.weights.privacy) == (3, 4, 1.5)


@pytest.mark.parametrize("text", ["steps = 0", "wrong = 1", "not toml", "[weights]\nprivacy = -1"])
def test_settings_that_cannot_be_are_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "train.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError):
        training_settings(file, {})


def test_the_file_names_the_architecture_where_the_command_line_does_not(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('architecture = "hifigan"\n', "utf-8")
    for command in (lab.pretrain, lab.finetune):
        unsaid = inspect.signature(command).parameters["architecture"].default
        assert training_settings(file, {"architecture": unsaid}).architecture == "hifigan"
    assert training_settings(file, {"architecture": "codec-lm"}).architecture == "codec-lm"
