"""The student keeps a converter's contract: one delay, any cut, silence stays silence."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the student is trained with torch: pip install -e .[lab]")
pytest.importorskip("onnx", reason="the student is exported with onnx: pip install -e .[lab]")

from voice import Converter  # noqa: E402
from voice.live.student import CEPSTRA, Student, StudentConverter, StudentVoice  # noqa: E402
from voice.live.student.training.export import exported  # noqa: E402
from voice.live.student.training.model import StudentNet  # noqa: E402
from voice.resynthesis import Fargan, VoiceRange  # noqa: E402
from weights import Store  # noqa: E402

VOICE = StudentVoice(np.zeros(2 * CEPSTRA, np.float32), VoiceRange(float(np.log(210.0)), 0.2))


@pytest.fixture(scope="module")
def make(store: Store, needs):
    needs(store, "fargan")
    import onnxruntime

    torch.manual_seed(0)
    model = exported(StudentNet())

    def converter(rate: int) -> StudentConverter:
        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        return StudentConverter(Student(session), Fargan.from_store(store), VOICE, rate)

    return converter


def tone(rate: int, seconds: float) -> np.ndarray:
    at = np.arange(round(seconds * rate)) / rate
    return (0.1 * np.sign(np.sin(2 * np.pi * 120 * at))).astype(np.float32)


@pytest.mark.parametrize("rate", [16000, 48000])
def test_it_keeps_the_contract_however_the_stream_is_cut(make, rate: int) -> None:
    converter, sound = make(rate), tone(rate, 0.5)
    assert isinstance(converter, Converter)
    whole = converter(sound)
    again = make(rate)
    parts = [again(part) for part in np.split(sound, [7, 200, 1000, 1001, 5000])]
    assert np.allclose(np.concatenate(parts), whole, atol=1e-5)
    assert whole.shape == sound.shape
    assert np.abs(whole).max() <= 1.0
    assert not whole[: converter.delay - rate // 50].any()
    assert len(converter.flush()) == converter.delay
    assert np.allclose(converter(sound), whole, atol=1e-5), "after flush it is as new"


def test_the_delay_by_design_is_at_most_60_ms(make) -> None:
    assert make(16000).latency <= 0.060
    assert make(48000).latency <= 0.0625


def test_another_rate_is_refused(make) -> None:
    with pytest.raises(ValueError, match="multiples of 16000"):
        make(44100)


def test_the_pitch_lies_in_the_range_of_the_voice(make) -> None:
    converter = make(16000)
    moved = [converter._moved(float(np.log2(256 * 120 / 16000) - 1.5), 0.4) for _ in range(50)]
    assert 16000 / (256 / 2 ** (moved[-1] + 1.5)) == pytest.approx(210.0, rel=0.05)
