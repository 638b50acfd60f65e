import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models.transformer import Attention, Block, turned  # noqa: E402


@pytest.mark.parametrize("causal", [False, True])
def test_only_a_causal_block_ignores_what_comes_later(causal: bool) -> None:
    torch.manual_seed(0)
    block = Block(16, 2, causal)
    states = torch.randn(1, 6, 16)
    changed = states.clone()
    changed[:, 4:] *= -1.0
    same = torch.allclose(block(states)[0][:, :4], block(changed)[0][:, :4], atol=1e-6)
    assert same is causal


def test_a_stream_gives_what_the_whole_gives() -> None:
    torch.manual_seed(0)
    block, states = Block(16, 2, causal=True), torch.randn(2, 7, 16)
    past, parts = None, []
    for first, last in ((0, 1), (1, 2), (2, 5), (5, 7)):
        made, past = block(states[:, first:last], past)
        parts.append(made)
    assert torch.allclose(torch.cat(parts, dim=1), block(states)[0], atol=1e-5)


def test_scores_depend_on_how_far_apart_places_are_not_on_where() -> None:
    torch.manual_seed(0)
    one, other = torch.randn(1, 1, 1, 8), torch.randn(1, 1, 1, 8)
    scores = [
        float((turned(one, torch.tensor([at])) * turned(other, torch.tensor([at + 3]))).sum()) for at in (0, 5, 40)
    ]
    assert scores == pytest.approx([scores[0]] * 3, abs=1e-4)


def test_channels_that_heads_cannot_share_are_refused() -> None:
    with pytest.raises(ValueError, match="multiple"):
        Attention(18, 4, causal=False)
