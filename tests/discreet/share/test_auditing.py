"""The audit for people from outside: whole or not, also against exports, and a bundle that names nobody."""

from __future__ import annotations

import json
import sqlite3

import pytest

from discreet.share.auditing import audited, bundle, entries, open_points
from discreet.share.documents import facts_of
from sharing.exports import hashes
from tests.discreet.share.conftest import NAMES, Place
from timeline import InputError, OutputError


def test_a_log_as_it_was_written_is_in_order_also_against_an_export(place: Place) -> None:
    place.export("transcript")
    found = audited(place.project.registry, [place.out / "out"])
    assert found.damage == []
    assert found.lines == len(entries(place.project.registry)) == len(entries(place.project.registry, "study-1"))
    assert entries(place.project.registry, "other") == []


def test_a_changed_line_is_named(place: Place) -> None:
    with sqlite3.connect(place.project.registry.folder / "sharing" / "audit.sqlite") as db:
        db.execute("UPDATE lines SET line = x'00' WHERE number = 2")
    db.close()
    assert [str(one) for one in audited(place.project.registry).damage] == ["line 2 was changed"]


def test_an_export_tells_of_a_log_that_was_begun_anew_with_its_head(place: Place) -> None:
    from registered import state_folder

    place.export("transcript")
    (place.project.registry.folder / "sharing" / "audit.sqlite").unlink()
    for head in state_folder().glob("audit-*.json"):
        head.unlink()
    assert audited(place.project.registry).damage == []
    assert audited(place.project.registry, [place.out / "out"]).damage


def test_what_is_no_export_of_a_project_is_told(place: Place) -> None:
    with pytest.raises(InputError):
        audited(place.project.registry, [place.out])


def test_the_bundle_holds_everything_and_names_nobody(place: Place) -> None:
    made = place.export("transcript")
    names = bundle(place.project.registry, place.out / "bundle", "2026-03-01")
    folder = place.out / "bundle"
    assert {"log.jsonl", "findings.json", "dictionary.csv", "study-1/governance.toml", "manifest.json"} <= set(names)
    assert f"study-1/statements/{made.record.id}.jsonl" in names
    text = "".join(path.read_text() for path in folder.rglob("*") if path.is_file())
    assert not any(name in text for name in NAMES)
    assert str(place.out) not in text
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {**hashes(folder), "manifest.json": ""} == {**manifest, "manifest.json": ""}
    findings = json.loads((folder / "findings.json").read_text())
    assert findings["open"][0]["found"] == "2026-03-01"
    with pytest.raises(OutputError):
        bundle(place.project.registry, folder, "2026-03-01")


def test_open_points_go_when_they_are_settled(place: Place) -> None:
    before = open_points(place.project)
    assert any("recalls" in point for point in before)
    path = place.project.path
    path.write_text(path.read_text().replace('address = ""', 'address = "https://example.org/recalls.json"'))
    assert not any("no address" in point for point in open_points(place.reopened()))


def test_documents_are_filled_from_what_happened(place: Place) -> None:
    made = place.export("transcript")
    facts = facts_of(place.reopened())
    assert [one.id for one in facts.exports] == [made.record.id]
    assert facts.people["study: given"] == 2
    assert facts.log_lines == len(place.log())
    assert facts.log_damage == []


def test_a_governance_that_cannot_be_read_is_a_finding_and_the_bundle_is_written(place: Place) -> None:
    place.project.path.write_text("version = ")
    bundle(place.project.registry, place.out / "bundle", "2026-03-01")
    (point,) = json.loads((place.out / "bundle" / "findings.json").read_text())["open"]
    assert "is not TOML" in point["what"]
    assert (place.out / "bundle" / "study-1" / "governance.toml").read_text() == "version = "
