"""SQLite files in a private folder: no planted link is followed, and locks of other connections stay."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from sharing.private_database import COMPANIONS, connect, connect_to_read
from timeline import UnsafeError


def test_a_new_database_is_private(tmp_path: Path) -> None:
    connect(tmp_path / "a.sqlite").close()
    assert stat.S_IMODE((tmp_path / "a.sqlite").stat().st_mode) == 0o600


@pytest.mark.parametrize("suffix", ["", *COMPANIONS])
@pytest.mark.parametrize("hard", [True, False])
def test_a_planted_link_is_refused_and_its_target_stays_as_it_was(tmp_path: Path, suffix: str, hard: bool) -> None:
    target, path = tmp_path / "target", tmp_path / "a.sqlite"
    target.write_bytes(b"precious")
    if suffix:
        connect(path).close()
    link = path.with_name(path.name + suffix)
    if hard:
        os.link(target, link)
    else:
        link.symlink_to(target)
    for opens in (connect, connect_to_read):
        with pytest.raises(UnsafeError):
            opens(path)
    assert target.read_bytes() == b"precious"


def test_a_link_that_leads_nowhere_makes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").symlink_to(tmp_path / "target")
    with pytest.raises(UnsafeError):
        connect(tmp_path / "a.sqlite")
    assert not (tmp_path / "target").exists()


def test_reading_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        connect_to_read(tmp_path / "a.sqlite")
    assert not list(tmp_path.iterdir())


def test_opening_lets_go_of_no_lock_that_another_connection_holds(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    one, two = connect(path), connect(path)
    one.execute("BEGIN IMMEDIATE")
    connect(path).close()
    two.execute("PRAGMA busy_timeout=0")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        two.execute("BEGIN IMMEDIATE")
    one.close()
    two.close()
