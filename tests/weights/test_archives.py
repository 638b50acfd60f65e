"""Members come out as bytes; nothing an archive says becomes a path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import ModelError
from weights import Downloader, Store
from weights.archives import open_members, reading
from weights.errors import SourceError

EVIL = ["../../evil", "/tmp/evil", "a/../../evil", "..\\evil", "C:\\evil"]


@pytest.mark.parametrize("kind", ["whl", "tar.gz"])
def test_hostile_names_beside_the_wanted_member_touch_nothing(
    tmp_path: Path, server: Any, world: Any, quick: Downloader, kind: str
) -> None:
    members = dict.fromkeys(EVIL, b"evil") | {"a.bin": b"good"}
    bundle = world.make_zip(members) if kind == "whl" else world.make_tar(members)
    server.project("pkg", f"pkg-1.{kind}", bundle)
    listed = world.manifest(
        world.model(
            files=[world.file("a.bin", b"good")], sources=[{"kind": "archive", "archive": "pkg", "member": "a.bin"}]
        ),
        archives={"pkg": world.archive("pypi:pkg==1", f"pkg-1.{kind}", bundle)},
    )
    root = tmp_path / "deep" / "store"
    Store(root, listed, local=[]).fetch(["m"], downloader=quick)
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and p.read_bytes() == b"evil"]
    assert not Path("/tmp/evil").exists()


@pytest.mark.parametrize("name", EVIL)
def test_a_manifest_may_not_name_a_path_outside(world: Any, name: str) -> None:
    source = {"kind": "archive", "archive": "pkg", "member": "a"}
    with pytest.raises(ValueError, match="plain relative path"):
        world.manifest(world.model(files=[world.file(name, b"x")], sources=[source]))
    with pytest.raises(ValueError, match="plain relative path"):
        world.manifest(world.model(files=[world.file("a", b"x")], sources=[source | {"member": name}]))


def test_a_link_is_no_member(tmp_path: Path, world: Any) -> None:
    archive = tmp_path / "a"
    archive.write_bytes(world.make_tar({}, links={"a.bin": "/etc/hostname"}))
    with pytest.raises(SourceError, match="does not hold"):
        list(open_members(archive, "a.tar.gz", ["a.bin"]))


@pytest.mark.parametrize("name", ["a.whl", "a.zip", "a.tar.gz"])
@given(data=st.binary(max_size=200))
def test_rubbish_is_called_damaged_or_empty(tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes) -> None:
    archive = tmp_path_factory.mktemp("rubbish") / "a"
    archive.write_bytes(data)
    with pytest.raises(SourceError):
        list(open_members(archive, name, ["a.bin"]))


def test_a_truncated_archive_is_damaged(tmp_path: Path, world: Any) -> None:
    whole = world.make_tar({"a.bin": world.blob(100_000)})
    archive = tmp_path / "a"
    archive.write_bytes(whole[: len(whole) // 2])

    def read() -> None:
        with reading("a.tar.gz"):
            for _, stream in open_members(archive, "a.tar.gz", ["a.bin"]):
                stream.read()

    with pytest.raises(SourceError, match="damaged"):
        read()


def test_a_member_that_unpacks_to_more_than_listed_is_cut_short(
    tmp_path: Path, server: Any, world: Any, quick: Downloader
) -> None:
    bomb = world.make_zip({"a.bin": b"0" * 50_000_000})
    server.project("pkg", "pkg-1.whl", bomb)
    listed = world.manifest(
        world.model(
            files=[world.file("a.bin", b"0" * 1000)], sources=[{"kind": "archive", "archive": "pkg", "member": "a.bin"}]
        ),
        archives={"pkg": world.archive("pypi:pkg==1", "pkg-1.whl", bomb)},
    )
    with pytest.raises(ModelError, match="larger than the 1000 bytes"):
        Store(tmp_path, listed, local=[]).fetch(["m"], downloader=quick)


def test_an_unknown_kind_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="neither"):
        list(open_members(tmp_path / "a", "a.rar", ["x"]))
