import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")
pytest.importorskip("onnx", reason="exporting needs onnx: pip install -e .[lab]")

import json  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402

from timeline import InputError  # noqa: E402
from voice.neural.compress.export import ExportOptions, export  # noqa: E402
from voice.neural.exported_model import ExportedModel, NetworkInput  # noqa: E402
from voice.neural.models import make_architecture, make_critics  # noqa: E402
from voice.neural.models.student import Student  # noqa: E402
from voice.neural.settings import ARCHITECTURES, SIZES, TrainSettings  # noqa: E402
from voice.neural.training import open_corpus, whole  # noqa: E402

KEY = b"k" * 32


def network(name: str):
    torch.manual_seed(0)
    settings = TrainSettings(architecture=name, size="tiny")
    return make_architecture(settings, 3, make_critics(SIZES["tiny"], 3)).eval()


def given_of(batch) -> NetworkInput:
    return NetworkInput(*(each[0].numpy() for each in (batch.content, batch.prosody, batch.bark)))


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_exported_model_makes_what_the_network_makes(name: str, small_corpus: Path, tmp_path: Path) -> None:
    learned, _ = open_corpus(small_corpus, 32)
    trained = network(name)
    batch = whole(learned, learned.utterances[0])  # 80 frames: not the length it was exported with
    bundle = ExportedModel(export(trained, learned, tmp_path))
    voice = bundle.space.drawn(KEY, "ann")
    kind, made = bundle.made(given_of(batch), voice)
    with torch.no_grad():
        wanted = trained.convert(batch, torch.from_numpy(voice)[None])
    expected = (wanted.sound if kind == "sound" else wanted.bark)[0].numpy()
    assert made.shape == expected.shape
    # Pulses add up the pitch over time, and with it what differs in rounding.
    assert made == pytest.approx(expected, abs=2e-3 if kind == "sound" else 2e-4)


def test_in_8_bits_nearly_the_same_is_made(small_corpus: Path, tmp_path: Path) -> None:
    learned, _ = open_corpus(small_corpus, 32)
    given = given_of(whole(learned, learned.utterances[0]))
    trained = network("fastspeech-vae")
    made = []
    for int8 in (False, True):
        bundle = ExportedModel(export(trained, learned, tmp_path / str(int8), ExportOptions(int8=int8)))
        made.append(bundle.made(given, bundle.space.drawn(KEY, "ann"))[1])
    assert np.corrcoef(made[0].ravel(), made[1].ravel())[0, 1] > 0.99
    sizes = [(tmp_path / str(int8) / "model.onnx").stat().st_size for int8 in (False, True)]
    assert sizes[1] < sizes[0]


def test_a_student_streams_what_it_makes_at_once(small_corpus: Path, tmp_path: Path) -> None:
    learned, _ = open_corpus(small_corpus, 32)
    given = given_of(whole(learned, learned.utterances[0]))
    teacher = network("fastspeech-vae")
    bundle = ExportedModel(
        export(teacher, learned, tmp_path, ExportOptions(student=Student(16, teacher.identity_size)))
    )
    voice, states, parts = bundle.space.drawn(KEY, "ann"), bundle.start(), []
    for at in range(0, len(given.content), 3):
        piece = slice(at, at + 3), slice(2 * at, 2 * at + 6)
        part = NetworkInput(given.content[piece[0]], given.prosody[piece[1]], given.bark[piece[1]])
        parts.append(bundle.stream(part, voice, states))
    assert bundle.streams
    assert np.concatenate(parts) == pytest.approx(bundle.made(given, voice)[1], abs=1e-4)


def test_an_exported_model_runs_where_torch_is_not(small_corpus: Path, tmp_path: Path) -> None:
    learned, _ = open_corpus(small_corpus, 32)
    export(network("baseline"), learned, tmp_path)
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from pathlib import Path; import numpy as np\n"
        "from voice.neural.exported_model import ExportedModel, NetworkInput\n"
        f"bundle = ExportedModel(Path({str(tmp_path)!r}))\n"
        "given = NetworkInput(*(np.zeros(s, np.float32) for s in ((8, 512), (16, 3), (16, 20))))\n"
        "print(bundle.made(given, bundle.space.drawn(b'k' * 32, 'ann'))[1].shape)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(16, 20)"


def test_a_file_that_was_changed_is_not_opened(small_corpus: Path, tmp_path: Path) -> None:
    learned, _ = open_corpus(small_corpus, 32)
    export(network("baseline"), learned, tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"other")
    with pytest.raises(InputError, match="not the file that was exported"):
        ExportedModel(tmp_path)


@pytest.mark.parametrize("card", ["", "{}", json.dumps({"kind": "baseline", "files": {"../model.onnx": {}}})])
def test_a_folder_without_a_card_or_with_one_that_leads_elsewhere_is_refused(card: str, tmp_path: Path) -> None:
    (tmp_path / "bundle.json").write_text(card)
    with pytest.raises(InputError, match="no exported model"):
        ExportedModel(tmp_path)
