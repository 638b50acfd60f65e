import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models.codec import LATENT, Codec, Quantiser, nearest  # noqa: E402
from voice.neural.settings import BOOKS, CODES  # noqa: E402


def test_codes_are_four_of_256_at_half_the_frames() -> None:
    codes = Codec(16).codes(torch.randn(2, 12, 20))
    assert codes.shape == (2, 6, BOOKS) == (2, 6, 4)
    assert 0 <= int(codes.min()) <= int(codes.max()) < CODES == 256


def test_each_book_leaves_less_than_the_one_before() -> None:
    torch.manual_seed(0)
    quantiser, latents = Quantiser(), torch.randn(1, 400, LATENT)
    for _ in range(3):
        quantiser.revive(latents)
    _, codes, _ = quantiser(latents)
    left = [float((latents - quantiser.decoded(codes[..., :books])).square().mean()) for books in range(1, BOOKS + 1)]
    assert left == sorted(left, reverse=True)


def test_what_is_quantised_is_what_its_codes_stand_for_and_gradients_pass() -> None:
    quantiser, latents = Quantiser(), torch.randn(1, 5, LATENT, requires_grad=True)
    quantised, codes, losses = quantiser(latents)
    assert torch.allclose(quantised, quantiser.decoded(codes), atol=1e-5)
    quantised.sum().backward(retain_graph=True)
    assert torch.equal(latents.grad, torch.ones_like(latents))
    assert all(float(loss.detach()) > 0 for loss in losses.values())


def test_codes_that_nothing_uses_are_moved_to_where_something_is() -> None:
    torch.manual_seed(0)
    quantiser = Quantiser()
    latents = torch.randn(1, 600, LATENT) + 5.0
    before = len(nearest(latents, quantiser.books[0]).unique())
    assert quantiser.revive(latents) > 0
    assert len(nearest(latents, quantiser.books[0]).unique()) > max(before, 100)
