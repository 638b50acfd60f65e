"""The recipient's check: an export as it was made passes, and nothing else does."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sharing.exports import (
    ExportFacts,
    ExportFolder,
    ExportPapers,
    ExportRecord,
    FileOrigin,
    Inspection,
    Signer,
    recall_list,
    signed_recalls,
    verify_export,
)
from sharing.gate import Terms
from sharing.levels import Artefact
from sharing.policy import Governance
from tests.sharing.exports.conftest import AT
from timeline import InputError, UnsafeError

ARTEFACT = Artefact(texts={"counts.csv": "count,value\nturns,20\n"})
HOW = Inspection({}, Terms(["Zoe Okonkwo"]))


@pytest.fixture
def folder(tmp_path: Path, facts: ExportFacts, governance: Governance, signer: Signer) -> Path:
    """An export with a list of recalls that is good for thirty days."""
    pytest.importorskip("rocrate")
    place = tmp_path / "export"
    place.mkdir()
    made = ExportFolder(place)
    made.put(ARTEFACT)
    assert made.inspect(ARTEFACT, HOW) == []
    about = ExportPapers(facts, governance, {"data/counts.csv": FileOrigin()}, recall_list([], AT, 30))
    made.finish(ARTEFACT, HOW, about, signer)
    return place


def problems(folder: Path, signer: Signer, *lists: str, now: dt.datetime = AT) -> tuple[str, ...]:
    return verify_export(folder, signer.public_key(), lists, now).problems


def test_as_it_was_made_it_passes(folder: Path, signer: Signer, facts: ExportFacts) -> None:
    checked = verify_export(folder, signer.public_key(), (), AT)
    assert (checked.facts, checked.problems) == (facts, ())


CHANGES: dict[str, Callable[[Path], object]] = {
    "data/counts.csv: changed": lambda f: (f / "data/counts.csv").write_text("count,value\nturns,25\n"),
    "AGREEMENT.md: changed": lambda f: (f / "AGREEMENT.md").write_text("Do as you like."),
    "gate.json: missing": lambda f: (f / "gate.json").unlink(),
    "more.txt: not part of the export": lambda f: (f / "more.txt").write_text("x"),
    "a link": lambda f: (f / "data" / "link").symlink_to("/etc/passwd"),
}


@pytest.mark.parametrize("problem", CHANGES)
def test_whatever_was_changed_is_named(folder: Path, signer: Signer, problem: str) -> None:
    CHANGES[problem](folder)
    assert any(problem in one for one in problems(folder, signer))


def test_every_flipped_byte_is_found(folder: Path, signer: Signer, tmp_path: Path) -> None:
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        target = copy / path.relative_to(folder)
        data = bytearray(target.read_bytes())
        data[len(data) // 2] ^= 1
        target.write_bytes(data)
        try:
            found = problems(copy, signer)
        except UnsafeError:
            continue
        assert found, path.name


def test_after_its_time_it_must_not_be_used(folder: Path, signer: Signer) -> None:
    late = AT + dt.timedelta(days=31)
    fresh = signed_recalls(recall_list([], late, 30), signer)
    assert problems(folder, signer, fresh, now=late) == ("it was to be destroyed by 2026-03-31",)


def recalled(signer: Signer, at: dt.datetime = AT) -> str:
    record = ExportRecord(
        id="E-AAAAAAAAAAAAA",
        at=AT,
        recipient="supervisor",
        role="clinician",
        purpose="supervision",
        level="transcript",
        keep_until=AT.date(),
        recalled=at,
        reason="consent was withdrawn",
    )
    return signed_recalls(recall_list([record], at, 30), signer)


def test_a_recall_fails_it_from_whatever_list(folder: Path, signer: Signer) -> None:
    assert "recalled" in problems(folder, signer, recalled(signer))[0]
    (folder / "recalls.json").write_text(recalled(signer))
    fresh = signed_recalls(recall_list([], AT, 30), signer)
    assert "recalled" in problems(folder, signer, fresh)[0]


def test_a_list_that_does_not_count_any_more_is_none(folder: Path, signer: Signer) -> None:
    later = AT + dt.timedelta(days=29, hours=23)
    assert problems(folder, signer, now=later) == ()
    (folder / "recalls.json").write_text(signed_recalls(recall_list([], AT - dt.timedelta(days=31), 30), signer))
    assert "no list of recalls" in problems(folder, signer)[0]
    (folder / "recalls.json").unlink()
    assert "no list of recalls" in problems(folder, signer)[0]


def test_a_list_of_somebody_else_is_none(folder: Path, signer: Signer) -> None:
    (folder / "recalls.json").unlink()
    forged = signed_recalls(recall_list([], AT, 30), Signer(b"\1" * 32))
    assert "no list of recalls" in problems(folder, signer, forged)[0]


def test_another_key_and_another_folder_are_told(folder: Path, signer: Signer, tmp_path: Path) -> None:
    with pytest.raises(UnsafeError):
        problems(folder, Signer(b"\1" * 32))
    with pytest.raises(InputError):
        problems(tmp_path / "none", signer)
