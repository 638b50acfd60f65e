"""Decisions only ever change the results that they were made about."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from capture import MediaInfo
from discreet.config.settings import Settings
from discreet.results import make_document, source_token
from discreet.review import Decisions, Draft, Redact, Span, check_recording, decided
from discreet.review.decision_kinds import Reject, Rename
from discreet.review.decisions_file import DecisionsError, fingerprint
from registered import Registry
from timeline import InputError, Provenance, Timeline

INFO = MediaInfo(Path("x.mp4"), "mp4", 20.0, True, True, width=640, height=360, fps=2.0, sample_rate=16000)
SHA = "12" * 32


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry.open(tmp_path / "people", "file")


@pytest.fixture
def context(registry: Registry) -> Any:
    return SimpleNamespace(registry=registry, settings=Settings())


def source(**sidecars: object) -> Any:
    return SimpleNamespace(
        path=INFO.path, info=INFO, sha256=SHA, sidecars=SimpleNamespace(**sidecars) if sidecars else None
    )


def base(found: Draft) -> Timeline:
    facts = (found.faces.tracks, found.people, found.plan, Settings().vision.mask.style)
    return make_document(INFO, *facts, Provenance())


def about(found: Draft, context: Any) -> Decisions:
    return Decisions(source=source_token(context.registry, SHA), base=fingerprint(base(found)))


def test_what_was_decided_is_in_the_findings(found: Draft, context: Any) -> None:
    decisions = about(found, context).with_decision(Redact(spans=(Span(start=2, end=2.4),)), "Ada")
    done = decided(decisions, found, source(), context, ())
    assert "[ADDED]" in [word.text for word in done.draft.plan.words]
    assert done.before == base(found)


def test_decisions_about_other_results_are_refused(found: Draft, context: Any) -> None:
    decisions = about(found, context).model_copy(update={"base": "cd" * 16})
    with pytest.raises(DecisionsError, match="other results of this recording"):
        decided(decisions, found, source(), context, ())


def test_what_the_registry_does_not_grant_is_refused(found: Draft, context: Any) -> None:
    decisions = about(found, context).with_decision(Rename(person="p2", name="Anna"), "Ada")
    with pytest.raises(DecisionsError, match="decision d1: nobody of that name"):
        decided(decisions, found, source(), context, ())


def test_a_reason_that_tells_a_private_word_is_refused(found: Draft, context: Any) -> None:
    face = Reject(items=("face-t1",), reason="that is Otto")
    with pytest.raises(DecisionsError, match="holds a private word") as caught:
        decided(about(found, context).with_decision(face, "Ada"), found, source(), context, ())
    assert "Otto" not in str(caught.value)


def test_decisions_about_another_recording_are_refused(found: Draft, context: Any) -> None:
    check_recording(about(found, context), source(), context)
    with pytest.raises(DecisionsError, match="another recording"):
        check_recording(Decisions(source="ab" * 32, base="cd" * 16), source(), context)


def test_a_recording_whose_sealed_sound_is_gone_is_not_made_again(found: Draft, context: Any) -> None:
    check_recording(about(found, context), source(sound_path=Path("x.sound")), context)
    with pytest.raises(InputError, match="sealed sound"):
        check_recording(about(found, context), source(sound_path=None), context)
