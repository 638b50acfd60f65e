"""The bench of kills sees what lies in clear, is empty, or is only half there."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from evaluation.runs.compare_results import compare_folders
from evaluation.runs.kills import PRIVATE, SEALED, STORED, Run, done_again, kill_process, packed, state


def test_what_is_sealed_cannot_be_packed_and_sound_can(tmp_path: Path) -> None:
    (tmp_path / "sealed").write_bytes(os.urandom(50_000))
    (tmp_path / "clear").write_bytes(bytes(range(100)) * 500)
    assert packed(tmp_path / "sealed") >= SEALED > packed(tmp_path / "clear")


def test_a_folder_is_searched_with_all_that_is_hidden_in_it(tmp_path: Path) -> None:
    assert state(tmp_path / "none") == {"files": 0, "empty": 0, "half": 0, "clear": 0}
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "a").write_bytes(b"the " + PRIVATE[0].title())
    (tmp_path / ".hidden" / "b").write_bytes(b"")
    assert state(tmp_path) == {"files": 2, "empty": 1, "half": 0, "clear": 1}
    (tmp_path / "safe.mp4").write_bytes(b"x")
    assert state(tmp_path)["half"] == 1
    for name in ("timeline.json", "report.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert state(tmp_path)["half"] == 0


def run(finished: str = "", kept: str = "") -> Run:
    return Run(-9, 1.0, tuple(finished.split()), tuple(kept.split()))


def test_a_stored_stage_that_is_done_again_counts_and_one_that_was_cut_off_does_not() -> None:
    assert (
        done_again([run("speakers faces"), run("faces words", "speakers"), run("proof", "speakers faces words")]) == 0
    )
    assert done_again([run("speakers faces"), run("speakers faces words")]) == 1
    assert done_again([run("speakers faces"), run(), run("speakers", "")]) == 1
    assert done_again([run("speech render"), run("speech render")]) == 0, "these are never stored"


@pytest.mark.slow
@pytest.mark.models
def test_a_killed_run_goes_on_where_it_was_and_gives_the_same(tmp_path: Path, store, needs) -> None:  # type: ignore[no-untyped-def]
    needs(store, "demo-clip", "yunet", "sface", "kokoro", "whisper-base", "segmentation-3.0", "spacy-en-sm")
    clip, people = store.path("demo-clip"), tmp_path / "people"
    whole = kill_process(clip, tmp_path / "first", people, None)
    assert whole.code == 0
    # Not after some seconds: on a busy machine the run that nobody stops may take twice as long as this one.
    runs = [kill_process(clip, tmp_path / "out", people, None, after="words")]
    assert runs[0].code == -signal.SIGKILL
    assert state(tmp_path / "out")["half"] == 0
    runs.append(kill_process(clip, tmp_path / "out", people, None))
    assert runs[-1].code == 0
    assert done_again(runs) == 0
    # The proof is taken up as a part of the plan, which is not announced.
    assert set(runs[-1].kept) >= STORED.intersection(runs[0].finished[:-1]) - {"proof"}
    assert [str(row) for row in compare_folders("out", tmp_path / "first", tmp_path / "out") if row.differences] == []
    print("killed after", runs[0].finished, "taken up", runs[-1].kept)
