"""Where lists of recalls come from: files and https; what cannot be had is None, never an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.share.recall_source import read_list


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "recalls.json").write_text("{}")
    assert read_list(str(tmp_path / "recalls.json")) == b"{}"


@pytest.mark.parametrize("address", ["/none/recalls.json", "http://example.org/r.json", "ftp://example.org/r.json"])
def test_what_is_not_there_or_not_safe_is_none(address: str) -> None:
    assert read_list(address) is None


def test_an_address_that_does_not_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    import requests

    def refuse(*_: object, **__: object) -> None:
        raise requests.ConnectionError

    monkeypatch.setattr(requests, "get", refuse)
    assert read_list("https://example.org/recalls.json") is None
