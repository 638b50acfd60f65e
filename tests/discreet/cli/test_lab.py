"""``discreet lab``: bad input is one line, and what is missing is named with the command that brings it."""

from __future__ import annotations

import importlib.util
import inspect
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli import lab
from discreet.cli.app import app
from discreet.cli.lab import training_settings
from timeline import ExitCode, InputError


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
