"""Words: private ones in the text need a look, and one heard where it was redacted is red."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from discreet.redteam.target import Session, Target
from discreet.redteam.words import private_words, redacted_words
from tests.discreet.redteam.conftest import document
from timeline import Timeline, Word

WORDS = [
    {"start": 0.0, "end": 0.4, "text": "Hello", "person": "p1"},
    {"start": 0.4, "end": 0.8, "text": "[PERSON]", "person": "p1", "redaction": "r1"},
    {"start": 1.0, "end": 1.4, "text": "Okonkwo", "person": "p2"},
]
REDACTION = {"id": "r1", "kind": "word", "start": 0.4, "end": 0.8, "operator": "beep", "reason": "a name"}
SAID = document([(0.0, 1.0, "p1"), (1.0, 2.0, "p2")], words=WORDS, redactions=[REDACTION])


@dataclass
class Found:
    score: float


def find(text: str) -> list[Found]:
    assert "PERSON" not in text, "placeholders are not attacked"
    return [Found(0.9)] if "Okonkwo" in text else [Found(0.1)]


def test_what_is_private_in_the_text_is_shown_to_a_person(results: Callable[[str, Timeline], Target]) -> None:
    attacked = private_words([results("r", SAID)], find)
    assert (attacked.light, attacked.trials, attacked.places) == ("amber", 2, ("r/r, 1.0 s",))
    assert private_words([results("r", document([(0.0, 1.0, "p1")]))], find).light == "grey"


def test_a_word_that_is_heard_where_one_was_redacted_is_red(results: Callable[[str, Timeline], Target]) -> None:
    target = results("r", SAID)
    assert redacted_words([target], lambda _: []).light == "grey", "there is no recording"
    session = target.sessions[0]
    there = Target(target.folder, False, (Session("r", session.folder, SAID, session.folder / "safe.mp4"),))
    heard = [Word(start=0.35, end=0.75, text="Ann")]
    assert redacted_words([there], lambda _: heard).places == ("r/r, 0.4 s",)
    assert redacted_words([there], lambda _: [Word(start=0.0, end=0.4, text="Hello")]).light == "green"
