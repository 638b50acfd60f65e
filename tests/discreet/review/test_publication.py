"""Nothing is published that somebody still has to look at, and nobody else can say that it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.review import (
    PUBLISHED,
    Redact,
    RerunRecord,
    Span,
    decide,
    digest_of,
    keep_record,
    publish,
    recall,
    record_of,
    state_of,
)
from discreet.review.decision_kinds import Approve, Confirm, Decision
from discreet.review.decisions_file import decisions_of
from discreet.review.open_items import attention
from discreet.review.publication import why_not
from registered import Registry
from timeline import ExitCode, InputError, RefusedError, Timeline

RUN = "12" * 32


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry.open(tmp_path / "people", "file")


def by(results: Path, author: str, decision: Decision) -> None:
    decide(results, lambda before: before.with_decision(decision, author))


def approve_all(results: Path, timeline: Timeline, author: str = "Ada") -> None:
    by(results, author, Approve(items=tuple(item.id for item in attention(timeline))))


def test_undecided_items_block_publishing_with_one_line(results: Path, registry: Registry) -> None:
    with pytest.raises(RefusedError, match=r"5 items are undecided; the riskiest at 0\.0 s: A face") as caught:
        publish(results, registry)
    assert caught.value.exit_code is ExitCode.REFUSED
    assert "\n" not in str(caught.value)
    assert not (results / PUBLISHED).exists()


def test_what_was_decided_is_reviewed_then_published_then_recalled(
    results: Path, registry: Registry, timeline: Timeline
) -> None:
    assert state_of(results, registry) == "processed"
    approve_all(results, timeline)
    assert state_of(results, registry) == "reviewed"
    assert publish(results, registry).reviewers == 1
    assert state_of(results, registry) == "published"
    recall(results, registry)
    assert state_of(results, registry) == "recalled"
    with pytest.raises(RefusedError, match="not published"):
        recall(results, registry)


def test_publishing_removes_what_was_kept_for_the_review(results: Path, registry: Registry, timeline: Timeline) -> None:
    keep_record(registry, timeline, RerunRecord(run=RUN, recording="/x", settings={}, leads={"t1": 0.5}))
    approve_all(results, timeline)
    publish(results, registry)
    assert record_of(registry, timeline) is None


def test_a_decision_that_is_not_in_the_results_blocks_publishing(
    results: Path, registry: Registry, timeline: Timeline
) -> None:
    approve_all(results, timeline)
    by(results, "Ada", Redact(spans=(Span(start=9, end=9.4),)))
    with pytest.raises(RefusedError, match="not in the results yet"):
        publish(results, registry)
    made = digest_of(decisions_of(results)[1])
    keep_record(registry, timeline, RerunRecord(run=RUN, recording="/x", settings={}, decisions=made))
    publish(results, registry)


def test_a_decision_after_publishing_needs_publishing_again(
    results: Path, registry: Registry, timeline: Timeline
) -> None:
    approve_all(results, timeline)
    publish(results, registry)
    by(results, "Ada", Redact(spans=(Span(start=9, end=9.4),)))
    assert state_of(results, registry) == "processed"


def test_the_second_reviewer_is_another_person_and_has_the_last_word(
    results: Path, registry: Registry, timeline: Timeline
) -> None:
    def missing() -> bool:
        reason = why_not(*decisions_of(results), registry, second_reviewer=True)
        return reason is not None and "second reviewer" in str(reason)

    approve_all(results, timeline)
    assert missing()
    by(results, " ADA ", Confirm())
    assert missing()
    by(results, "Grace", Confirm())
    assert not missing()
    by(results, "Ada", Approve(items=("r1",)))
    assert missing()
    by(results, "Grace", Confirm())
    publish(results, registry, second_reviewer=True)


def test_nobody_confirms_what_nobody_decided(results: Path, registry: Registry) -> None:
    by(results, "Grace", Confirm())
    assert why_not(*decisions_of(results), registry, second_reviewer=True) is not None


def test_a_state_that_somebody_else_wrote_does_not_count(
    results: Path, registry: Registry, timeline: Timeline, tmp_path: Path
) -> None:
    approve_all(results, timeline)
    publish(results, Registry.open(tmp_path / "others", "file"))
    assert state_of(results, registry) == "reviewed"
    publish(results, registry)
    path = results / PUBLISHED
    path.write_text(path.read_text("utf-8").replace('"reviewers": 1', '"reviewers": 2'), encoding="utf-8")
    assert state_of(results, registry) == "reviewed"


def test_a_state_of_earlier_results_does_not_count(results: Path, registry: Registry, timeline: Timeline) -> None:
    approve_all(results, timeline)
    publish(results, registry)
    later = timeline.model_copy(update={"words": timeline.words[:-1]})
    (results / "timeline.json").write_text(later.to_json(), encoding="utf-8")
    assert state_of(results, registry) == "reviewed"


def test_a_planted_link_is_replaced(results: Path, registry: Registry, timeline: Timeline, tmp_path: Path) -> None:
    (results / PUBLISHED).symlink_to(tmp_path / "precious")
    approve_all(results, timeline)
    publish(results, registry)
    assert not (results / PUBLISHED).is_symlink()
    assert not (tmp_path / "precious").exists()


def test_a_folder_without_results_is_said(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(InputError):
        publish(tmp_path, registry)
