"""What is exported agrees with torch, and a stream through it with one pass."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the student is trained with torch: pip install -e .[lab]")
pytest.importorskip("onnx", reason="the student is exported with onnx: pip install -e .[lab]")

from voice.live.student import CEPSTRA, MEMORIES, PAST, STEP, Student, StudentVoice, centred, stacked  # noqa: E402
from voice.live.student.training.export import difference, exported  # noqa: E402
from voice.live.student.training.model import CODES, GROUPS, WIDTH, Quantiser, StudentNet  # noqa: E402
from voice.resynthesis import VoiceRange  # noqa: E402

VOICE = StudentVoice(np.linspace(-1, 1, 2 * CEPSTRA, dtype=np.float32), VoiceRange(5.0, 0.2))
CEPS = np.random.default_rng(0).normal(0, 1, (101, CEPSTRA)).astype(np.float32)


@pytest.fixture(scope="module")
def net() -> StudentNet:
    torch.manual_seed(0)
    return StudentNet().eval()


@pytest.fixture(scope="module")
def model(net: StudentNet) -> bytes:
    return exported(net)


def session(model: bytes):
    import onnxruntime

    return onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])


def test_onnx_runtime_and_torch_agree_with_memory_from_step_to_step(net: StudentNet, model: bytes) -> None:
    assert difference(net, model) < 1e-4
    assert len(model) < 4e6, "a few MB"


@pytest.mark.parametrize("sizes", [(101,), (1,) * 101, (7, 30, 2, 62)])
def test_a_stream_is_one_pass_however_it_is_cut(net: StudentNet, model: bytes, sizes: tuple[int, ...]) -> None:
    student = Student(session(model))
    parts = [student(part, VOICE) for part in np.split(CEPS, np.cumsum(sizes)[:-1])]
    made = np.concatenate(parts)
    seen = torch.from_numpy(stacked(centred(CEPS)[0]))[None]
    memory = [torch.zeros(1, *shape) for shape in MEMORIES]
    with torch.no_grad():
        whole = net(seen, torch.from_numpy(VOICE.code)[None], *memory)[0].numpy().reshape(-1, CEPSTRA)
    assert len(made) == (len(CEPS) - Student.delay) // STEP * STEP
    assert np.allclose(made, whole[: len(made)], atol=1e-3)


def test_what_will_be_said_later_plays_no_part(model: bytes) -> None:
    later = CEPS.copy()
    later[60:] = 9.0
    one, other = (Student(session(model))(frames, VOICE) for frames in (CEPS, later))
    first = 60 - Student.delay - STEP
    assert np.array_equal(one[:first], other[:first])
    assert not np.array_equal(one[60 + PAST :], other[60 + PAST :])


def test_so_much_and_no_more_passes_the_code() -> None:
    torch.manual_seed(0)
    quantise = Quantiser().eval()
    codes, away = quantise(torch.randn(3, 50, GROUPS * WIDTH))
    entries = {tuple(row) for row in codes.reshape(-1, WIDTH).tolist()}
    assert len(entries) <= GROUPS * CODES
    assert float(away) > 0
    again, nothing = quantise(codes.detach())
    assert torch.allclose(again, codes, atol=1e-5)
    assert float(nothing) < 1e-10
