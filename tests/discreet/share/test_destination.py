"""An export is put in its place whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import BinaryIO

import pytest

from discreet.share.destination import check_target, serve
from timeline import OutputError


@pytest.fixture
def made(tmp_path: Path) -> Path:
    (tmp_path / "made" / "data").mkdir(parents=True)
    (tmp_path / "made" / "data" / "turns.csv").write_text("turn")
    return tmp_path / "made"


def test_a_folder_is_served_with_all_that_is_in_it(made: Path, tmp_path: Path) -> None:
    serve(made, tmp_path / "new" / "out")
    assert (tmp_path / "new" / "out" / "data" / "turns.csv").read_text() == "turn"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_nothing_is_left_of_what_could_not_be_served(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def half(_: object, to: BinaryIO) -> None:
        to.write(b"half")
        raise error

    monkeypatch.setattr(shutil, "copyfileobj", half)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        serve(made, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_nobody_else_can_read_an_export_even_while_it_is_copied(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: set[int] = set()
    copy = shutil.copyfileobj

    def watched(data: BinaryIO, to: BinaryIO) -> None:
        copy(data, to)
        beside = next(path for path in tmp_path.iterdir() if path.name.startswith(".out."))
        modes.update(path.stat().st_mode & 0o077 for path in (beside, *beside.rglob("*")))

    monkeypatch.setattr(shutil, "copyfileobj", watched)
    before = os.umask(0)
    try:
        serve(made, tmp_path / "out")
    finally:
        os.umask(before)
    assert modes == {0}


def test_a_link_does_not_lead_into_the_results(made: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(made)
    with pytest.raises(OutputError, match="inside"):
        check_target(tmp_path / "link" / "out", [made])
    check_target(tmp_path / "out", [made])
