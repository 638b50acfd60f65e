import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

pytest.importorskip("lightning", reason="the voice lab trains with Lightning: pip install -e .[lab]")

import csv  # noqa: E402
from pathlib import Path  # noqa: E402

from voice.neural.models import make_critics  # noqa: E402
from voice.neural.settings import SIZES, TrainSettings  # noqa: E402
from voice.neural.training.batches import open_corpus  # noqa: E402
from voice.neural.training.trainer import Run, train  # noqa: E402

SETTINGS = TrainSettings(size="tiny", batch=4, frames=32, steps=6, validate_every=2, patience=9, learning_rate=0.01)


def trained(corpus: Path, folder: Path, settings: TrainSettings):
    torch.manual_seed(0)
    critics = make_critics(SIZES["tiny"], 3)
    lines: list[str] = []
    learned, held = open_corpus(corpus, settings.frames)
    told = train(critics, Run(settings, "pretrain", learned, held, folder, lines.append))
    return critics, told, lines


def test_a_run_that_was_stopped_ends_where_one_that_was_not_does(small_corpus: Path, tmp_path: Path) -> None:
    whole, told, lines = trained(small_corpus, tmp_path / "whole", SETTINGS)
    assert told["steps"] == 6
    assert [line.partition(":")[0] for line in lines] == ["step 2", "step 4", "step 6"]
    trained(small_corpus, tmp_path / "parts", SETTINGS.changed(steps=4))
    parts, told, lines = trained(small_corpus, tmp_path / "parts", SETTINGS)
    assert [line.partition(":")[0] for line in lines] == ["step 6"], "it went on, and did not begin again"
    one, other = whole.state_dict(), parts.state_dict()
    assert all(torch.allclose(one[name], other[name], atol=1e-6) for name in one)
    with (tmp_path / "whole" / "log" / "metrics.csv").open() as file:
        assert any(row.get("validation/content") for row in csv.DictReader(file))
    assert not list(tmp_path.rglob("*.ckpt")), "nothing is pickled"
