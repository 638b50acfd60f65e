"""What a review offers depends on the result and on what lies beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.cli.review_offer import ReviewOffer
from discreet.config.settings import Settings
from discreet.progress import Quiet
from discreet.review import RerunRecord, decide, keep_record
from discreet.review.decision_kinds import Approve, Confirm
from discreet.review.decisions_file import DecisionsError
from discreet.review.server import Lifetime, ReviewFolder
from registered import Registry
from timeline import InputError, Provenance, Recording, Timeline

LIFE = Lifetime(lambda: 0.0, 60.0)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    return Registry.open(None)


def results(folder: Path, source: str = "ab" * 32) -> ReviewFolder:
    timeline = Timeline(recording=Recording(duration=2.0), provenance=Provenance(source=source, created="now"))
    folder.mkdir()
    (folder / "timeline.json").write_text(timeline.to_json(), encoding="utf-8")
    (folder / "safe.m4a").write_bytes(b"x")
    return ReviewFolder.open(folder)


def test_results_that_name_their_recording_can_be_decided_about(registry: Registry, tmp_path: Path) -> None:
    offered = ReviewOffer(results(tmp_path / "r"), registry, "Ann")(LIFE)
    assert offered.deciding is not None
    assert offered.deciding.reviewer == "Ann"
    assert offered.can()["decide"]
    assert offered.can()["change"]


def test_results_of_an_earlier_version_can_be_looked_at_only(registry: Registry, tmp_path: Path) -> None:
    assert not any(ReviewOffer(results(tmp_path / "r", source=""), registry)(LIFE).can().values())


def test_decisions_of_another_recording_refuse_the_review(registry: Registry, tmp_path: Path) -> None:
    folder = results(tmp_path / "r")
    decide(folder.path, lambda d: d.with_decision(Confirm(), "Ann"))
    path = folder.path / "decisions.json"
    path.write_text(path.read_text().replace("ab" * 32, "cd" * 32))
    with pytest.raises(DecisionsError, match="another recording"):
        ReviewOffer(folder, registry)(LIFE)


def test_results_are_published_once_everything_is_decided(registry: Registry, tmp_path: Path) -> None:
    made = ReviewOffer(results(tmp_path / "r"), registry, "Ann")
    offered = made(LIFE)
    assert offered.publish is not None
    assert not made.published()
    offered.publish()
    assert made.published()
    decide(made.folder.path, lambda d: d.with_decision(Approve(items=("r1",)), "Ann"))
    assert not made.published(), "what was decided since is not published"


def test_results_are_made_again_only_where_their_run_kept_what_that_needs(registry: Registry, tmp_path: Path) -> None:
    folder = results(tmp_path / "r")
    assert not ReviewOffer(folder, registry)(LIFE).can()["render"]
    record = RerunRecord(
        run="12" * 32, recording=str(tmp_path / "gone.mp4"), settings=Settings().model_dump(mode="json")
    )
    keep_record(registry, folder.timeline, record)
    offered = ReviewOffer(folder, registry)(LIFE)
    assert offered.render is not None
    before = (folder.path / "timeline.json").read_bytes()
    with pytest.raises(InputError, match=r"gone\.mp4"):
        offered.render(Quiet())  # type: ignore[arg-type]
    assert (folder.path / "timeline.json").read_bytes() == before


def test_without_the_sealed_sound_nothing_is_offered_that_needs_it(registry: Registry, tmp_path: Path) -> None:
    folder = results(tmp_path / "r")
    facts = {"run": "12" * 32, "recording": "x.mp4", "settings": Settings().model_dump(mode="json"), "again": False}
    keep_record(registry, folder.timeline, RerunRecord.model_validate(facts))
    can = ReviewOffer(folder, registry)(LIFE).can()
    assert (can["decide"], can["publish"], can["render"], can["enrol"]) == (True, True, False, False)
    assert not can["change"]
