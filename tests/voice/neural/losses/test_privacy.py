import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.losses import content_distance, embedding_likeness  # noqa: E402


def test_likeness_is_one_for_the_same_voice_and_zero_for_unrelated_and_opposite_ones() -> None:
    own = torch.tensor([[1.0, 0.0]])
    assert float(embedding_likeness(own, 3.0 * own)) == pytest.approx(1.0)
    assert float(embedding_likeness(own, torch.tensor([[0.0, 2.0]]))) == 0.0
    assert float(embedding_likeness(own, -own)) == 0.0
    assert float(embedding_likeness(own, own, margin=0.25)) == pytest.approx(0.75)


def test_likeness_moves_the_converted_voice_away_and_leaves_the_own_alone() -> None:
    own = torch.tensor([[1.0, 0.0]], requires_grad=True)
    converted = torch.tensor([[1.0, 1.0]], requires_grad=True)
    before = embedding_likeness(own, converted)
    before.backward()
    assert own.grad is None
    assert float(embedding_likeness(own, converted.detach() - 0.1 * converted.grad)) < float(before)


def test_likeness_does_not_push_voices_to_be_opposite() -> None:
    converted = torch.tensor([[-1.0, 1.0]], requires_grad=True)
    embedding_likeness(torch.tensor([[1.0, 0.0]]), converted).backward()
    assert not converted.grad.any()


def test_content_is_kept_where_states_point_the_same_way() -> None:
    states = torch.randn(2, 5, 8, generator=torch.Generator().manual_seed(0))
    assert float(content_distance(states, 2.0 * states)) == pytest.approx(0.0, abs=1e-6)
    assert float(content_distance(states, -states)) == pytest.approx(2.0, abs=1e-6)


def test_content_distance_falls_along_its_gradient() -> None:
    generator = torch.Generator().manual_seed(0)
    wanted = torch.randn(1, 4, 6, generator=generator)
    heard = torch.randn(1, 4, 6, generator=generator).requires_grad_()
    before = content_distance(wanted, heard)
    before.backward()
    assert float(content_distance(wanted, heard.detach() - heard.grad)) < float(before)
