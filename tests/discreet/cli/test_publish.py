"""The command refuses with its documented exit code while something is undecided."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from discreet.review import decide
from discreet.review.decision_kinds import Approve
from discreet.review.open_items import attention
from timeline import Person, Provenance, Recording, Timeline, Track


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    timeline = Timeline(
        recording=Recording(duration=9),
        people=[Person(id="p1", pseudonym="Speaker 1", registered=True, seen=True)],
        tracks=[Track(id="t1", person="p1", start=0, end=9, masked=False)],
        provenance=Provenance(created="2026-01-02T03:04:05+00:00", source="ab" * 32),
    )
    (tmp_path / "timeline.json").write_text(timeline.to_json(), encoding="utf-8")
    return tmp_path


def run(results: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["publish", str(results), "--registered", str(results / "people"), *options])
    return done.exit_code, done.output


def test_it_refuses_then_publishes_then_recalls(results: Path) -> None:
    code, output = run(results)
    assert code == 9
    assert "1 item is undecided" in output.replace("\n", " ")
    items = tuple(item.id for item in attention(Timeline.from_json((results / "timeline.json").read_text("utf-8"))))
    decide(results, lambda before: before.with_decision(Approve(items=items), "Ada"))
    assert run(results, "--second-reviewer")[0] == 9
    code, output = run(results, "--json")
    assert code == 0
    assert '"state": "published"' in output
    assert run(results, "--recall")[0] == 0
    assert run(results, "--recall")[0] == 9
