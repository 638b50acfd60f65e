import math

import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.losses import duration_loss, movement_loss, pitch_loss  # noqa: E402


def test_pitch_counts_octaves_where_somebody_has_a_voice() -> None:
    wanted = torch.tensor([[7.0, 7.0, 7.0]])
    made = torch.tensor([[7.5, 9.0, 7.0]], requires_grad=True)
    voiced = torch.tensor([[1.0, 0.0, 1.0]])
    loss = pitch_loss(wanted, made, voiced)
    assert float(loss) == pytest.approx(0.25)
    loss.backward()
    assert made.grad[0, 0] > 0
    assert made.grad[0, 1] == 0
    assert float(pitch_loss(wanted, made, torch.zeros(1, 3))) == 0.0


def test_movement_is_the_same_at_another_level_and_range_and_opposite_upside_down() -> None:
    contour = torch.tensor([[1.0, 3.0, 2.0, 5.0]])
    assert float(movement_loss(contour, 0.3 * contour + 7.0)) == pytest.approx(0.0, abs=1e-6)
    assert float(movement_loss(contour, -contour)) == pytest.approx(2.0, abs=1e-6)
    made = torch.tensor([[1.0, 0.0, 2.0, 0.0]], requires_grad=True)
    before = movement_loss(contour, made)
    before.backward()
    assert float(movement_loss(contour, made.detach() - 0.1 * made.grad)) < float(before)


def test_a_flat_contour_has_a_finite_gradient() -> None:
    flat = torch.ones(1, 4, requires_grad=True)
    movement_loss(torch.tensor([[1.0, 3.0, 2.0, 5.0]]), flat).backward()
    assert torch.isfinite(flat.grad).all()


def test_duration_is_compared_in_logarithms_where_counted() -> None:
    wanted = torch.tensor([[3.0, 9.0]])
    made = torch.tensor([[math.log(4.0), 0.0]], requires_grad=True)
    assert float(duration_loss(wanted, made, torch.tensor([[1.0, 0.0]]))) == pytest.approx(0.0, abs=1e-9)
    loss = duration_loss(wanted, made, torch.ones(1, 2))
    loss.backward()
    assert float(loss) > 0
    assert made.grad[0, 1] < 0
