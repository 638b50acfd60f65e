import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models import FastSpeechVae, HifiGan, Tuning, make_critics  # noqa: E402
from voice.neural.models.base import Step  # noqa: E402
from voice.neural.models.student import Distillation, Student  # noqa: E402
from voice.neural.settings import SIZES, LossWeights  # noqa: E402


def test_a_stream_is_the_whole_however_it_is_cut_and_hears_nothing_of_what_comes() -> None:
    torch.manual_seed(0)
    student = Student(16, 5)
    content, prosody, voice = torch.randn(1, 12, 512), torch.randn(1, 24, 3), torch.randn(1, 5)
    whole = student(content, prosody, voice, *student.start())[0]
    past, parts = student.start(), []
    for first, last in ((0, 1), (1, 2), (2, 9), (9, 12)):
        made, *past = student(content[:, first:last], prosody[:, 2 * first : 2 * last], voice, *past)
        parts.append(made)
    assert torch.allclose(torch.cat(parts, dim=1), whole, atol=1e-5)


@pytest.mark.parametrize("kind", [FastSpeechVae, HifiGan])
def test_a_student_learns_what_its_teacher_makes_and_the_teacher_nothing(kind, make_batch) -> None:
    torch.manual_seed(0)
    teacher = kind(SIZES["tiny"], 3, Tuning(make_critics(SIZES["tiny"], 3)))
    before = {name: value.clone() for name, value in teacher.state_dict().items()}
    learner = Distillation(Student(16, teacher.identity_size), teacher)
    optimiser = torch.optim.AdamW(learner.parameters(), lr=1e-2)
    step = Step("pretrain", LossWeights(), {"network": optimiser}, torch.Tensor.backward)
    batch = make_batch(pieces=2, frames=16)
    first = learner.train_step(batch, step)["reconstruction"]
    for _ in range(20):
        last = learner.train_step(batch, step)["reconstruction"]
    assert last < 0.7 * first
    assert all(torch.equal(value, before[name]) for name, value in teacher.state_dict().items())
