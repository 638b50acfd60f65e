import math

import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.losses import drawn, kl_to_normal, reverse_gradient, speaker_classification  # noqa: E402


def test_divergence_is_zero_for_the_standard_normal_and_positive_beside_it() -> None:
    zero = torch.zeros(3, 4)
    assert kl_to_normal(zero, zero) == 0.0
    for mean, log_variance in ((0.1, 0.0), (-0.1, 0.0), (0.0, 0.2), (0.0, -0.2)):
        assert kl_to_normal(zero + mean, zero + log_variance) > 0.0


def test_divergence_is_that_of_the_formula() -> None:
    mean, log_variance = torch.tensor([2.0]), torch.tensor([math.log(3.0)])
    assert float(kl_to_normal(mean, log_variance)) == pytest.approx(0.5 * (4 + 3 - 1 - math.log(3)))


def test_divergence_pulls_the_mean_to_zero_and_the_variance_to_one() -> None:
    mean = torch.tensor([1.0, -1.0], requires_grad=True)
    log_variance = torch.tensor([1.0, -1.0], requires_grad=True)
    kl_to_normal(mean, log_variance).backward()
    assert (torch.sign(mean.grad) == torch.sign(mean)).all()
    assert (torch.sign(log_variance.grad) == torch.sign(log_variance)).all()


def test_a_draw_has_the_mean_and_the_variance_asked_for_and_passes_the_gradient() -> None:
    torch.manual_seed(0)
    mean = torch.full((20000,), 2.0, requires_grad=True)
    log_variance = torch.full((20000,), math.log(0.25), requires_grad=True)
    values = drawn(mean, log_variance, random=True)
    assert float(values.detach().mean()) == pytest.approx(2.0, abs=0.02)
    assert float(values.detach().std()) == pytest.approx(0.5, abs=0.02)
    values.sum().backward()
    assert torch.equal(mean.grad, torch.ones_like(mean))
    assert log_variance.grad.abs().sum() > 0
    assert drawn(mean, log_variance, random=False) is mean


def test_classification_is_the_logarithm_of_the_choices_where_nothing_is_known() -> None:
    speakers = torch.tensor([0, 3, 2])
    assert float(speaker_classification(torch.zeros(3, 5), speakers)) == pytest.approx(math.log(5))
    assert float(speaker_classification(100.0 * torch.nn.functional.one_hot(speakers, 5).float(), speakers)) < 1e-6


def test_classification_raises_the_right_answer() -> None:
    logits = torch.zeros(1, 3, requires_grad=True)
    speaker_classification(logits, torch.tensor([1])).backward()
    assert logits.grad[0, 1] < 0 < min(logits.grad[0, 0], logits.grad[0, 2])


@pytest.mark.parametrize("strength", [0.0, 0.5, 2.0])
def test_reversal_keeps_values_and_turns_their_gradient_round(strength: float) -> None:
    values = torch.tensor([1.0, -3.0], requires_grad=True)
    passed = reverse_gradient(values, strength)
    assert torch.equal(passed, values)
    (passed * torch.tensor([2.0, 5.0])).sum().backward()
    assert torch.allclose(values.grad, -strength * torch.tensor([2.0, 5.0]))
