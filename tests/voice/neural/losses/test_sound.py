import math

import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.losses import (  # noqa: E402
    code_prediction,
    codebook,
    commitment,
    discriminator_loss,
    feature_matching,
    generator_loss,
    multi_resolution_stft,
    reconstruction,
)


@pytest.fixture
def sounds():
    generator = torch.Generator().manual_seed(0)
    return torch.randn(2, 4000, generator=generator) * 0.1, torch.randn(2, 4000, generator=generator) * 0.1


@pytest.mark.parametrize("loss", [reconstruction, multi_resolution_stft])
def test_nothing_is_lost_where_sounds_are_equal_and_something_where_not(loss, sounds) -> None:
    wanted, made = sounds
    assert float(loss(wanted, wanted)) == 0.0
    assert float(loss(wanted, made)) > 0.0


@pytest.mark.parametrize("loss", [reconstruction, multi_resolution_stft])
def test_the_gradient_leads_to_the_wanted_sound(loss, sounds) -> None:
    wanted, made = sounds[0], sounds[1].clone().requires_grad_()
    before = loss(wanted, made)
    before.backward()
    step = 1e-3 * made.grad / made.grad.abs().max()
    assert float(loss(wanted, made.detach() - step)) < float(before)


def test_spectra_do_not_care_about_polarity_but_about_level(sounds) -> None:
    wanted, _ = sounds
    assert float(multi_resolution_stft(wanted, -wanted)) == pytest.approx(0.0, abs=1e-6)
    # Half the level: convergence .5, and ln 2 of the logarithms.
    assert float(multi_resolution_stft(wanted, wanted / 2)) == pytest.approx(0.5 + math.log(2), abs=1e-3)


def test_silence_has_a_finite_loss_and_gradient() -> None:
    made = torch.zeros(1, 4000, requires_grad=True)
    loss = multi_resolution_stft(torch.zeros(1, 4000), made)
    loss.backward()
    assert float(loss) == 0.0
    assert torch.isfinite(made.grad).all()


def test_an_adversary_is_content_when_it_tells_all_and_a_generator_when_it_tells_nothing() -> None:
    ones, zeros = [torch.ones(2, 3)], [torch.zeros(2, 3)]
    assert float(discriminator_loss(ones, zeros)) == 0.0
    assert float(discriminator_loss(zeros, ones)) == 2.0
    assert float(generator_loss(ones)) == 0.0
    assert float(generator_loss(zeros)) == 1.0


def test_adversary_and_generator_pull_scores_of_made_sound_apart() -> None:
    score = torch.full((1, 1), 0.5, requires_grad=True)
    discriminator_loss([torch.ones(1, 1)], [score]).backward()
    down = score.grad.clone()
    score.grad = None
    generator_loss([score]).backward()
    assert score.grad < 0 < down


def test_matching_compares_inner_layers_and_moves_the_made_ones_only() -> None:
    real, made = torch.ones(2, requires_grad=True), torch.zeros(2, requires_grad=True)
    assert float(feature_matching([[real]], [[real]])) == 0.0
    loss = feature_matching([[real]], [[made]])
    loss.backward()
    assert float(loss) == 1.0
    assert real.grad is None
    assert (made.grad < 0).all()


def test_commitment_moves_the_encoder_and_codebook_the_code() -> None:
    encoded, code = torch.zeros(3, requires_grad=True), torch.ones(3, requires_grad=True)
    commitment(encoded, code).backward()
    assert (encoded.grad < 0).all()
    assert code.grad is None
    encoded.grad = None
    codebook(encoded, code).backward()
    assert (code.grad > 0).all()
    assert encoded.grad is None
    assert float(commitment(encoded, encoded)) == float(codebook(code, code)) == 0.0


def test_codes_that_nothing_is_known_of_cost_the_logarithm_of_their_number() -> None:
    codes = torch.tensor([[1, 0, 3]])
    assert float(code_prediction(torch.zeros(1, 3, 4), codes)) == pytest.approx(math.log(4))
    sure = 50.0 * torch.nn.functional.one_hot(codes, 4).float()
    assert float(code_prediction(sure, codes)) < 1e-6
