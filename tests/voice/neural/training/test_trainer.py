import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

pytest.importorskip("lightning", reason="the voice lab trains with Lightning: pip install -e .[lab]")

import csv  # noqa: E402
from pathlib import Path  # noqa: E402

from voice.neural.models import make_critics  # noqa: E402
from voice.neural.settings import SIZES, TrainSettings  # noqa: E402
from voice.neural.training.batches import open_corpus  # noqa: E402
from voice.neural.training.trainer import LAST_RATE, WARM_UP, Run, rate_share, train  # noqa: E402

SETTINGS = TrainSettings(size="tiny", batch=4, frames=32, steps=6, validate_every=2, patience=9, learning_rate=0.01)


class StoppedError(Exception):
    """What ends a run early."""


def trained(corpus: Path, folder: Path, settings: TrainSettings, stop_at: str = "", tick=lambda: None):
    torch.manual_seed(0)
    critics = make_critics(SIZES["tiny"], 3)
    lines: list[str] = []
    learned, held = open_corpus(corpus, settings.frames)

    def tell(line: str) -> None:
        lines.append(line)
        tick()
        if stop_at and line.startswith(stop_at):
            raise StoppedError

    told = train(critics, Run(settings, "pretrain", learned, held, folder, tell))
    return critics, told, lines


def test_a_run_that_was_stopped_ends_where_one_that_was_not_does(small_corpus: Path, tmp_path: Path) -> None:
    whole, told, lines = trained(small_corpus, tmp_path / "whole", SETTINGS)
    assert told["steps"] == 6
    assert [line.partition(":")[0] for line in lines] == ["step 2", "step 4", "step 6"]
    with pytest.raises(StoppedError):
        trained(small_corpus, tmp_path / "parts", SETTINGS, stop_at="step 4")
    parts, told, lines = trained(small_corpus, tmp_path / "parts", SETTINGS)
    assert [line.partition(":")[0] for line in lines] == ["step 4", "step 6"], "it went on from what was kept"
    one, other = whole.state_dict(), parts.state_dict()
    assert all(torch.allclose(one[name], other[name], atol=1e-6) for name in one)
    with (tmp_path / "whole" / "log" / "metrics.csv").open() as file:
        assert any(row.get("validation/content") for row in csv.DictReader(file))
    assert not list(tmp_path.rglob("*.ckpt")), "nothing is pickled"


def test_a_run_that_was_stopped_counts_what_was_kept_of_the_parts_before(
    small_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every two steps take 100 s; what was learned after the last checkpoint is learned, and counted, again."""
    clock = [0.0]
    monkeypatch.setattr("voice.neural.training.trainer.process_time", lambda: clock[0])

    def tick() -> None:
        clock[0] += 100.0

    with pytest.raises(StoppedError):
        trained(small_corpus, tmp_path, SETTINGS, stop_at="step 4", tick=tick)
    clock[0] = 7.0  # another process
    _, told, lines = trained(small_corpus, tmp_path, SETTINGS, tick=tick)
    assert len(lines) == 2
    assert told["steps"] == 6
    assert told["cpu_seconds"] == 300.0


def test_the_learning_rate_rises_and_then_falls_to_the_last() -> None:
    shares = [rate_share(step, 1000) for step in range(1001)]
    assert shares[0] == pytest.approx(1 / WARM_UP, rel=0.01)
    assert max(shares) == shares[WARM_UP - 1] > 0.98
    assert all(one >= other for one, other in zip(shares[WARM_UP:], shares[WARM_UP + 1 :], strict=False))
    assert shares[-1] == pytest.approx(LAST_RATE)
    assert rate_share(0, 1) == pytest.approx(1.0)
