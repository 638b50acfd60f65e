"""The measurements of sharing: quick parts meet their marks, and a failure shows."""

from __future__ import annotations

import sys

import pytest

from evaluation.data.share_project import shared_project
from evaluation.runs import sharing, sharing_log


def test_tampering_is_measured_against_the_lines_that_were_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing_log, "TAMPERINGS", 10)
    assert all(met for *_, met in sharing_log.audit())


def test_a_log_that_notices_nothing_is_told_from_one_that_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing_log, "TAMPERINGS", 5)
    monkeypatch.setattr(sharing_log.AuditLog, "verify", lambda self, *known: [])
    assert [met for *_, met in sharing_log.audit()] == [True, False, False]


def test_the_command_ends_with_1_if_a_mark_is_not_met(monkeypatch: pytest.MonkeyPatch) -> None:
    for met in (True, False):
        monkeypatch.setitem(sharing.PARTS, "gate", lambda met=met: iter([sharing.Row("x", "1", "2", met)]))
        monkeypatch.setattr(sys, "argv", ["sharing", "--only", "gate"])
        assert sharing.main() == int(not met)


def test_the_project_to_measure_on_can_be_exported_from() -> None:
    pytest.importorskip("cedarpy")
    pytest.importorskip("rocrate")
    from discreet.share.exporting import export

    with shared_project() as shared:
        export(shared.project, shared.request(shared.home / "out"), shared.settings)
        assert (shared.home / "out" / "provenance.jsonl").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("part", sharing.PARTS)
def test_a_part_meets_its_marks(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("cedarpy", "rocrate", "securesystemslib", "c2pa", "opendp"):
        pytest.importorskip(library)
    monkeypatch.setattr(sys, "argv", ["sharing", "--only", part])
    assert sharing.main() == 0
