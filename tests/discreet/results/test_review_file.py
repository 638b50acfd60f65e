"""A review file that asks for a lot is refused with a clear line."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.results import review_file
from discreet.results.review_file import MOST_ROWS, ReviewError, read_review
from timeline import ExitCode

SHA = "a" * 64
HEAD = f'version = "discreet/review/1"\nrecording = "{SHA}"\nfinds = 0\n'


def rows(path: Path, count: int) -> Path:
    path.write_text(HEAD + "".join(f"[[add]]\nstart = {n}\nend = {n}.5\n" for n in range(count)), encoding="utf-8")
    return path


def test_twenty_thousand_rows_are_refused_and_ten_thousand_are_not(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match=f"more than {MOST_ROWS} rows") as caught:
        read_review(rows(tmp_path / "many.toml", 2 * MOST_ROWS), SHA)
    assert caught.value.exit_code is ExitCode.USAGE
    assert len(read_review(rows(tmp_path / "some.toml", MOST_ROWS), SHA).add) == MOST_ROWS


def test_a_huge_file_is_not_even_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_file, "MOST_BYTES", 1 << 20)
    path = tmp_path / "a.toml"
    path.write_text("#" * (2 << 20), encoding="utf-8")
    with pytest.raises(ReviewError, match="larger than 1 MB"):
        read_review(path, SHA)


@pytest.mark.parametrize("key", ["entity", "operator"])
@pytest.mark.parametrize("value", ["X\\nY", "\\u001b[2JX", "\\u202eX"])
def test_what_is_printed_of_a_row_is_one_plain_line(key: str, value: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(HEAD + f'[[add]]\nstart = 1\nend = 2\n{key} = "{value}"\n', encoding="utf-8")
    with pytest.raises(ReviewError, match=f"add.0.{key}"):
        read_review(path, SHA)
