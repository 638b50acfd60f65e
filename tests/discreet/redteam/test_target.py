"""Targets: results and exports are told apart, and anything else is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.redteam.target import targets_in
from sharing.exports import STATEMENTS
from tests.discreet.redteam.conftest import document
from timeline import InputError

TEXT = document([(0.0, 1.0, "p1")]).to_json()


def test_results_are_one_session(tmp_path: Path) -> None:
    (tmp_path / "timeline.json").write_text(TEXT)
    (tmp_path / "safe.mp4").write_bytes(b"")
    (target,) = targets_in([tmp_path])
    (session,) = target.sessions
    assert (target.export, session.recording) == (False, tmp_path / "safe.mp4")


def test_an_export_has_the_sessions_under_data_and_may_have_none(tmp_path: Path) -> None:
    (tmp_path / STATEMENTS).write_text("")
    assert targets_in([tmp_path])[0].sessions == ()
    for name in ("S-1", "S-2"):
        (tmp_path / "data" / name).mkdir(parents=True)
        (tmp_path / "data" / name / "timeline.json").write_text(TEXT)
    (target,) = targets_in([tmp_path])
    assert [session.name for session in target.sessions] == ["S-1", "S-2"]
    assert next(name for name, _ in target.files()) == f"{tmp_path.name}/data/S-1/timeline.json"


@pytest.mark.parametrize("text", [None, "{}", "[" * 9999])
def test_anything_else_is_told(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "timeline.json").write_text(text)
    with pytest.raises(InputError):
        targets_in([tmp_path])
