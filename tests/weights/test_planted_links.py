"""Fetching writes through no link, whatever name somebody planted in a store that others may write into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from written_files import Writes, watched

from timeline import OutputError
from weights import Downloader, Store


def fetch(root: Path, server: Any, world: Any, quick: Downloader) -> Writes:
    """A file whose download breaks off once, and one out of an archive; what was written meanwhile."""
    data, packed = world.blob(900_000), world.blob(200_000, 2)
    archive = world.make_zip({"in/b.onnx": packed})
    server.files["/a.onnx"] = data
    server.cut["/a.onnx"] = [300_000]
    server.project("pkg", "pkg-1.0.whl", archive)
    url = [{"kind": "url", "url": f"{server.url}/{{name}}"}]
    inside = [{"kind": "archive", "archive": "pkg", "member": "in/{name}"}]
    manifest = world.manifest(
        world.model(id="a", files=[world.file("a.onnx", data)], sources=url),
        world.model(id="b", files=[world.file("b.onnx", packed)], sources=inside),
        archives={"pkg": world.archive("pypi:pkg==1.0", "pkg-1.0.whl", archive)},
    )
    store = Store(root, manifest, local=[])
    with watched(root) as writes:
        store.fetch(["a", "b"], downloader=quick)
    assert store.path("a").read_bytes() == data
    assert store.path("b").read_bytes() == packed
    return writes


def test_a_store_is_written_through_no_link(tmp_path: Path, server: Any, world: Any, quick: Downloader) -> None:
    writes = fetch(tmp_path / "a", server, world, quick)
    assert [each for each in writes.opened if not each.safe] == []
    (tmp_path / "victims").mkdir()
    victims = []
    for number, path in enumerate(sorted([*writes.files, *writes.folders])):
        link, victim = tmp_path / "b" / path.relative_to(tmp_path / "a"), tmp_path / "victims" / str(number)
        if path == tmp_path / "a" or any(above.is_symlink() for above in link.parents) or link.parent.name in "ab":
            continue
        if path in writes.folders:
            victim.mkdir()
        victim = victim / "mine" if victim.is_dir() else victim
        victim.write_text("precious")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(victim.parent if victim.name == "mine" else victim)
        victims.append(victim)
    assert victims
    for lock in (tmp_path / "b" / ".locks").glob("*.lock"):
        with pytest.raises(OutputError, match="is a link"):
            fetch(tmp_path / "b", server, world, quick)
        lock.unlink()
    fetch(tmp_path / "b", server, world, quick)
    for victim in victims:
        assert victim.read_text() == "precious"
        assert victim.name != "mine" or [each.name for each in victim.parent.iterdir()] == ["mine"]
