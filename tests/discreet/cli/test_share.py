"""``discreet share gate``: results as they were made pass, and what was added to them does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from discreet.results.folder import EXPORTS, REPORT, TIMELINE
from discreet.results.report import report_text
from registered import Answers, Consent, Enrolled, Registry
from timeline import ExitCode, Recording, Timeline


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    folder = tmp_path / "results"
    timeline = Timeline(recording=Recording(duration=2.0))
    texts = {name: export(timeline) for name, export in EXPORTS.items()}
    texts |= {TIMELINE: timeline.to_json(), REPORT: report_text(timeline)}
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def gate(folder: Path, *options: str) -> tuple[int, dict[str, object]]:
    done = CliRunner().invoke(app, ["share", "gate", str(folder), "--no-listen", "--no-look", "--json", *options])
    return done.exit_code, json.loads(done.output)


def test_results_as_they_were_made_pass(results: Path) -> None:
    code, answer = gate(results)
    assert (code, answer["safe"], answer["findings"]) == (0, True, [])
    assert "faces" in str(answer["not_checked"]), "what nobody looked at is said"


def test_a_changed_report_is_refused_with_its_place_and_a_remedy(results: Path) -> None:
    with (results / REPORT).open("a") as report:
        report.write("Ann was there, too.\n")
    code, answer = gate(results)
    assert code == ExitCode.UNSAFE
    (finding,) = answer["findings"]  # type: ignore[misc]
    assert (finding["file"], finding["kind"]) == (REPORT, "text")
    assert finding["remedy"]


@pytest.mark.parametrize(("named", "code"), [(True, 0), (False, ExitCode.UNSAFE)])
def test_the_name_of_somebody_enrolled_stands_only_where_they_agreed(results: Path, named: bool, code: int) -> None:
    answers = Answers(seen=True, heard=True, quoted=True, named=named)
    Registry.open(None).add(Enrolled.new("Zoë Okonkwo", Consent.granting(answers)))
    timeline = Timeline.from_json((results / TIMELINE).read_bytes())
    told = timeline.provenance.model_copy(update={"notes": ["It begins with Zoe Okonkwo."]})
    timeline = timeline.model_copy(update={"provenance": told})
    (results / TIMELINE).write_text(timeline.to_json(), encoding="utf-8")
    (results / REPORT).write_text(report_text(timeline), encoding="utf-8")
    assert gate(results)[0] == code


def test_a_denied_word_is_found_and_not_quoted(results: Path) -> None:
    (results / "blue house.txt").write_text("")
    code, answer = gate(results, "--deny", "Blue House")
    assert code == ExitCode.UNSAFE
    assert {finding["kind"] for finding in answer["findings"]} == {"word", "file"}  # type: ignore[attr-defined]


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["share", "gate", str(tmp_path / "none")])
    assert done.exit_code == ExitCode.INPUT


def test_a_record_that_cannot_be_read_is_a_finding_for_its_name_was_not_looked_for(results: Path) -> None:
    registry = Registry.open(None)
    person = registry.add(Enrolled.new("Zoë Okonkwo", Consent.granting(Answers())))
    (registry.folder / f"{person.id}.person").write_bytes(b"damaged")
    code, answer = gate(results)
    assert code == ExitCode.UNSAFE
    assert ["not looked for" in finding["reason"] for finding in answer["findings"]] == [True]  # type: ignore[attr-defined]
