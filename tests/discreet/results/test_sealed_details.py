"""The whole document of a result stays with the registry, sealed, and goes when somebody is forgotten."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from discreet.results import details, source_token
from discreet.results.sealed_details import keep_details
from registered import Consent, Enrolled, Registry, parse_answers
from timeline import OutputError, Provenance, Recording, Timeline, Track, public_form

HASH = "a" * 64


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    registry = Registry.open(tmp_path / "people")
    registry.add(Enrolled.new("Ann", Consent.granting(parse_answers("all"))))
    return registry


def result(registry: Registry, created: str = "2026-01-01") -> Timeline:
    return Timeline(
        recording=Recording(duration=9),
        tracks=[Track(id="t1", start=0, end=1, boxes=[(0, 1, 2, 3, 4)])],
        provenance=Provenance(created=created, source=source_token(registry, HASH), source_sha256=HASH),
    )


def test_the_public_form_leads_to_the_whole_document(registry: Registry) -> None:
    for created in ("2026-01-01", "2026-01-02"):
        keep_details(registry, result(registry, created))
    assert details(registry, public_form(result(registry, "2026-01-02"))) == result(registry, "2026-01-02")
    assert details(registry, public_form(result(registry, "2026-01-03"))) is None


def test_it_is_sealed_and_its_names_tell_nothing(registry: Registry) -> None:
    keep_details(registry, result(registry))
    (path,) = (registry.folder / "results").iterdir()
    assert b"boxes" not in path.read_bytes()
    assert HASH not in path.name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_was_changed_or_exchanged_is_not_taken(registry: Registry) -> None:
    keep_details(registry, result(registry))
    (path,) = (registry.folder / "results").iterdir()
    keep_details(registry, result(registry, "2026-01-02"))
    (other,) = set((registry.folder / "results").iterdir()) - {path}
    other.replace(path)
    assert details(registry, public_form(result(registry))) is None
    path.write_bytes(b"x" * 99)
    assert details(registry, public_form(result(registry))) is None


def test_it_goes_when_somebody_is_forgotten(registry: Registry) -> None:
    keep_details(registry, result(registry))
    registry.forget("Ann")
    assert details(registry, public_form(result(registry))) is None


def test_only_the_owner_can_tell_which_recording_it_was(registry: Registry, tmp_path: Path) -> None:
    assert source_token(registry, HASH) == source_token(registry, HASH) != source_token(registry, "b" * 64)
    assert source_token(registry, HASH) != source_token(Registry.open(tmp_path / "others"), HASH)


def test_it_is_kept_in_no_folder_that_is_a_link(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (registry.folder / "results").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="is a link"):
        keep_details(registry, result(registry))
    assert list((tmp_path / "elsewhere").iterdir()) == []
