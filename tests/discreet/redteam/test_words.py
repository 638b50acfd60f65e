"""Words: private ones in the text need a look, and one heard where it was redacted is red."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from discreet.redteam.target import Session, Target
from discreet.redteam.words import private_words, redacted_words
from tests.discreet.redteam.conftest import document
from timeline import FloatArray, Timeline, Word

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
    assert redacted_words([target], lambda _: [], lambda _: SPEECH).light == "grey", "there is no recording"
    session = target.sessions[0]
    there = Target(target.folder, False, (Session("r", session.folder, SAID, session.folder / "safe.mp4"),))
    heard = [Word(start=0.35, end=0.75, text="Ann")]
    assert redacted_words([there], lambda _: heard, lambda _: SPEECH).places == ("r/r, 0.4 s",)
    assert (
        redacted_words([there], lambda _: [Word(start=0.0, end=0.4, text="Hello")], lambda _: SPEECH).light == "green"
    )


SECONDS = np.arange(2 * 16_000) / 16_000
SPEECH = (np.random.default_rng(1).normal(size=len(SECONDS)) * 0.02).astype(np.float32)
BEEP = (0.085 * np.sin(2 * np.pi * 1000 * SECONDS)).astype(np.float32)


@pytest.mark.parametrize(
    ("sound", "light"),
    [(BEEP, "green"), (0 * BEEP, "green"), (BEEP + 0.1 * SPEECH, "red"), (SPEECH, "red"), (BEEP[:100], "red")],
    ids=["beep", "silence", "quiet speech below a beep", "speech", "no sound to look at"],
)
def test_a_word_that_is_heard_in_a_mere_beep_or_silence_is_none(
    results: Callable[[str, Timeline], Target], sound: FloatArray, light: str
) -> None:
    target = results("r", SAID)
    folder = target.sessions[0].folder
    there = Target(target.folder, False, (Session("r", folder, SAID, folder / "safe.mp4"),))
    assert redacted_words([there], lambda _: [Word(start=0.3, end=0.9, text="s")], lambda _: sound).light == light
