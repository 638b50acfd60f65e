import pytest

pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")
pytest.importorskip("lightning", reason="the voice lab trains with Lightning: pip install -e .[lab]")
pytest.importorskip("onnx", reason="exporting needs onnx: pip install -e .[lab]")

from pathlib import Path

from voice.neural.compress import ShrinkPlan, shrink
from voice.neural.exported_model import ExportedModel
from voice.neural.settings import TrainSettings
from voice.neural.training import pretrain


@pytest.mark.slow
def test_a_model_is_pruned_distilled_into_a_student_and_exported_in_8_bits(small_corpus: Path, tmp_path: Path) -> None:
    settings = TrainSettings(size="tiny", batch=2, frames=32, steps=2, validate_every=2)
    model = pretrain(small_corpus, tmp_path / "models", settings)
    plain = shrink(small_corpus, model, tmp_path / "plain", ShrinkPlan())
    assert plain["difference"] < 1e-3
    small = shrink(small_corpus, model, tmp_path / "small", ShrinkPlan(prune=0.5, student=2, int8=True))
    assert small["correlation"] > 0.98
    bundle = ExportedModel(tmp_path / "small")
    assert bundle.streams
    assert bundle.card["zero_weights"] == pytest.approx(0.5, abs=0.01)
    assert bundle.card["pretrain"]["steps"] == 2
