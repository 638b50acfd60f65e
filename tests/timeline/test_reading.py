"""Files that are read into memory: regular, and no larger than a limit."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from timeline import read_file, read_text

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX pipes and devices")


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbf[vision]\n")
    assert read_text(tmp_path / "a") == "[vision]\n"


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\r\nabc")
    assert read_file(tmp_path / "a", 5) == b"\r\nabc"
    assert read_text(tmp_path / "a") == "\r\nabc"


def test_what_has_no_end_is_not_read() -> None:
    with pytest.raises(OSError, match="not a regular file"):
        read_file(Path("/dev/zero"))
    with pytest.raises(OSError, match="larger than 1 MB"):
        read_text(Path("/dev/zero"), 1 << 20)


def test_the_user_may_name_a_file_of_nothing() -> None:
    assert read_text(Path("/dev/null")) == ""


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    with pytest.raises(OSError, match="not a regular file"):
        read_file(tmp_path / "a")


def test_a_pipe_that_the_user_names_is_read_to_its_end() -> None:
    end, start = os.pipe()
    try:
        writer = threading.Timer(0.05, lambda: (os.write(start, b"[vision]"), os.close(start)))
        writer.start()
        assert read_text(Path(f"/dev/fd/{end}")) == "[vision]"
        writer.join()
    finally:
        os.close(end)


def test_more_than_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes((2 << 20) + 1))
    with pytest.raises(OSError, match="larger than 2 MB") as caught:
        read_file(tmp_path / "a", 2 << 20)
    assert caught.value.errno == errno.EFBIG


def test_a_folder_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        read_file(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "a")
