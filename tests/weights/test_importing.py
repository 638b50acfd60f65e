"""A model is brought from files of the user's own, whatever they are called; only the right ones count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from timeline import ModelError
from weights import Store, default_manifest
from weights.importing import import_model

ONE, OTHER = b"a" * 100, b"b" * 100


@pytest.fixture
def store(tmp_path: Path, world: Any) -> Store:
    source = [{"kind": "url", "url": "http://127.0.0.1:9/{name}"}]
    files = [world.file("a.bin", ONE), world.file("sub/b.bin", OTHER)]
    terms = {"id": "CC-BY-NC-4.0", "commercial": False}
    listed = world.manifest(world.model("two", folder=True, files=files, sources=source, licence=terms))
    return Store(tmp_path / "w", listed, local=[])


def mine(tmp_path: Path, *contents: bytes) -> list[Path]:
    out = []
    for n, content in enumerate(contents):
        out.append(tmp_path / f"Download ({n}).tmp")
        out[-1].write_bytes(content)
    return out


def test_files_are_known_by_their_hash_and_stay_where_they_are(tmp_path: Path, store: Store) -> None:
    given = mine(tmp_path, OTHER, ONE)
    fetched, vouched = import_model(store, "two", given, accept={"two"})
    assert (store.path("two") / "sub" / "b.bin").read_bytes() == OTHER
    assert not (store.path("two") / "a.bin").is_symlink()
    assert set(fetched.sources) == {"a.bin", "sub/b.bin"}
    assert vouched == "", "the manifest vouches for these"
    assert [path.read_bytes() for path in given] == [OTHER, ONE]


def test_another_file_is_refused_and_both_hashes_are_said(tmp_path: Path, store: Store, world: Any) -> None:
    with pytest.raises(ModelError, match=world.sha(b"c")) as caught:
        import_model(store, "two", mine(tmp_path, b"c"), accept={"two"})
    assert world.sha(ONE) in caught.value.remedy
    assert not store.has("two")


def test_a_licence_is_accepted_here_too(tmp_path: Path, store: Store) -> None:
    with pytest.raises(ModelError, match="licence not accepted"):
        import_model(store, "two", mine(tmp_path, ONE, OTHER))
    assert not store.has("two")


def test_what_cannot_be_read_or_is_one_too_many_is_said(tmp_path: Path) -> None:
    store = Store(tmp_path / "w", default_manifest(), local=[])
    with pytest.raises(ModelError, match="cannot be read"):
        import_model(store, "talknet", [tmp_path / "absent"])
    with pytest.raises(ModelError, match="made of one file") as caught:
        import_model(store, "talknet", mine(tmp_path, ONE, OTHER))
    assert caught.value.remedy == "discreet weights import talknet FILE"
