import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from evaluation.runs.lab_speed import Speed, measure, table  # noqa: E402
from voice.neural import TrainSettings  # noqa: E402


def test_a_run_takes_as_many_hours_as_its_steps_take_seconds() -> None:
    speed = Speed("baseline", "cpu", "cpu", 0.1, 0.18, 10.24)
    assert speed.hours(20000) == pytest.approx(1.0)
    assert list(table([speed], 20000))[2] == "| baseline | cpu | cpu | 0.10 | 0.180 | 56.9 | 1.0 |"


def test_a_step_is_measured() -> None:
    torch.set_num_threads(1)
    found = measure(TrainSettings(architecture="baseline", size="tiny", batch=2, frames=32), 1)
    assert found.seconds > 0
    assert found.speech == pytest.approx(0.64)
