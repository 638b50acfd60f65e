"""NeMo's models: without NeMo, and with a file that it cannot open, one clear line says what to do."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from diarization import nemo_models
from timeline import ModelError


def test_without_nemo_the_remedy_installs_it_or_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "nemo.collections.asr", None)
    with pytest.raises(ModelError, match="not installed") as caught:
        nemo_models.import_nemo()
    assert "discreet[nemo]" in caught.value.remedy
    assert "backend=onnx" in caught.value.remedy


def test_no_setting_of_the_surroundings_lets_a_checkpoint_run_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    monkeypatch.setitem(__import__("sys").modules, "nemo.collections.asr", None)
    with pytest.raises(ModelError):
        nemo_models.import_nemo()
    assert "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD" not in os.environ


def test_a_file_that_nemo_cannot_open_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Kind:
        @staticmethod
        def restore_from(path: str, map_location: str) -> object:
            raise RuntimeError("no tar archive\nand much more")

    monkeypatch.setattr(nemo_models, "import_nemo", lambda: SimpleNamespace(Kind=Kind))
    with pytest.raises(ModelError, match=r"cannot open a\.nemo: no tar archive$"):
        nemo_models.restore_checkpoint("Kind", tmp_path / "a.nemo")
