"""Staging folders: gone afterwards, and what a killed export left is gone after the next command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from discreet.share.staging import STAGING, clean_staging, partial_beside, staging_folder

KILLED = """
import os, sys
from pathlib import Path
from discreet.share.staging import staging_folder
with staging_folder(Path(sys.argv[1]), "E-KILLED") as folder:
    (folder / "export" / "safe.mp4").write_bytes(b"a recording")
    os._exit(9)
"""


def left(project: Path) -> list[str]:
    return sorted(path.name for path in (project / STAGING).iterdir())


def test_nothing_is_left_after_an_export_however_it_ends(tmp_path: Path) -> None:
    with staging_folder(tmp_path, "E-1") as folder:
        assert left(tmp_path) == ["E-1", "E-1.lock"]
        assert list(folder.iterdir()) == [folder / "export"]
    with pytest.raises(RuntimeError), staging_folder(tmp_path, "E-2"):
        raise RuntimeError
    assert left(tmp_path) == []


def test_what_a_killed_export_left_is_removed_and_what_is_in_use_stays(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True)
    assert done.returncode == 9, done.stderr.decode()
    assert left(tmp_path) == ["E-KILLED", "E-KILLED.lock"]
    with staging_folder(tmp_path, "E-1"):
        assert clean_staging(tmp_path) == ["E-KILLED"]
        assert left(tmp_path) == ["E-1", "E-1.lock"]
    assert clean_staging(tmp_path) == []


def test_a_folder_of_an_earlier_version_has_no_lock_and_is_removed(tmp_path: Path) -> None:
    (tmp_path / STAGING / "E-OLD" / "export").mkdir(parents=True)
    assert clean_staging(tmp_path) == ["E-OLD"]
    assert left(tmp_path) == []


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "precious").mkdir(parents=True)
    (tmp_path / STAGING).symlink_to(tmp_path / "elsewhere")
    assert clean_staging(tmp_path) == []
    assert (tmp_path / "elsewhere" / "precious").is_dir()


def test_what_stands_half_written_beside_an_export_is_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (".out.0123abcd.tmp", ".out.notes.tmp", ".other.0123abcd.tmp"):
        (tmp_path / name).mkdir()
    assert partial_beside(tmp_path / "out").parent == tmp_path
    assert sorted(path.name for path in tmp_path.iterdir()) == [".other.0123abcd.tmp", ".out.notes.tmp"]
