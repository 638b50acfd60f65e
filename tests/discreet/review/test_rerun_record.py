"""What a review needs is kept sealed, belongs to one result, and goes when it is no longer needed."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from discreet.config.settings import Settings
from discreet.review import KeptStages, RerunRecord, earlier_recording, keep_record, record_of
from discreet.review.rerun_record import drop, kept_settings, leads_of
from registered import Registry
from timeline import Timeline

RUN = "12" * 32
RECORD = RerunRecord(run=RUN, recording="/somewhere/secret-name.mp4", settings={"deny": ["heron"]}, leads={"t1": 0.02})


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry.open(tmp_path / "people", "file")


def cache(folder: Path) -> Path:
    folder.mkdir()
    (folder / "words.sealed").write_bytes(b"sealed words")
    (folder / "plan.sealed").write_bytes(b"sealed plan")
    return folder


def files(registry: Registry) -> list[Path]:
    return [path for path in (registry.folder / "reviews").rglob("*") if path.is_file()]


def test_a_record_comes_back_and_shows_nothing_to_others(registry: Registry, timeline: Timeline) -> None:
    assert record_of(registry, timeline) is None
    keep_record(registry, timeline, RECORD)
    assert record_of(registry, timeline) == RECORD
    assert leads_of(registry, timeline) == {"t1": 0.02}
    (path,) = files(registry)
    assert b"secret-name" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "heron" not in repr(RECORD)


def test_a_record_of_another_result_does_not_open(registry: Registry, timeline: Timeline) -> None:
    keep_record(registry, timeline, RECORD)
    later = timeline.model_copy(update={"provenance": timeline.provenance.model_copy(update={"created": "later"})})
    assert record_of(registry, later) is None
    assert leads_of(registry, later) == {}


def test_stages_are_taken_in_and_laid_out_as_they_were(registry: Registry, tmp_path: Path) -> None:
    kept = KeptStages(registry, RUN)
    kept.take_in(cache(tmp_path / "one"))
    (tmp_path / "out").mkdir()
    kept.lay_out(tmp_path / "out" / "stages")
    assert {p.name: p.read_bytes() for p in (tmp_path / "out" / "stages").iterdir()} == {
        "words.sealed": b"sealed words",
        "plan.sealed": b"sealed plan",
    }


def test_stages_of_another_run_are_not_laid_out(registry: Registry, tmp_path: Path) -> None:
    KeptStages(registry, RUN).take_in(cache(tmp_path / "one"))
    KeptStages(registry, "34" * 32).lay_out(tmp_path / "stages")
    assert not (tmp_path / "stages").exists()


def test_stages_that_a_later_run_does_not_have_go(registry: Registry, tmp_path: Path) -> None:
    kept = KeptStages(registry, RUN)
    kept.take_in(cache(tmp_path / "one"))
    (tmp_path / "one" / "plan.sealed").unlink()
    kept.take_in(tmp_path / "one")
    assert [path.name for path in kept.folder.iterdir()] == ["words.sealed"]


def test_dropping_leaves_nothing(registry: Registry, timeline: Timeline, tmp_path: Path) -> None:
    KeptStages(registry, RUN).take_in(cache(tmp_path / "one"))
    keep_record(registry, timeline, RECORD)
    assert drop(registry, timeline)
    assert files(registry) == []
    assert not drop(registry, timeline)


def test_a_result_in_the_place_of_another_takes_over_or_clears(
    registry: Registry, timeline: Timeline, tmp_path: Path
) -> None:
    KeptStages(registry, RUN).take_in(cache(tmp_path / "one"))
    keep_record(registry, timeline, RECORD)
    again = timeline.model_copy(update={"provenance": timeline.provenance.model_copy(update={"created": "again"})})
    keep_record(registry, again, RECORD, timeline)
    assert record_of(registry, timeline) is None
    assert len(files(registry)) == 3  # the stages are those of the run, and stay
    other = timeline.model_copy(update={"provenance": timeline.provenance.model_copy(update={"created": "other"})})
    keep_record(registry, other, RECORD.model_copy(update={"run": "34" * 32}), again)
    assert len(files(registry)) == 1


def test_an_earlier_recording_is_used_only_as_it_was_written(
    registry: Registry, timeline: Timeline, tmp_path: Path
) -> None:
    safe, target = tmp_path / "safe.mp4", tmp_path / "staging.mp4"
    safe.write_bytes(b"masked")
    record = RECORD.model_copy(update={"safe_sha256": hashlib.sha256(b"masked").hexdigest(), "mark": "m"})
    keep_record(registry, timeline, record)
    found = earlier_recording(registry, RUN, timeline, safe, target)
    assert found.earlier is not None
    assert (found.earlier.read_bytes(), found.mark) == (b"masked", "m")
    found.earlier.unlink()
    assert earlier_recording(registry, "34" * 32, timeline, safe, target).earlier is None
    assert earlier_recording(registry, RUN, None, safe, target).earlier is None
    safe.write_bytes(b"shows faces")
    assert earlier_recording(registry, RUN, timeline, safe, target).earlier is None
    safe.unlink()
    assert earlier_recording(registry, RUN, timeline, safe, target).earlier is None
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


def test_what_nobody_set_stays_unset_so_that_a_model_brings_its_own_thresholds() -> None:
    chosen = Settings.model_validate({"vision": {"recognise": {"recogniser": "arcface"}}, "redaction": {"deny": ["x"]}})
    again = Settings.model_validate(kept_settings(chosen))
    assert again == chosen
    assert again.vision.recognise.model_fields_set == {"recogniser"}
    made = chosen.model_copy(update={"process": chosen.process.model_copy(update={"keep_spool": True})})
    assert Settings.model_validate(kept_settings(made)) == made
