"""What `weights fetch` says of a model that cannot be had: once, what happens without it, and how to get it."""

from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from discreet.config.settings import load
from discreet.pipeline.context import RunContext
from registered import Registry
from timeline import ModelError
from weights import Store


def test_setup_says_once_what_is_missing_and_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(self: Store, ids: Any, **rest: Any) -> list[Any]:
        if "lr-asd" in ids:
            raise ModelError(
                "could not get lr-asd (no network)", "lr-asd.model can be had from: example\nWith a network: x"
            )
        return []

    monkeypatch.setattr("weights.store.Store.fetch", fetch)
    done = CliRunner().invoke(app, ["weights", "fetch", "yunet", "lr-asd", "--optional"])
    assert done.exit_code == 0
    assert done.output.count("could not get lr-asd") == 1
    assert done.output.count("lip motion") == 1
    assert "To get it: lr-asd.model can be had from: example" in done.output
    assert "With a network" in done.output


def test_the_report_does_not_repeat_it(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weights.store.Store.has", lambda self, id: id != "lr-asd")
    context = RunContext.of(load(), Store(), Registry.open(tmp_path / "people", "file"))
    assert not [note for note in context.notes() if "LR-ASD" in note]
