"""The key of what stopped runs keep: one until somebody is forgotten, then another; and no forgetting without that."""

import os
from pathlib import Path

import pytest

from registered import Answers, Consent, Enrolled, Registry, SealError, Vault
from registered.stage_key import FILE, destroy, stage_vault
from timeline import OutputError, PeopleError


def ann() -> Enrolled:
    return Enrolled.new("Ann", Consent.granting(Answers()))


def test_one_key_until_somebody_is_forgotten_then_another(registry: Registry) -> None:
    registry.add(ann())
    sealed = registry.stages().seal(b"x")
    assert Registry.open(registry.folder).stages().open_sealed(sealed) == b"x"
    with pytest.raises(SealError):
        registry.vault.open_sealed(sealed)
    registry.forget("Ann")
    assert not (registry.folder / FILE).exists()
    with pytest.raises(SealError):
        registry.stages().open_sealed(sealed)


def test_the_key_is_overwritten_before_it_is_removed_and_lies_sealed(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.stages()
    path = registry.folder / FILE
    before, seen = path.read_bytes(), []
    key = registry.vault.open_sealed(before, b"stages.key")
    assert key not in before
    unlink = Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda self, **kw: (seen.append(self.read_bytes()), unlink(self, **kw))[1])
    assert destroy(registry.folder)
    assert len(seen) == 1
    assert len(seen[0]) == len(before)
    assert seen[0] != before


def test_nobody_is_forgotten_while_the_key_cannot_be_destroyed(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.add(ann())
    registry.stages()

    def refuse(folder: Path) -> bool:
        raise OutputError(f"{folder / FILE} cannot be removed", "remove it by hand")

    monkeypatch.setattr("registered.registry.destroy", refuse)
    with pytest.raises(OutputError):
        registry.forget("Ann")
    assert registry.get("Ann").name == "Ann"


def test_whom_nobody_knows_costs_no_stopped_run_anything(registry: Registry) -> None:
    sealed = registry.stages().seal(b"x")
    with pytest.raises(PeopleError):
        registry.forget("Nobody")
    assert registry.stages().open_sealed(sealed) == b"x"


def test_a_damaged_key_and_a_folder_that_cannot_be_written_cost_no_run(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = Vault(bytes(32))
    (registry.folder / FILE).write_bytes(b"no key")
    made = stage_vault(registry.folder, vault)
    assert made.open_sealed(stage_vault(registry.folder, vault).seal(b"x")) == b"x"
    destroy(registry.folder)

    def full(path: Path, data: bytes) -> None:
        raise OutputError(f"{path} cannot be written: {os.strerror(28)}", "free some disk space")

    monkeypatch.setattr("registered.stage_key.write_private", full)
    alone = stage_vault(registry.folder, vault)
    assert alone.open_sealed(alone.seal(b"x")) == b"x"
    with pytest.raises(SealError):
        stage_vault(registry.folder, vault).open_sealed(alone.seal(b"x"))
