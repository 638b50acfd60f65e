"""The head of the audit log in a file of its own."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from sharing.audit.heads import FileHead, Head
from timeline import UnsafeError


def test_there_is_no_head_before_one_was_written(tmp_path: Path) -> None:
    assert FileHead(tmp_path / "head.json").read() is None


def test_the_head_written_last_is_read_back_and_private(tmp_path: Path) -> None:
    store = FileHead(tmp_path / "head.json")
    for number in (1, 2):
        store.write(Head(number=number, hash=f"{number}" * 64))
    assert store.read() == Head(number=2, hash="2" * 64)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"number": -1}', b'{"number": 1, "hash": "x"}', b'{"more": 1}', b"\xff"]
)
def test_a_damaged_head_stops_everything(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "head.json"
    path.write_bytes(content)
    with pytest.raises(UnsafeError, match="cannot be read"):
        FileHead(path).read()


def test_a_head_that_cannot_be_opened_is_not_an_empty_log(tmp_path: Path) -> None:
    (tmp_path / "head.json").mkdir()
    with pytest.raises(UnsafeError):
        FileHead(tmp_path / "head.json").read()
