"""What a review offers depends on the result and on what lies beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.cli.review_offer import offer
from discreet.review import Confirm, DecisionsError, decide
from discreet.review.server import Lifetime, ReviewFolder
from registered import Registry
from timeline import Provenance, Recording, Timeline

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
    offered = offer(results(tmp_path / "r"), registry, "Ann", LIFE)
    assert offered.deciding is not None
    assert offered.deciding.reviewer == "Ann"
    assert offered.can()["decide"]


def test_results_of_an_earlier_version_can_be_looked_at_only(registry: Registry, tmp_path: Path) -> None:
    assert not any(offer(results(tmp_path / "r", source=""), registry, None, LIFE).can().values())


def test_decisions_of_another_recording_refuse_the_review(registry: Registry, tmp_path: Path) -> None:
    folder = results(tmp_path / "r")
    decide(folder.path, lambda d: d.with_decision(Confirm(), "Ann"))
    path = folder.path / "decisions.json"
    path.write_text(path.read_text().replace("ab" * 32, "cd" * 32))
    with pytest.raises(DecisionsError, match="another recording"):
        offer(folder, registry, None, LIFE)
