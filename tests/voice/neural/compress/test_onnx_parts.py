import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.compress.onnx_parts import parts_of, student_part  # noqa: E402
from voice.neural.models import make_architecture, make_critics  # noqa: E402
from voice.neural.models.student import DILATIONS, Student  # noqa: E402
from voice.neural.settings import ARCHITECTURES, SIZES, TrainSettings  # noqa: E402


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_part_runs_on_its_own_examples_and_names_all_that_comes_out(name: str) -> None:
    settings = TrainSettings(architecture=name, size="tiny")
    network = make_architecture(settings, 3, make_critics(SIZES["tiny"], 3)).eval()
    for part in parts_of(network):
        with torch.no_grad():
            made = part.module(*part.inputs.values())
        assert len(part.outputs) == (len(made) if isinstance(made, tuple) else 1)
        assert part.lengths.keys() <= {*part.inputs, *part.outputs}


def test_a_students_states_go_in_and_come_out() -> None:
    part = student_part(Student(16, 5))
    assert sum(name.startswith("past") for name in part.inputs) == len(part.outputs) - 1 == len(DILATIONS)
