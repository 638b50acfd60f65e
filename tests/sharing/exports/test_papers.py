"""The papers: what was agreed, what every value means, what the gate saw, and metadata that programs read."""

from __future__ import annotations

import csv
import io
import json

import pytest

from sharing.exports import ExportFacts, gate_page, gate_report
from sharing.exports.papers import agreement, crate, dictionary
from sharing.gate import Finding
from sharing.levels import Column
from sharing.policy import Governance

FOUND = Finding(kind="word", file="<b>.txt", reason="a private word", remedy="redact it", score=0.5)


def test_the_agreement_names_purpose_duties_end_and_recall(facts: ExportFacts, governance: Governance) -> None:
    text = agreement(
        facts, governance, ["Times are made up."], [Column("turns.csv", "speaker", "pseudonym", "who speaks")]
    )
    for told in (
        "A colleague",
        "Advice for the therapist.",
        "Destroy it.",
        "2026-03-31",
        "recall",
        "Times are made up.",
        "- speaker (pseudonym): who speaks",
    ):
        assert told in text


def test_the_dictionary_is_csv_whatever_stands_in_it() -> None:
    rows = list(csv.reader(io.StringIO(dictionary([Column("a.csv", 'x,"y"', "s", "line\nbreak")]))))
    assert rows == [["file", "name", "unit", "meaning"], ["a.csv", 'x,"y"', "s", "line\nbreak"]]


def test_the_gates_report_tells_what_was_found_and_what_was_not_checked() -> None:
    report = json.loads(gate_report([FOUND], ["faces"]))
    assert (report["safe"], len(report["findings"]), report["not_checked"]) == (False, 1, ["faces"])
    assert json.loads(gate_report([], []))["safe"]


def test_the_page_shows_the_same_and_runs_nothing() -> None:
    page = gate_page([FOUND], ["faces"])
    assert "&lt;b&gt;.txt" in page
    assert "<b>" not in page
    assert "<script" not in page
    assert "faces" in page


def test_the_crate_lists_every_file_with_its_hash(facts: ExportFacts, governance: Governance) -> None:
    pytest.importorskip("rocrate")
    graph = json.loads(crate(facts, governance, {"data/a.txt": "a" * 64, "AGREEMENT.md": "b" * 64}))["@graph"]
    by_id = {item["@id"]: item for item in graph}
    assert by_id["data/a.txt"]["sha256"] == "a" * 64
    assert {part["@id"] for part in by_id["./"]["hasPart"]} == {"data/a.txt", "AGREEMENT.md"}
    assert by_id["./"]["datePublished"].startswith("2026-03-01")
    assert by_id["#recipient"]["name"] == "A colleague"
