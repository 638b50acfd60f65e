"""Folders without a timeline: the files as they were made, and nothing else."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sharing.gate import Terms, check_exact

TERMS = Terms(["Gareth Llewellyn"])


def check(folder: Path, **files: str) -> list[tuple[str, str]]:
    wanted = {name.replace("_", "."): hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    return [(finding.kind, finding.file) for finding in check_exact(folder, wanted, TERMS)]


def test_the_files_as_they_were_made_pass(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    assert check(tmp_path, a_csv="x") == []


@pytest.mark.parametrize(
    ("there", "found"),
    [
        ({}, [("file", "a.csv")]),
        ({"a.csv": "y"}, [("file", "a.csv")]),
        ({"a.csv": "x", "b.csv": ""}, [("file", "b.csv")]),
        (
            {"a.csv": "x", "gareth_llewellyn.csv": ""},
            [("word", "gareth_llewellyn.csv"), ("file", "gareth_llewellyn.csv")],
        ),
    ],
)
def test_anything_else_is_found(tmp_path: Path, there: dict[str, str], found: list[tuple[str, str]]) -> None:
    for name, text in there.items():
        (tmp_path / name).write_text(text)
    assert check(tmp_path, a_csv="x") == found


def test_a_private_word_is_found_even_where_it_was_written_on_purpose(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\ngareth llewellyn")
    assert check(tmp_path, a_csv="x\ngareth llewellyn") == [("word", "a.csv")]


def test_a_link_to_the_right_content_is_found(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x").write_text("x")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "a.csv").symlink_to(tmp_path / "elsewhere" / "x")
    assert check(tmp_path / "here", a_csv="x") == [("file", "a.csv")]
