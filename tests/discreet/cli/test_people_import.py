"""``discreet people import``: folders of photos become people, with an answer from each."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from discreet.cli import galleries
from discreet.cli.app import app
from registered import Answers

RUN = CliRunner()


def test_people_import_wants_an_answer_and_takes_one(store, needs, tmp_path: Path) -> None:
    needs(store, "yunet", "sface", "demo-photos")
    (tmp_path / "faces" / "Barack").mkdir(parents=True)
    photo = store.path("demo-photos") / "obama.jpg"
    (tmp_path / "faces" / "Barack" / "1.jpg").write_bytes(photo.read_bytes())
    words = ["people", "import", "--faces", str(tmp_path / "faces"), "--registered", str(tmp_path / "reg"), "--json"]
    refused = RUN.invoke(app, words)
    assert (refused.exit_code, json.loads(refused.stdout)["error"]) == (6, "nobody said what 1 of 1 people agree to")
    done = RUN.invoke(app, [*words, "--consent", "seen"])
    assert (done.exit_code, json.loads(done.stdout)[0]["faces"]) == (0, 1)
    none = RUN.invoke(app, ["people", "import", "--json"])
    assert (none.exit_code, json.loads(none.stdout)["error"]) == (3, "neither --faces nor --voices is given")


def test_in_a_terminal_each_question_is_asked_and_no_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def confirm(text: str, default: bool, err: bool) -> bool:
        asked.append(text)
        return default or "seen" in text

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "confirm", confirm)
    ask = galleries.asker(None, purpose="class")
    assert ask is not None
    consent = ask("Ann")
    assert (consent.answers(), consent.purpose, len(asked)) == (Answers(seen=True), "class", 4)


def test_without_a_terminal_and_an_answer_nobody_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert galleries.asker(None) is None
