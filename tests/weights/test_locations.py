"""Where models are looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from weights.locations import RECEIPT, default_local, default_root, models_in, usual_root


def test_the_home_moves_the_store_and_nothing_else_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISCREET_HOME", raising=False)
    assert default_root() == usual_root()
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path))
    assert default_root() == tmp_path / "weights"
    assert usual_root() != tmp_path / "weights"


@pytest.mark.parametrize(("value", "folders"), [("", []), ("/a", ["/a"]), ("/a::/b", ["/a", "/b"])])
def test_folders_of_own_files_are_those_of_the_variable(
    monkeypatch: pytest.MonkeyPatch, value: str, folders: list[str]
) -> None:
    monkeypatch.setenv("DISCREET_WEIGHTS", value)
    assert [str(folder) for folder in default_local()] == folders


def test_only_what_was_fetched_counts_as_a_model(tmp_path: Path) -> None:
    (tmp_path / "yunet").mkdir()
    (tmp_path / "yunet" / RECEIPT).write_text("{}")
    (tmp_path / "half").mkdir()
    assert models_in(tmp_path) == ["yunet"]
    assert models_in(tmp_path / "none") == []
