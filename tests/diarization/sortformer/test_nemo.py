"""Against NeMo itself, on random weights, over three minutes. Needs DISCREET_NEMO_PYTHON and DISCREET_TORCH_PYTHON."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from diarization.embedding.ensemble import VoiceModel
from diarization.features.nemo_mel import log_mel
from diarization.sortformer.network import CHUNKINGS, CachedCore, Offline, OnnxHalves, SortformerStream

NEMO, TORCH = os.environ.get("DISCREET_NEMO_PYTHON"), os.environ.get("DISCREET_TORCH_PYTHON")
COVERS = (
    "weights.convert.sortformer_front",
    "weights.convert.sortformer_head",
    "weights.convert.titanet",
)
RUN = Path(__file__).parents[3] / "weights" / "convert" / "run.py"
RATE = 16000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The ``.nemo`` files and what NeMo makes of a sound; DISCREET_NEMO_CACHE keeps them between runs."""
    if not NEMO or not TORCH:
        pytest.skip(
            "set DISCREET_NEMO_PYTHON to a Python with NeMo and DISCREET_TORCH_PYTHON to one with torch and onnx"
        )
    kept = os.environ.get("DISCREET_NEMO_CACHE")
    place = Path(kept) if kept else tmp_path_factory.mktemp("nemo")
    if not (place / "nemo.npz").is_file():
        subprocess.run([NEMO, str(Path(__file__).parents[1] / "nemo_checks.py"), str(place)], check=True)
    return place


@pytest.fixture(scope="module")
def nemo(folder):
    with np.load(folder / "nemo.npz") as file:
        return dict(file)


def convert(folder, recipe, name):
    """The ONNX model a recipe makes of a file, as fetching it would."""
    source, output = folder / name, folder / f"{Path(name).stem}-{recipe}.onnx"
    if not output.is_file():
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        subprocess.run([TORCH, "-I", str(RUN), recipe, str(source), digest, str(output)], check=True)
    return onnxruntime.InferenceSession(str(output), providers=["CPUExecutionProvider"])


def told(name, got, wanted):
    """The largest difference, printed for the page."""
    assert got.shape == wanted.shape
    worst = float(np.abs(got - wanted).max())
    sys.stdout.write(f"{name}: {worst:.1e}\n")
    return worst


@pytest.mark.parametrize(("bands", "normalisation"), [(80, "per_feature"), (128, "NA")])
def test_mel_features(nemo, bands, normalisation):
    sound = nemo["sound"][: 23 * RATE + 77]
    assert told(f"mel {bands}", log_mel(sound, bands, normalisation), nemo[f"mel{bands}"]) < 1e-3


@pytest.mark.parametrize(("latency", "seconds"), [("medium", 180), ("high", 180), ("low", 24), ("lowest", 6)])
def test_streaming_sortformer_chunk_by_chunk(folder, nemo, latency, seconds):
    halves = OnnxHalves(*(convert(folder, f"sortformer_{half}", "streaming.nemo") for half in ("front", "head")))
    chunking = CHUNKINGS[latency]
    stream = SortformerStream(CachedCore(halves, chunking.rules), chunking)
    sound = nemo["sound"][: seconds * RATE]
    parts = [stream.push(sound[at : at + 50000]) for at in range(0, len(sound), 50000)]
    got = np.concatenate([*parts, stream.flush()])
    assert told(f"streaming {latency}, {seconds} s", got, nemo[latency]) < 1e-4


def test_offline_sortformer(folder, nemo):
    model = Offline(convert(folder, "sortformer", "offline.nemo"))
    assert told("offline", model(nemo["sound"][: 23 * RATE + 77]), nemo["offline"]) < 1e-4


@pytest.mark.parametrize("name", ["titanet-s", "titanet-l"])
@pytest.mark.parametrize("seconds", [1.6, 4.0])
def test_titanet(folder, nemo, name, seconds):
    model = VoiceModel(convert(folder, "titanet", f"{name}.nemo"), log_mel)
    wanted = nemo[f"{name} {seconds}"]
    got = model(nemo["sound"][None, : round(seconds * RATE)])[0]
    assert told(f"{name} {seconds} s", got, wanted / np.linalg.norm(wanted)) < 1e-4
