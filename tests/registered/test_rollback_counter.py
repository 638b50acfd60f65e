"""The number of changes of a registry outlives its folder, and nothing but its own key opens it."""

from pathlib import Path

import pytest

from registered.keys import KeyPlace
from registered.rollback_counter import FileCounter, KeyringCounter, counter_for, state_folder
from registered.vault import Vault


@pytest.fixture
def counter(tmp_path: Path) -> FileCounter:
    return FileCounter(tmp_path / "state" / "one.count", Vault(bytes(range(32))), "one")


def test_a_count_is_read_back(counter: FileCounter) -> None:
    assert counter.read() is None
    for count in (1, 7, 123_456):
        counter.write(count)
        assert counter.read() == count
    assert counter.path.stat().st_mode & 0o777 == 0o600
    assert b"123456" not in counter.path.read_bytes()


@pytest.mark.parametrize("other", ["key", "registry", "damaged"])
def test_a_count_of_somebody_else_is_none(counter: FileCounter, other: str) -> None:
    counter.write(3)
    if other == "damaged":
        counter.path.write_bytes(counter.path.read_bytes()[:-1])
    vault = Vault(bytes(32)) if other == "key" else counter.vault
    assert FileCounter(counter.path, vault, "two" if other == "registry" else "one").read() is None


def test_the_count_is_kept_where_the_key_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path))
    vault = Vault(bytes(32))
    assert isinstance(counter_for(KeyPlace(id="one", key="keyring"), vault), KeyringCounter)
    beside = counter_for(KeyPlace(id="one", key="file"), vault)
    assert isinstance(beside, FileCounter)
    assert beside.path == state_folder() / "one.count"
    assert beside.path.is_relative_to(tmp_path)
