"""The file is read and written safely: never through a link, for its owner alone, and only for its own recording."""

from __future__ import annotations

import fcntl
import os
import stat
from pathlib import Path

import pytest

from discreet.review import Decisions, decide, decisions_of, read_decisions
from discreet.review.decision_kinds import Approve
from discreet.review.decisions_file import DECISIONS, DecisionsError, fresh, write_decisions
from timeline import ExitCode, InputError, OutputError, Timeline


def approved(decisions: Decisions) -> Decisions:
    return decisions.with_decision(Approve(items=("r3",)), "Ada")


def test_results_that_nobody_looked_at_have_no_decisions(results: Path, timeline: Timeline) -> None:
    assert decisions_of(results) == (timeline, fresh(timeline))


def test_what_was_decided_is_there_after_a_restart(results: Path) -> None:
    after = decide(results, approved)
    assert decisions_of(results)[1] == after == read_decisions(results)
    assert stat.S_IMODE((results / DECISIONS).stat().st_mode) == 0o600


def test_the_results_themselves_stay_as_they_are(results: Path) -> None:
    before = (results / "timeline.json").read_bytes()
    decide(results, approved)
    assert (results / "timeline.json").read_bytes() == before
    assert sorted(path.name for path in results.iterdir()) == [DECISIONS, "timeline.json"]


def test_a_file_of_another_recording_is_refused_with_one_line(results: Path) -> None:
    write_decisions(results, Decisions(source="cd" * 32, base="cd" * 16))
    with pytest.raises(DecisionsError, match="belongs to another recording") as caught:
        decisions_of(results)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code is ExitCode.USAGE


def test_results_that_do_not_name_their_recording_cannot_be_reviewed(timeline: Timeline) -> None:
    unnamed = timeline.model_copy(update={"provenance": timeline.provenance.model_copy(update={"source": ""})})
    with pytest.raises(DecisionsError, match="do not say which recording"):
        fresh(unnamed)


def test_a_planted_link_is_neither_read_nor_written_through(results: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("stays", encoding="utf-8")
    (results / DECISIONS).symlink_to(target)
    with pytest.raises(DecisionsError, match="is a link"):
        decide(results, approved)
    write_decisions(results, Decisions(source="ab" * 32, base="cd" * 16))
    assert target.read_text(encoding="utf-8") == "stays"
    assert not (results / DECISIONS).is_symlink()


@pytest.mark.parametrize("text", ["", "{", '{"source":"ab"}', "[]", "null"])
def test_a_damaged_file_is_refused_and_left_alone(results: Path, text: str) -> None:
    (results / DECISIONS).write_text(text, encoding="utf-8")
    with pytest.raises(DecisionsError):
        decide(results, approved)
    assert (results / DECISIONS).read_text(encoding="utf-8") == text


def test_a_file_larger_than_any_review_is_refused(results: Path) -> None:
    with (results / DECISIONS).open("wb") as file:
        file.truncate((16 << 20) + 1)
    with pytest.raises(DecisionsError, match="larger than 16 MB"):
        read_decisions(results)


def test_a_change_that_drops_a_decision_is_refused(results: Path) -> None:
    before = decide(results, approved)
    with pytest.raises(DecisionsError, match="not removed"):
        decide(results, lambda _: Decisions(source=before.source, base=before.base))
    assert read_decisions(results) == before


def test_two_programs_do_not_write_at_the_same_time(results: Path) -> None:
    handle = os.open(results, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(OutputError, match="another program"):
            decide(results, approved)
    finally:
        os.close(handle)


def test_a_folder_without_results_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        decisions_of(tmp_path)
