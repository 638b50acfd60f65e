"""Checkpoints become ONNX in a child process: its answer is checked, its refusal is said, its receipt is kept."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from timeline import ModelError
from weights import Manifest, Store, default_manifest, default_root
from weights.importing import import_model
from weights.user_files import find_checkpoint

COVERS = (
    "weights.convert.asd_layers",
    "weights.convert.campplus",
    "weights.convert.conformer",
    "weights.convert.ecapa",
    "weights.convert.light_asd",
    "weights.convert.lr_asd",
    "weights.convert.nemo_archive",
    "weights.convert.recipe",
    "weights.convert.talknet",
)

CHECKS = Path(__file__).with_name("torch_checks.py")
TALKNET = Path(__file__).with_name("talknet_reference.py")


@pytest.fixture
def torch_python(monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Python with torch: the one named, or the one the store made for itself."""
    for place in (os.environ.get("DISCREET_TORCH_PYTHON"), default_root() / "convert-env" / "bin" / "python"):
        if place and Path(place).is_file():
            monkeypatch.setenv("DISCREET_TORCH_PYTHON", str(place))
            return Path(place)
    pytest.skip("no Python with torch (DISCREET_TORCH_PYTHON, or fetch a model that is converted)")


def listed(world: Any, checkpoint: bytes, recipe: str = "ecapa") -> Manifest:
    conversion = {
        "recipe": recipe,
        "output": "m.onnx",
        "checkpoint": world.file("m.ckpt", checkpoint, sources=[{"kind": "url", "url": "http://127.0.0.1:9"}]),
    }
    manifest: Manifest = world.manifest(world.model(conversion=conversion))
    return manifest


def store_with(tmp_path: Path, world: Any, checkpoint: bytes, recipe: str = "ecapa") -> Store:
    local = tmp_path / "local"
    local.mkdir(exist_ok=True)
    (local / "m.ckpt").write_bytes(checkpoint)
    return Store(tmp_path / "w", listed(world, checkpoint, recipe), local=[local])


def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Name a script as the Python with torch; it is called as: -I run.py RECIPE CHECKPOINT SHA256 OUTPUT."""
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("DISCREET_TORCH_PYTHON", str(script))


def test_the_receipt_makes_a_converted_file_verifiable(
    tmp_path: Path, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = json.dumps({"onnx_sha256": world.sha(b"onnx"), "torch": "2", "opset": 17, "max_difference": 1e-6})
    pretend(tmp_path, monkeypatch, f"printf onnx > \"$6\"; echo '{answer}'")
    store = store_with(tmp_path, world, b"checkpoint")
    store.fetch(["m"])
    assert store.path("m").read_bytes() == b"onnx"
    assert store.sha256("m") == world.sha(b"onnx")
    assert not list((store.root / "m").glob("*.ckpt")), "the pickle does not stay"
    receipt = json.loads((store.root / "m" / ".discreet.json").read_text(encoding="utf-8"))
    assert receipt["conversion"]["source_sha256"] == world.sha(b"checkpoint")
    assert [c.state for c in store.verify(["m"])] == ["ok"]
    store.path("m").write_bytes(b"onnX")
    assert [c.state for c in store.verify(["m"])] == ["damaged"]
    another = Store(store.root, listed(world, b"another checkpoint"), local=[])
    assert another.verify(["m"])[0].state == "outdated"


def test_one_checkpoint_may_give_several_files(tmp_path: Path, world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = '{"onnx_sha256": "%s", "torch": "2", "opset": 17, "max_difference": %s}'
    given = {name: answer % (world.sha(name.encode()), number) for name, number in (("ecapa", 1e-6), ("lr_asd", 2e-6))}
    lines = "; ".join(f"[ $3 = {name} ] && echo '{text}'" for name, text in given.items())
    pretend(tmp_path, monkeypatch, f'printf "$3" > "$6"; {lines}; true')
    checkpoint = world.file("m.ckpt", b"checkpoint", sources=[{"kind": "url", "url": "http://127.0.0.1:9"}])
    also = [{"recipe": "lr_asd", "output": "b.onnx"}]
    conversion = {"recipe": "ecapa", "output": "a.onnx", "checkpoint": checkpoint, "also": also}
    manifest = world.manifest(world.model(conversion=conversion, folder=True))
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "m.ckpt").write_bytes(b"checkpoint")
    store = Store(tmp_path / "w", manifest, local=[tmp_path / "local"])
    assert store.checkpoint("m") == tmp_path / "local" / "m.ckpt"
    store.fetch(["m"])
    assert {p.name: p.read_bytes() for p in store.path("m").glob("*.onnx")} == {"a.onnx": b"ecapa", "b.onnx": b"lr_asd"}
    receipt = json.loads((store.path("m") / ".discreet.json").read_text(encoding="utf-8"))
    assert receipt["conversion"]["also"] == {"b.onnx": world.sha(b"lr_asd")}
    assert receipt["conversion"]["max_difference"] == 2e-6
    (store.path("m") / "b.onnx").write_bytes(b"lr_ase")
    assert [c.state for c in store.verify(["m"])] == ["damaged"]
    with pytest.raises(ModelError, match="changed on the disk"):
        store.session("m", part="b.onnx")
    (tmp_path / "local" / "m.ckpt").write_bytes(b"another one")
    with pytest.raises(ModelError, match="is not the one we know"):
        store.checkpoint("m")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("exit 3", "no reason given"),
        ("echo 'cannot import torch' >&2; exit 1", "cannot import torch"),
        ('echo \'{"error": "does not fit"}\'; exit 1', "does not fit"),
        ("echo rubbish", "the conversion failed"),
        (
            'echo \'{"onnx_sha256": "00", "torch": "2", "opset": 17, "max_difference": 0}\'',
            "did not write a complete file",
        ),
        ("kill -SEGV $$", "the conversion failed"),
    ],
)
def test_a_conversion_that_fails_leaves_nothing_and_says_why(
    tmp_path: Path, world: Any, monkeypatch: pytest.MonkeyPatch, body: str, reason: str
) -> None:
    pretend(tmp_path, monkeypatch, body)
    store = store_with(tmp_path, world, b"checkpoint")
    with pytest.raises(ModelError, match=reason) as caught:
        store.fetch(["m"])
    assert "DISCREET_TORCH_PYTHON" in caught.value.remedy
    assert not store.has("m")


def test_a_torch_python_that_is_not_there_is_said(tmp_path: Path, world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCREET_TORCH_PYTHON", str(tmp_path / "none"))
    with pytest.raises(ModelError, match="which is not a file"):
        store_with(tmp_path, world, b"checkpoint").fetch(["m"])


class Evil:
    """Unpickling this runs a command."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.system, (f"touch {self.mark}",))


@pytest.mark.parametrize("kind", ["legacy", "zip"])
def test_a_pickle_with_code_is_refused_and_does_not_run(
    tmp_path: Path, world: Any, torch_python: Path, kind: str
) -> None:
    mark = tmp_path / "ran"
    evil = pickle.dumps({"weight": Evil(mark)}, protocol=2)
    if kind == "zip":  # the layout torch.save writes
        with zipfile.ZipFile(tmp_path / "evil", "w") as bundle:
            bundle.writestr("archive/data.pkl", evil)
            bundle.writestr("archive/version", "3\n")
            bundle.writestr("archive/byteorder", "little")
        evil = (tmp_path / "evil").read_bytes()
    store = store_with(tmp_path, world, evil)
    with pytest.raises(ModelError, match="not a checkpoint of plain tensors"):
        store.fetch(["m"])
    assert not mark.exists()
    assert not store.has("m")


@pytest.mark.parametrize("rubbish", [b"PK\x03\x04half", pickle.dumps({})])
def test_rubbish_is_no_checkpoint(tmp_path: Path, world: Any, torch_python: Path, rubbish: bytes) -> None:
    with pytest.raises(ModelError, match=r"not a checkpoint of plain tensors|not the checkpoint expected"):
        store_with(tmp_path, world, rubbish).fetch(["m"])


def test_the_architectures_hold_what_they_promise(torch_python: Path) -> None:
    """Runs torch_checks.py where torch is: strict loading, equal results in two and three dimensions, segment means."""
    done = subprocess.run([torch_python, CHECKS], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("id", ["lr-asd", "light-asd"])
def test_an_active_speaker_checkpoint_is_converted(
    tmp_path: Path, checkpoints: Path, torch_python: Path, id: str
) -> None:
    store = Store(tmp_path, default_manifest(), local=[checkpoints])
    store.fetch([id])
    assert [c.state for c in store.verify([id])] == ["ok"]
    session = store.session(id)
    for batch, frames in ((1, 1), (2, 7), (1, 40)):
        audio = np.zeros((batch, 4 * frames, 13), np.float32)
        faces = np.zeros((batch, frames, 112, 112), np.float32)
        score, probability = session.run(["score", "probability"], {"audio": audio, "faces": faces})
        assert score.shape == probability.shape == (batch, frames)
        assert ((probability >= 0) & (probability <= 1)).all()


@pytest.fixture
def talknet(tmp_path: Path, torch_python: Path) -> tuple[Path, dict[str, Any]]:
    """A folder with a TalkNet checkpoint of random weights; inputs and what the reference forward pass gives for them.

    The checkpoint has every name that the authors' code saves, so that loading shows that each is used or known to be
    of no use.
    """
    folder = tmp_path / "own"
    folder.mkdir()
    subprocess.run([torch_python, TALKNET, folder], check=True, timeout=120)
    (folder / "talknet.model").rename(folder / "pretrain_TalkSet.model")
    return folder, dict(np.load(folder / "expected.npz"))


def test_talknet_is_taken_when_somebody_vouches_for_it_and_gives_what_the_paper_says(
    tmp_path: Path, talknet: tuple[Path, dict[str, Any]], world: Any
) -> None:
    folder, expected = talknet
    store = Store(tmp_path / "w", default_manifest(), local=[folder])
    digest = world.sha((folder / "pretrain_TalkSet.model").read_bytes())
    with pytest.raises(ModelError, match=digest) as caught:
        store.fetch(["talknet"])
    assert "discreet weights import talknet pretrain_TalkSet.model" in caught.value.remedy
    with pytest.raises(ModelError, match=r"no pretrain_TalkSet\.model in your folders has"):
        store.fetch(["talknet"], vouch={"talknet": "0" * 64})
    assert not store.has("talknet")
    mine = (folder / "pretrain_TalkSet.model").rename(tmp_path / "Downloaded (1).bin")
    fetched, vouched = import_model(store, "talknet", [mine])
    assert (vouched, fetched.sources) == (digest, {"pretrain_TalkSet.model": "local:pretrain_TalkSet.model"})
    assert [check.state for check in store.verify(["talknet"])] == ["ok"]
    (tmp_path / "wrong.bin").write_bytes(b"no checkpoint")
    with pytest.raises(ModelError, match="the conversion failed"):
        import_model(store, "talknet", [tmp_path / "wrong.bin"])
    assert [check.state for check in store.verify(["talknet"])] == ["ok"], "what was there stays"
    assert store.fetch(["talknet"])[0].sources == {}, "it is here: nobody needs to vouch again"
    session = store.session("talknet")
    for length in (5, 33):
        feed = {"audio": expected[f"audio{length}"][None], "faces": expected[f"faces{length}"][None]}
        score, probability = session.run(["score", "probability"], feed)
        assert np.allclose(score[0], expected[f"score{length}"], atol=1e-4)
        assert float(np.std(score)) > 0.01
        assert ((probability > 0) & (probability < 1)).all()


def test_a_file_nobody_vouched_for_is_not_opened_as_it_is_either(tmp_path: Path) -> None:
    (tmp_path / "titanet-s.nemo").write_bytes(b"anything")
    with pytest.raises(ModelError, match=r"no titanet-s\.nemo that was vouched for") as caught:
        Store(tmp_path / "w", local=[tmp_path]).checkpoint("titanet-s")
    assert "discreet weights import titanet-s titanet-s.nemo" in caught.value.remedy
    with pytest.raises(ModelError) as caught:  # imported, yet it is to be read itself
        find_checkpoint(default_manifest()["titanet-s"], [tmp_path], "0" * 64)
    assert "as titanet-s.nemo" in caught.value.remedy


def test_a_file_of_unknown_hash_that_nobody_has_is_said_with_the_way_to_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no pretrain_TalkSet\.model") as caught:
        Store(tmp_path, default_manifest(), local=[]).fetch(["talknet"], vouch={})
    assert "drive.google.com" in caught.value.remedy


def test_only_a_model_without_a_listed_hash_is_vouched_for() -> None:
    with pytest.raises(ValueError, match="its files are listed"):
        default_manifest()["lr-asd"].vouched("0" * 64, 1)
