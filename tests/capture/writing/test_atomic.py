"""A file appears whole under its name, or not at all."""

from pathlib import Path

import pytest

from capture.writing.atomic import PartialFile
from timeline import OutputError


@pytest.mark.parametrize("error", [OSError(28, "full"), IndexError("x"), KeyboardInterrupt()])
def test_a_guarded_file_is_gone_after_any_error(tmp_path: Path, error: BaseException) -> None:
    file = PartialFile(tmp_path / "a.mp4")
    expected = type(error) if isinstance(error, KeyboardInterrupt) else OutputError
    with pytest.raises(expected), file.guard(IndexError):
        raise error
    assert list(tmp_path.iterdir()) == []


def test_a_guarded_file_stays_without_an_error(tmp_path: Path) -> None:
    file = PartialFile(tmp_path / "a.mp4")
    with file.guard():
        file.partial.write_bytes(b"whole")
    file.commit()
    assert (tmp_path / "a.mp4").read_bytes() == b"whole"
