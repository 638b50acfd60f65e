"""``deidentified`` and ``demo``: the recording with its document, or nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sharing.levels import Deidentified, Demo, Included, Session
from tests.sharing.levels.conftest import LEFT_OUT
from timeline import RefusedError, Timeline

TEXTS = {"all.txt": lambda timeline: " ".join(word.text for word in timeline.words)}


def test_document_texts_and_recording_lie_under_the_sessions_pseudonym(session: Session) -> None:
    made = Deidentified(TEXTS).make([replace(session, recording=Path("x/safe.mp4"))])
    token = session.token
    assert made.recordings == {f"{token}/safe.mp4": Path("x/safe.mp4")}
    assert made.texts[f"{token}/all.txt"] == "good morning hello so yes [PERSON]"
    assert Timeline.from_json(made.texts[f"{token}/timeline.json"]) == made.timelines[token]
    assert not any(told in "".join(made.texts.values()) for told in LEFT_OUT)
    assert made.columns


def test_without_a_recording_only_the_texts_leave(session: Session) -> None:
    assert Deidentified(TEXTS).make([session]).recordings == {}


def test_a_demo_is_made_only_if_everybody_agreed(session: Session) -> None:
    with pytest.raises(RefusedError):
        Demo(TEXTS).make([session])
    everybody = replace(session, people={**session.people, "p3": Included("P-CCCCCCCCCCCCC", quoted=True)})
    assert "gone" in Demo(TEXTS).make([everybody]).texts[f"{session.token}/all.txt"]
