"""Kept stages: a stopped run goes on from them, and nobody else can read or forge them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discreet.pipeline.cache import StageCache, run_key
from registered import Answers, Consent, Enrolled, Registry, Vault

VAULT = Vault(bytes(range(32)))


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    cache = StageCache(tmp_path / "c", VAULT, "run")
    cache.keep("words", b"My name is Lee")
    assert StageCache(tmp_path / "c", VAULT, "run").load("words", bytes) == b"My name is Lee"


def test_nothing_stands_in_clear(tmp_path: Path) -> None:
    StageCache(tmp_path, VAULT, "run").keep("words", b"My name is Lee")
    assert all(b"Lee" not in file.read_bytes() for file in tmp_path.iterdir())


@pytest.mark.parametrize(("stage", "key"), [("faces", "run"), ("words", "another run")])
def test_a_result_belongs_to_its_stage_and_run(tmp_path: Path, stage: str, key: str) -> None:
    StageCache(tmp_path, VAULT, "run").keep("words", b"x")
    (tmp_path / "words.sealed").rename(tmp_path / f"{stage}.sealed")
    assert StageCache(tmp_path, VAULT, key).load(stage, bytes) is None


def test_damage_costs_the_result_not_the_run(tmp_path: Path) -> None:
    cache = StageCache(tmp_path, VAULT, "run")
    assert cache.load("words", bytes) is None
    cache.keep("words", b"x" * 100)
    file = tmp_path / "words.sealed"
    sealed = file.read_bytes()
    file.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert cache.load("words", bytes) is None
    cache.keep("words", b"not what the reader wants")
    assert cache.load("words", lambda data: int(data)) is None


def test_another_vault_cannot_open_it(tmp_path: Path) -> None:
    StageCache(tmp_path, VAULT, "run").keep("words", b"x")
    assert StageCache(tmp_path, Vault(bytes(32)), "run").load("words", bytes) is None


def test_clear_leaves_nothing(tmp_path: Path) -> None:
    cache = StageCache(tmp_path / "c", VAULT, "run")
    cache.keep("words", b"x")
    cache.clear()
    assert not (tmp_path / "c").exists()


@given(st.dictionaries(st.text(max_size=5), st.integers()), st.dictionaries(st.text(max_size=5), st.integers()))
def test_a_key_tells_runs_apart(a: dict[str, int], b: dict[str, int]) -> None:
    assert (run_key(a) == run_key(b)) == (a == b)


def test_once_somebody_is_forgotten_no_stopped_run_goes_on_and_nothing_opens_what_it_kept(tmp_path: Path) -> None:
    registry = Registry.open(tmp_path / "people", "file")
    registry.add(Enrolled.new("Ann", Consent.granting(Answers())).with_face("sface", np.eye(1, 8, dtype=np.float32)))
    folder = tmp_path / "results" / ".discreet"
    StageCache(folder, registry.stages(), "run").keep("faces", b"templates of Ann")
    again = Registry.open(tmp_path / "people", "file")
    assert StageCache(folder, again.stages(), "run").load("faces", bytes) == b"templates of Ann"
    kept = (folder / "faces.sealed").read_bytes()  # as on a disk that is not plugged in now
    told = again.forget("Ann").lines()
    assert any("stopped runs" in line for line in told)
    for vault in (again.stages(), again.vault, Registry.open(tmp_path / "people", "file").stages()):
        assert StageCache(folder, vault, "run").load("faces", bytes) is None
    assert (folder / "faces.sealed").read_bytes() == kept
