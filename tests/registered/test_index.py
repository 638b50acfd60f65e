"""The index: no record can be exchanged, deleted or brought back without being noticed, and a crash loses nobody."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from registered import NOBODY, Answers, Consent, Enrolled, Registry
from timeline import OutputError, PeopleError

ALL = Consent.granting(Answers(True, True, True, True))
OUT = Consent.granting(NOBODY)


def record(registry: Registry, name: str) -> Path:
    return registry.folder / f"{registry.get(name).id}.person"


def reopened(registry: Registry) -> Registry:
    return Registry.open(registry.folder)


@pytest.fixture
def ada(registry: Registry) -> Enrolled:
    return registry.add(Enrolled.new("Ada", ALL))


def test_an_old_record_put_back_restores_no_consent(registry: Registry, ada: Enrolled) -> None:
    path = record(registry, "Ada")
    old = path.read_bytes()
    registry.set_consent("Ada", OUT)
    path.write_bytes(old)
    again = reopened(registry)
    assert again.people() == []
    assert again.answers(ada.id) == NOBODY
    assert [(d.id, d.reason) for d in again.damaged()] == [(ada.id, "the record is not the one that was written last")]
    assert not again.answers(None).quoted


def test_the_deleted_record_of_somebody_who_opted_out_is_missed(registry: Registry) -> None:
    person = registry.add(Enrolled.new("Eve", OUT))
    record(registry, "Eve").unlink()
    again = reopened(registry)
    assert [d.id for d in again.damaged()] == [person.id]
    assert not again.answers(None).quoted, "Eve might be any stranger"


def test_the_record_of_somebody_forgotten_does_not_come_back(registry: Registry, ada: Enrolled) -> None:
    path = record(registry, "Ada")
    old = path.read_bytes()
    registry.forget("Ada")
    path.write_bytes(old)
    again = reopened(registry)
    assert again.people() == []
    assert [d.id for d in again.damaged()] == [ada.id]
    again.forget(ada.id)
    assert reopened(registry).damaged() == []


def test_an_old_copy_of_the_whole_folder_is_noticed(registry: Registry, ada: Enrolled, tmp_path: Path) -> None:
    shutil.copytree(registry.folder, tmp_path / "copy")
    registry.set_consent("Ada", OUT)
    shutil.rmtree(registry.folder)
    shutil.copytree(tmp_path / "copy", registry.folder)
    again = reopened(registry)
    assert again.people() == []
    assert "older copy" in again.damaged()[0].reason
    with pytest.raises(PeopleError, match="older copy"):
        again.add(Enrolled.new("Bo"))


@pytest.mark.parametrize("what", ["removed", "damaged", "of another registry"])
def test_without_its_index_nobody_is_recognised(registry: Registry, ada: Enrolled, what: str, tmp_path: Path) -> None:
    index = registry.folder / "index.sealed"
    if what == "removed":
        index.unlink()
    elif what == "damaged":
        index.write_bytes(index.read_bytes()[:-1] + b"x")
    else:
        other = Registry.open(tmp_path / "other")
        other.add(Enrolled.new("Bo", ALL))
        shutil.copy(other.folder / "index.sealed", index)
    again = reopened(registry)
    assert again.people() == []
    assert [d.id for d in again.damaged()] == [ada.id]
    assert not again.answers(None).quoted


def test_an_emptied_folder_is_not_an_empty_registry(registry: Registry, ada: Enrolled) -> None:
    record(registry, "Ada").unlink()
    (registry.folder / "index.sealed").unlink()
    assert reopened(registry).damaged()


def test_a_backup_is_accepted_on_purpose(registry: Registry, ada: Enrolled, tmp_path: Path) -> None:
    shutil.copytree(registry.folder, tmp_path / "copy")
    registry.add(Enrolled.new("Bo"))
    shutil.rmtree(registry.folder)
    shutil.copytree(tmp_path / "copy", registry.folder)
    assert reopened(registry).people() == []
    done = CliRunner().invoke(app, ["people", "accept-backup", "--yes", "--registered", str(registry.folder)])
    assert done.exit_code == 0, done.output
    assert "Ada agrees to: all" in done.output
    again = reopened(registry)
    assert [person.name for person in again.people()] == ["Ada"]
    again.set_consent("Ada", OUT)
    assert reopened(registry).damaged() == []


GONE: dict[str, tuple[str, ...]] = {
    "the count": ("home/state",),
    "the count and the index": ("home/state", "people/index.sealed"),
    "the place of the key": ("people/vault.json",),
    "the place of the key and the index": ("people/vault.json", "people/index.sealed"),
}


@pytest.mark.parametrize("gone", GONE)
def test_an_old_folder_without_its_count_restores_no_consent(
    registry: Registry, ada: Enrolled, gone: str, tmp_path: Path
) -> None:
    shutil.copytree(registry.folder, tmp_path / "copy")
    registry.set_consent("Ada", OUT)
    shutil.rmtree(registry.folder)
    shutil.copytree(tmp_path / "copy", registry.folder)
    for name in GONE[gone]:
        path = tmp_path / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    again = reopened(registry)
    assert again.people() == []
    assert "missing" in again.damaged()[0].reason
    assert not again.answers(None).quoted
    with pytest.raises(PeopleError, match="missing"):
        again.add(Enrolled.new("Bo"))


def test_a_folder_that_moves_to_another_machine_is_accepted_there_on_purpose(
    registry: Registry, ada: Enrolled, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "home" / "state")
    moved = Registry.open(registry.folder.rename(tmp_path / "moved"))
    assert moved.people() == []
    assert [person.name for person in moved.accept_backup()] == ["Ada"]
    assert [person.name for person in reopened(moved).people()] == ["Ada"]
    moved.add(Enrolled.new("Bo"))
    assert reopened(moved).damaged() == []


def test_where_no_count_can_be_kept_nobody_is_enrolled(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "state").write_text("in the way")
    with pytest.raises(OutputError):
        registry.add(Enrolled.new("Ada", ALL))
    assert reopened(registry).people() == []


CHANGES: dict[str, Callable[[Registry], object]] = {
    "add": lambda registry: registry.add(Enrolled.new("Bo", ALL)),
    "withdraw": lambda registry: registry.set_consent("Ada", OUT),
    "rename": lambda registry: registry.rename("Ada", "Adele"),
}


def test_after_a_crash_the_old_record_does_not_pass_for_long(
    registry: Registry, ada: Enrolled, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = record(registry, "Ada")
    old = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(
            "registered.index.Index.settle", lambda *_: (_ for _ in ()).throw(OutputError("the power failed"))
        )
        with pytest.raises(OutputError, match="power"):
            registry.set_consent("Ada", OUT)
    assert reopened(registry).answers(ada.id) == NOBODY
    path.write_bytes(old)
    assert reopened(registry).people() == []


@pytest.mark.parametrize("step", range(4))
@pytest.mark.parametrize("change", CHANGES)
def test_a_crash_between_any_two_writes_loses_nobody(
    registry: Registry, ada: Enrolled, change: str, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registered import index
    from registered import registry as module

    write, left = index.write_private, [step]

    def stops(path: Path, data: bytes) -> None:
        if left[0] == 0:
            raise OutputError("the power failed")
        left[0] -= 1
        write(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(index, "write_private", stops)
        patch.setattr(module, "write_private", stops)
        if step < 3:
            with pytest.raises(OutputError, match="power"):
                CHANGES[change](registry)
        else:
            CHANGES[change](registry)
    again = reopened(registry)
    assert again.damaged() == []
    assert {person.id for person in again.people()} >= {ada.id}
    again.set_consent(ada.id, OUT)
    assert reopened(registry).damaged() == []
    assert reopened(registry).answers(ada.id) == NOBODY


def test_a_person_whose_removal_was_cut_short_is_still_enrolled_and_can_be_forgotten(
    registry: Registry, ada: Enrolled, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops(path: Path) -> bool:
        raise OutputError("the power failed")

    with monkeypatch.context() as patch:
        patch.setattr("registered.registry.shred", stops)
        with pytest.raises(OutputError, match="power"):
            registry.forget("Ada")
    assert reopened(registry).get("Ada").id == ada.id
    reopened(registry).forget("Ada")
    assert reopened(registry).people() == reopened(registry).damaged() == []
