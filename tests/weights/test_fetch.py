"""Fetching from a server on this machine: whole, resumed, wrong, missing, too large; and from local folders."""

from __future__ import annotations

import errno
import multiprocessing
from pathlib import Path
from typing import Any

import pytest

import weights.files
from timeline import ModelError
from weights import Downloader, Store

COVERS = ("weights.download",)


class Told:
    def __init__(self) -> None:
        self.bytes: list[tuple[str, str, int, int]] = []
        self.notes: list[str] = []

    def bytes_done(self, model: str, name: str, done: int, total: int) -> None:
        self.bytes.append((model, name, done, total))

    def note(self, model: str, text: str) -> None:
        self.notes.append(text)


def url(server: Any, path: str) -> dict[str, str]:
    return {"kind": "url", "url": f"{server.url}{path}"}


def one(world: Any, server: Any, data: bytes, *paths: str) -> Any:
    return world.manifest(
        world.model(files=[world.file("a.onnx", data)], sources=[url(server, path) for path in paths])
    )


def test_a_file_comes_whole_and_is_told_of(tmp_path: Path, server: Any, world: Any, quick: Downloader) -> None:
    data = world.blob(900_000)
    server.files["/a.onnx"] = data
    store = Store(tmp_path / "w", one(world, server, data, "/{name}"), local=[])
    told = Told()
    assert not store.has("m")
    (result,) = store.fetch(["m"], progress=told, downloader=quick)
    assert store.path("m").read_bytes() == data
    assert store.has("m")
    assert result.sources == {"a.onnx": f"{server.url}/a.onnx"}
    assert store.sha256("m") == world.sha(data)
    done = [d for _, _, d, _ in told.bytes]
    assert done == sorted(done)
    assert done[-1] == len(data)
    assert store.fetch(["m"], downloader=quick)[0].sources == {}
    assert len(server.asked) == 1


def test_a_download_that_breaks_off_goes_on_where_it_was(
    tmp_path: Path, server: Any, world: Any, quick: Downloader
) -> None:
    data = world.blob(900_000)
    server.files["/a.onnx"] = data
    server.cut["/a.onnx"] = [300_000, 300_000]
    store = Store(tmp_path, one(world, server, data, "/{name}"), local=[])
    store.fetch(["m"], downloader=quick)
    assert store.path("m").read_bytes() == data
    begins = [0 if asked is None else int(asked[6:-1]) for _, asked in server.asked]
    assert begins == sorted(begins)
    assert len(begins) == 3
    assert begins[1] > 0


def test_a_half_download_of_an_earlier_run_is_resumed(
    tmp_path: Path, server: Any, world: Any, quick: Downloader
) -> None:
    data = world.blob(900_000)
    server.files["/a.onnx"] = data
    server.cut["/a.onnx"] = [400_000, 0, 0]
    store = Store(tmp_path, one(world, server, data, "/{name}"), local=[])
    with pytest.raises(ModelError, match="could not get m"):
        store.fetch(["m"], downloader=quick)
    assert not store.has("m")
    server.cut.clear()
    store.fetch(["m"], downloader=Downloader(pause=0))
    assert store.path("m").read_bytes() == data
    assert server.asked[-1][1] is not None


def test_a_server_that_cannot_resume_starts_over(tmp_path: Path, server: Any, world: Any, quick: Downloader) -> None:
    data = world.blob(900_000)
    server.files["/a.onnx"] = data
    server.ranges = False
    server.cut["/a.onnx"] = [300_000]
    store = Store(tmp_path, one(world, server, data, "/{name}"), local=[])
    store.fetch(["m"], downloader=quick)
    assert store.path("m").read_bytes() == data


def test_a_wrong_file_is_refused_and_the_next_source_asked(
    tmp_path: Path, server: Any, world: Any, quick: Downloader
) -> None:
    data = world.blob(100_000)
    server.files["/bad/a.onnx"] = world.blob(100_000, seed=2)
    server.files["/good/a.onnx"] = data
    store = Store(tmp_path, one(world, server, data, "/gone/{name}", "/bad/{name}", "/good/{name}"), local=[])
    told = Told()
    store.fetch(["m"], progress=told, downloader=quick)
    assert store.path("m").read_bytes() == data
    assert "404" in told.notes[0]
    assert "SHA-256" in told.notes[1]


@pytest.mark.parametrize("wrong", ["hash", "longer", "shorter", "empty"])
def test_nothing_wrong_ever_lies_in_the_store(
    tmp_path: Path, server: Any, world: Any, quick: Downloader, wrong: str
) -> None:
    data = world.blob(100_000)
    bad = {"hash": data[:-1] + b"x", "longer": data + b"x", "shorter": data[:-1], "empty": b""}[wrong]
    server.files["/a.onnx"] = bad
    store = Store(tmp_path, one(world, server, data, "/{name}"), local=[])
    with pytest.raises(ModelError):
        store.fetch(["m"], downloader=quick)
    assert not store.has("m")
    assert not (tmp_path / "m").exists()
    with pytest.raises(ModelError):
        store.path("m")


def test_without_a_network_the_error_says_what_where_and_what_to_do(tmp_path: Path, world: Any) -> None:
    data = world.blob(1000)
    source = {"kind": "url", "url": "http://127.0.0.1:9/{name}"}
    listed = world.manifest(
        world.model("one", files=[world.file("a.onnx", data)], sources=[source]),
        world.model("two", files=[world.file("b.onnx", data)], sources=[source]),
    )
    store = Store(tmp_path, listed, local=[])
    with pytest.raises(ModelError) as caught:
        store.fetch(["one", "two"], downloader=Downloader(pause=0))
    text = str(caught.value)
    assert "one" in text
    assert "two" in text
    assert "cannot be reached" in text
    assert "\n" not in text
    for wanted in (
        "a.onnx",
        "b.onnx",
        "http://127.0.0.1:9/a.onnx",
        "DISCREET_WEIGHTS",
        "discreet weights fetch one two",
    ):
        assert wanted in caught.value.remedy


def test_what_can_be_had_is_kept_when_another_model_fails(
    tmp_path: Path, server: Any, world: Any, quick: Downloader
) -> None:
    data = world.blob(1000)
    server.files["/b.onnx"] = data
    listed = world.manifest(
        world.model("one", files=[world.file("a.onnx", data)], sources=[url(server, "/{name}")]),
        world.model("two", files=[world.file("b.onnx", data)], sources=[url(server, "/{name}")]),
    )
    store = Store(tmp_path, listed, local=[])
    with pytest.raises(ModelError, match="could not get one"):
        store.fetch(["one", "two"], downloader=quick)
    assert store.has("two")


@pytest.mark.parametrize("kind", ["whl", "tar.gz"])
def test_members_come_out_of_a_registry_archive_in_one_download(
    tmp_path: Path, server: Any, world: Any, quick: Downloader, kind: str
) -> None:
    members = {"pkg/data/a.bin": world.blob(50_000), "pkg/data/sub/b.bin": world.blob(20_000, 2), "setup.py": b"evil()"}
    bundle = world.make_zip(members) if kind == "whl" else world.make_tar(members)
    server.project("pkg", f"pkg-1.0.{kind}", bundle)
    files = [world.file("a.bin", members["pkg/data/a.bin"]), world.file("sub/b.bin", members["pkg/data/sub/b.bin"])]
    source = {"kind": "archive", "archive": "pkg", "member": "pkg/data/{name}"}
    listed = world.manifest(
        world.model(folder=True, files=files, sources=[source]),
        archives={"pkg": world.archive("pypi:pkg==1.0", f"pkg-1.0.{kind}", bundle)},
    )
    store = Store(tmp_path, listed, local=[])
    store.fetch(["m"], downloader=quick)
    found = {str(p.relative_to(store.path("m"))) for p in store.path("m").rglob("*") if p.is_file()}
    assert found == {"a.bin", "sub/b.bin", ".discreet.json"}
    assert (store.path("m") / "sub/b.bin").read_bytes() == members["pkg/data/sub/b.bin"]
    assert sum(path.startswith("/files/") for path, _ in server.asked) == 1
    assert [c.state for c in store.verify(["m"])] == ["ok"]
    assert not list((tmp_path / ".downloads").iterdir())


def test_another_archive_under_the_same_name_is_refused(
    tmp_path: Path, server: Any, world: Any, quick: Downloader
) -> None:
    good, other = world.make_zip({"a.bin": b"a" * 100}), world.make_zip({"a.bin": b"b" * 100})
    server.project("pkg", "pkg-1.0.whl", other)
    listed = world.manifest(
        world.model(
            files=[world.file("a.bin", b"a" * 100)],
            sources=[{"kind": "archive", "archive": "pkg", "member": "a.bin"}],
        ),
        archives={"pkg": world.archive("pypi:pkg==1.0", "pkg-1.0.whl", good)},
    )
    with pytest.raises(ModelError, match="another file under this name"):
        Store(tmp_path, listed, local=[]).fetch(["m"], downloader=quick)


def parts_manifest(world: Any, data: bytes, first: bytes, second: bytes) -> Any:
    half = len(data) // 2
    parts = [
        {"archive": "p1", "member": "x.part1", "sha256": world.sha(data[:half]), "size": half},
        {"archive": "p2", "member": "x.part2", "sha256": world.sha(data[half:]), "size": len(data) - half},
    ]
    return world.manifest(
        world.model(files=[world.file("x.bin", data)], sources=[{"kind": "parts", "parts": parts}]),
        archives={
            "p1": world.archive("pypi:p1==1", "p1-1.whl", first),
            "p2": world.archive("pypi:p2==1", "p2-1.whl", second),
        },
    )


def test_parts_are_joined_in_order(tmp_path: Path, server: Any, world: Any, quick: Downloader) -> None:
    data = world.blob(70_001)
    first, second = world.make_zip({"x.part1": data[:35_000]}), world.make_zip({"x.part2": data[35_000:]})
    server.project("p1", "p1-1.whl", first)
    server.project("p2", "p2-1.whl", second)
    store = Store(tmp_path, parts_manifest(world, data, first, second), local=[])
    store.fetch(["m"], downloader=quick)
    assert store.path("m").read_bytes() == data


def test_a_part_that_is_not_the_one_listed_is_refused(
    tmp_path: Path, server: Any, world: Any, quick: Downloader
) -> None:
    data = world.blob(70_001)
    first, second = world.make_zip({"x.part1": data[:35_000]}), world.make_zip({"x.part2": data[:35_001]})
    server.project("p1", "p1-1.whl", first)
    server.project("p2", "p2-1.whl", second)
    store = Store(tmp_path, parts_manifest(world, data, first, second), local=[])
    with pytest.raises(ModelError, match="not what the manifest says"):
        store.fetch(["m"], downloader=quick)
    assert not store.has("m")


def test_local_folders_come_first_and_only_the_right_hash_counts(tmp_path: Path, server: Any, world: Any) -> None:
    data = world.blob(1000)
    server.files["/a.onnx"] = data
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "a.onnx").write_bytes(world.blob(1000, 2))
    (tmp_path / "good" / "deep").mkdir(parents=True)
    (tmp_path / "good" / "deep" / "other name.onnx").write_bytes(data)
    listed = world.manifest(
        world.model(files=[world.file("a.onnx", data, aka=["other name.onnx"])], sources=[url(server, "/{name}")])
    )
    told = Told()
    store = Store(tmp_path / "w", listed, local=[tmp_path / "bad", tmp_path / "good", tmp_path / "none"])
    (result,) = store.fetch(["m"], progress=told)
    assert result.sources == {"a.onnx": "local:other name.onnx"}
    assert server.asked == []
    assert "not used" in told.notes[0]


def test_an_archive_in_a_local_folder_is_used(tmp_path: Path, server: Any, world: Any, quick: Downloader) -> None:
    bundle = world.make_zip({"d/a.bin": b"a" * 100})
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "pkg-1.0.whl").write_bytes(bundle)
    listed = world.manifest(
        world.model(
            files=[world.file("a.bin", b"a" * 100)],
            sources=[{"kind": "archive", "archive": "pkg", "member": "d/{name}"}],
        ),
        archives={"pkg": world.archive("pypi:pkg==1.0", "pkg-1.0.whl", bundle)},
    )
    store = Store(tmp_path / "w", listed, local=[tmp_path / "local"])
    store.fetch(["m"], downloader=quick)
    assert store.path("m").read_bytes() == b"a" * 100
    assert server.asked == []
    assert (tmp_path / "local" / "pkg-1.0.whl").exists()


def test_a_disk_that_is_too_small_is_seen_before(
    tmp_path: Path, server: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = world.blob(1000)
    server.files["/a.onnx"] = data

    class Usage:
        free = 1_000_000

    monkeypatch.setattr(weights.files.shutil, "disk_usage", lambda path: Usage)
    with pytest.raises(ModelError, match="disk is full") as caught:
        Store(tmp_path, one(world, server, data, "/{name}"), local=[]).fetch(["m"])
    assert "disk space" in caught.value.remedy
    assert server.asked == []


def test_a_disk_that_fills_up_on_the_way_is_said_and_nothing_is_left(
    tmp_path: Path, server: Any, world: Any, quick: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = world.blob(900_000)
    server.files["/a.onnx"] = data
    store = Store(tmp_path, one(world, server, data, "/{name}", "/{name}"), local=[])

    def full(*args: Any, **kwargs: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("weights.fetch.copy_checked", full)
        with pytest.raises(ModelError, match="disk is full"):
            store.fetch(["m"], downloader=quick)
        patch.setattr("weights.download.sync", full)
        with pytest.raises(ModelError, match="disk is full"):
            store.fetch(["m"], downloader=Downloader(pause=0))
    assert not store.has("m")
    assert not any((tmp_path / ".incoming").iterdir())
    store.fetch(["m"], downloader=quick)
    assert store.has("m")


def fetch_in_child(root: Path, listed: Any, queue: Any) -> None:
    try:
        Store(root, listed, local=[]).fetch(["m"], downloader=Downloader(pause=0))
        queue.put("ok")
    except BaseException as error:
        queue.put(repr(error))


def test_several_processes_fetch_the_same_and_one_downloads(tmp_path: Path, server: Any, world: Any) -> None:
    data = world.blob(3_000_000)
    server.files["/a.onnx"] = data
    listed = one(world, server, data, "/{name}")
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    children = [context.Process(target=fetch_in_child, args=(tmp_path, listed, queue)) for _ in range(4)]
    for child in children:
        child.start()
    assert [queue.get(timeout=60) for _ in children] == ["ok"] * 4
    for child in children:
        child.join()
    assert len(server.asked) == 1
    assert Store(tmp_path, listed, local=[]).path("m").read_bytes() == data
