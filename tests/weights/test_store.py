"""Finding, checking and loading what lies in the store; licences."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from timeline import ModelError
from weights import Downloader, Store, default_local, default_root


def filled(tmp_path: Path, world: Any, licence: dict[str, Any] | None = None) -> Store:
    """A store of one file model and one folder model whose files lie in a local folder."""
    local = tmp_path / "local"
    local.mkdir()
    (local / "a.bin").write_bytes(b"a" * 100)
    (local / "b.bin").write_bytes(b"b" * 100)
    source = [{"kind": "url", "url": "http://127.0.0.1:9/{name}"}]
    free = licence or {"id": "MIT", "commercial": True}
    listed = world.manifest(
        world.model("one", files=[world.file("a.bin", b"a" * 100)], sources=source, licence=free),
        world.model(
            "two",
            folder=True,
            files=[world.file("a.bin", b"a" * 100), world.file("sub/b.bin", b"b" * 100)],
            sources=source,
        ),
    )
    return Store(tmp_path / "w", listed, local=[local])


def test_a_missing_model_says_what_where_and_what_to_do(tmp_path: Path, world: Any) -> None:
    store = filled(tmp_path, world)
    with pytest.raises(ModelError, match=r"one \(test\) is not on this machine") as caught:
        store.path("one")
    assert "discreet weights fetch one" in caught.value.remedy
    assert "http://127.0.0.1:9/a.bin" in caught.value.remedy
    assert caught.value.exit_code == 4


def test_file_models_give_the_file_and_folder_models_the_folder(tmp_path: Path, world: Any) -> None:
    store = filled(tmp_path, world)
    store.fetch(["one", "two"])
    assert store.path("one").name == "a.bin"
    assert store.path("two").is_dir()
    assert (store.path("two") / "sub" / "b.bin").is_file()
    assert store.sha256("one") == world.sha(b"a" * 100)
    lines = f"{world.sha(b'a' * 100)}  a.bin\n{world.sha(b'b' * 100)}  sub/b.bin\n"
    assert store.sha256("two") == world.sha(lines.encode())


@pytest.mark.parametrize("harm", ["change", "shorten", "remove", "receipt"])
def test_harm_is_found_and_fetching_mends_it(tmp_path: Path, world: Any, harm: str) -> None:
    store = filled(tmp_path, world)
    store.fetch(["two"])
    victim = store.path("two") / "sub" / "b.bin"
    if harm == "change":
        victim.write_bytes(b"b" * 99 + b"x")
    elif harm == "shorten":
        victim.write_bytes(b"b")
    elif harm == "remove":
        victim.unlink()
    else:
        (store.path("two") / ".discreet.json").write_text("{", encoding="utf-8")
    (check,) = store.verify(["two"])
    assert check.state == ("missing" if harm == "receipt" else "damaged")
    assert store.has("two") == (harm == "change")  # a changed byte is for verify to find
    store.fetch(["two"])
    assert [c.state for c in store.verify(["two"])] == ["ok"]


def test_verify_tells_of_every_model(tmp_path: Path, world: Any) -> None:
    store = filled(tmp_path, world)
    store.fetch(["two"])
    assert {c.id: c.state for c in store.verify()} == {"one": "missing", "two": "ok"}


def test_a_newer_manifest_makes_the_old_file_outdated(tmp_path: Path, world: Any) -> None:
    store = filled(tmp_path, world)
    store.fetch(["one"])
    newer = world.manifest(
        world.model("one", files=[world.file("a.bin", b"c" * 100)], sources=[{"kind": "url", "url": "http://x.test"}])
    )
    later = Store(store.root, newer, local=[])
    assert not later.has("one")
    assert later.verify()[0].state == "outdated"


@pytest.mark.parametrize("accepted", ["one", "LicenseRef-no"])
def test_non_commercial_models_wait_for_a_yes(tmp_path: Path, world: Any, accepted: str) -> None:
    store = filled(tmp_path, world, {"id": "LicenseRef-no", "commercial": False, "note": "research only"})
    with pytest.raises(ModelError, match="research only") as caught:
        store.fetch(["two", "one"])
    assert "--accept one" in caught.value.remedy
    assert not store.has("two"), "refused before anything is fetched"
    with pytest.raises(ModelError):
        store.fetch(["one"], accept={"two", "MIT"})
    store.fetch(["one"], accept={accepted})
    assert store.has("one")


def test_a_killed_run_leaves_nothing_that_looks_whole(tmp_path: Path, world: Any) -> None:
    store = filled(tmp_path, world)
    rubbish = store.root / ".incoming" / "one" / "a.bin"
    rubbish.parent.mkdir(parents=True)
    rubbish.write_bytes(b"half")
    assert not store.has("one")
    store.fetch(["one"])
    assert store.path("one").read_bytes() == b"a" * 100
    assert not rubbish.exists()


def test_a_store_that_cannot_be_written_is_one_clear_error(tmp_path: Path, world: Any) -> None:
    store = filled(tmp_path, world)
    store.root.write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        store.fetch(["one"])
    assert "folder that you can write to" in caught.value.remedy


def test_places_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path))
    monkeypatch.setenv("DISCREET_WEIGHTS", f"{tmp_path / 'a'}{os.pathsep}{os.pathsep}{tmp_path / 'b'}")
    assert default_root() == tmp_path / "weights"
    assert default_local() == [tmp_path / "a", tmp_path / "b"]
    assert Store().root == tmp_path / "weights"
    monkeypatch.delenv("DISCREET_HOME")
    monkeypatch.delenv("DISCREET_WEIGHTS")
    assert default_root().parts[-2:] == ("discreet", "weights")
    assert default_local() == []


def onnx_file(weight: float) -> bytes:
    """A tiny ONNX model y = weight * x, written by hand so that no test needs the onnx package."""

    def part(field: int, data: bytes) -> bytes:
        return bytes([field << 3 | 2, len(data)]) + data

    def number(field: int, value: int) -> bytes:
        return bytes([field << 3, value])

    floats = part(4, np.float32(weight).tobytes())
    initializer = number(1, 1) + number(2, 1) + floats + part(8, b"w")
    shape = part(2, part(1, number(1, 1)))
    value = part(2, part(1, number(1, 1) + shape))
    graph = part(1, part(1, b"x") + part(1, b"w") + part(2, b"y") + part(4, b"Mul")) + part(2, b"g")
    graph += part(5, initializer) + part(11, part(1, b"x") + value) + part(12, part(1, b"y") + value)
    return number(1, 8) + part(7, graph) + part(8, number(2, 13))


def test_a_session_runs_and_a_changed_file_is_not_opened(tmp_path: Path, world: Any) -> None:
    data = onnx_file(3.0)
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "a.onnx").write_bytes(data)
    listed = world.manifest(
        world.model(files=[world.file("a.onnx", data)], sources=[{"kind": "url", "url": "http://127.0.0.1:9"}])
    )
    store = Store(tmp_path / "w", listed, local=[tmp_path / "local"])
    with pytest.raises(ModelError, match="not on this machine"):
        store.session("m")
    store.fetch(["m"], downloader=Downloader(pause=0))
    session = store.session("m")
    assert session.run(None, {"x": np.float32([2.0])})[0] == 6.0
    assert session.get_providers() == ["CPUExecutionProvider"]
    os.utime(store.path("m"), ns=(1, 1))
    assert store.session("m").run(None, {"x": np.float32([1.0])})[0] == 3.0
    store.path("m").write_bytes(onnx_file(4.0))
    with pytest.raises(ModelError, match="was changed"):
        store.session("m")
    with pytest.raises(ModelError, match="was changed"):
        store.sha256("m")  # what a run asks of every model, those that another library opens among them


def test_a_file_that_is_no_model_is_one_clear_error(tmp_path: Path, world: Any) -> None:
    store = filled(tmp_path, world)
    store.fetch(["one"])
    with pytest.raises(ModelError, match="cannot be loaded"):
        store.session("one")


def test_a_moved_home_is_named_where_a_model_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / "cache")
    (tmp_path / "cache" / "weights" / "sface").mkdir(parents=True)
    (tmp_path / "cache" / "weights" / "sface" / ".discreet.json").write_text("{}")
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    for ids in (["sface"], ["sface", "yunet"]):
        with pytest.raises(ModelError) as caught:
            Store().require(ids)
        assert f"DISCREET_HOME moved the store to {tmp_path / 'home'}" in caught.value.remedy


def test_a_store_of_its_own_is_not_said_to_be_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / "cache")
    (tmp_path / "cache" / "weights" / "sface").mkdir(parents=True)
    (tmp_path / "cache" / "weights" / "sface" / ".discreet.json").write_text("{}")
    monkeypatch.delenv("DISCREET_HOME", raising=False)
    with pytest.raises(ModelError) as caught:
        Store(tmp_path / "own").require(["yunet"])
    assert "DISCREET_HOME" not in caught.value.remedy
