"""The gate for results: what is skipped is said, and whoever cannot be read is a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.config.settings import load
from discreet.results.folder import EXPORTS, REPORT, TIMELINE
from discreet.results.report import report_text
from discreet.share.checks.results import UNHEARD, UNSEEN, gated
from registered import Answers, Consent, Enrolled, Registry
from timeline import InputError, Recording, Timeline

SETTINGS = load(None, [])


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry.open(tmp_path / "registry", "file")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    timeline = Timeline(recording=Recording(duration=2.0))
    for name, make in {**EXPORTS, TIMELINE: Timeline.to_json, REPORT: report_text}.items():
        (tmp_path / "results" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "results" / name).write_text(make(timeline), encoding="utf-8")
    return tmp_path / "results"


def test_what_is_skipped_is_said(folder: Path, registry: Registry) -> None:
    assert gated(folder, registry, SETTINGS, listen=False, look=False) == ([], (UNSEEN, UNHEARD))


def test_without_a_recording_no_model_is_needed(folder: Path, registry: Registry) -> None:
    found, not_checked = gated(folder, registry, SETTINGS)
    assert (found, UNSEEN in not_checked) == ([], False)


def test_a_record_that_cannot_be_read_is_a_finding(folder: Path, registry: Registry) -> None:
    person = registry.add(Enrolled.new("Bo", Consent.granting(Answers())))
    (registry.folder / f"{person.id}.person").write_bytes(b"damaged")
    (found,) = gated(folder, registry, SETTINGS, listen=False, look=False)[0]
    assert "face and voice were not looked for" in found.reason


def test_what_is_no_folder_is_told(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(InputError):
        gated(tmp_path / "none", registry, SETTINGS)
