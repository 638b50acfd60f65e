"""The files of enrolled people: what can be trusted is read, everything else is reported, and nothing is lost."""

from pathlib import Path

import pytest

from registered.consent import Answers, Consent
from registered.people import Enrolled
from registered.record_files import RecordFiles
from registered.registry import Registry


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    made = Registry.open(tmp_path, "file")
    for name in ("Zoë", "anna", "Ben"):
        made.add(Enrolled.new(name, Consent.granting(Answers(), purpose="test")))
    return made


def files(registry: Registry) -> RecordFiles:
    return RecordFiles(registry.folder, registry.vault, registry._index)


def test_everybody_is_read_by_name(registry: Registry) -> None:
    people, damaged = files(registry).scan()
    assert [person.name for person in people] == ["anna", "Ben", "Zoë"]
    assert not damaged


def test_files_that_are_no_records_are_left_alone(registry: Registry) -> None:
    (registry.folder / "notes.person").write_text("mine")
    (registry.folder / "p-short.person").write_text("mine")
    assert len(files(registry).files()) == 3


@pytest.mark.parametrize("change", ["cut", "removed", "exchanged"])
def test_a_record_that_cannot_be_trusted_is_reported_with_a_remedy(registry: Registry, change: str) -> None:
    one, other = (files(registry).path(registry.get(name).id) for name in ("anna", "Ben"))
    if change == "cut":
        one.write_bytes(one.read_bytes()[:-1])
    elif change == "removed":
        one.unlink()
    else:
        one.write_bytes(other.read_bytes())
    people, damaged = files(registry).scan()
    assert [person.name for person in people] == ["Ben", "Zoë"]
    assert [broken.path for broken in damaged] == [one]
    assert "accept-backup" in damaged[0].remedy
    assert damaged[0].id in damaged[0].remedy


def test_every_record_has_a_hash_of_its_own(registry: Registry) -> None:
    assert len(set(files(registry).hashes().values())) == 3
