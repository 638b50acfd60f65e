"""What every architecture promises: shapes, gradients that reach everything, voices that differ, learning."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models import Step, make_architecture, make_critics  # noqa: E402
from voice.neural.settings import ARCHITECTURES, SIZES, LossWeights, TrainSettings  # noqa: E402

OVERFIT = {
    "baseline": ("reconstruction", 90, 0.5),
    "fastspeech-vae": ("reconstruction", 60, 0.6),
    "hifigan": ("spectral", 12, 0.9),
    "codec-lm": ("reconstruction", 60, 0.7),
}
"""Which loss falls in how many steps below which share of what it was."""


@pytest.fixture
def network(request):
    torch.manual_seed(0)
    critics = make_critics(SIZES["tiny"], 3)
    return make_architecture(TrainSettings(architecture=request.param, size="tiny"), 3, critics)


each = pytest.mark.parametrize("network", ARCHITECTURES, indirect=True)


def optimisers(network, rate: float = 1e-2):
    return {name: torch.optim.AdamW(group, lr=rate) for name, group in network.groups().items()}


@each
def test_what_is_made_is_as_long_as_what_is_given(network, make_batch) -> None:
    batch = make_batch(pieces=2, frames=32)
    network.eval()
    voices = network.identities(batch)
    assert voices.shape == (2, network.identity_size)
    made = network.convert(batch, voices)
    if made.bark is not None:
        assert made.bark.shape == batch.bark.shape
    else:
        assert made.sound.shape == batch.sound.shape
        assert made.sound.abs().max() <= 1.0


@each
def test_conversion_is_repeatable_and_another_voice_sounds_otherwise(network, make_batch) -> None:
    batch = make_batch(pieces=2, frames=32)
    network.eval()
    with torch.no_grad():
        voices = network.identities(batch)
        one, again, other = (network.convert(batch, each) for each in (voices, voices, voices + 1.0))
    first, second, third = (made.bark if made.bark is not None else made.sound for made in (one, again, other))
    assert torch.equal(first, second)
    assert not torch.allclose(first, third, atol=1e-5)


@each
def test_every_loss_has_a_weight_and_is_finite_in_both_stages(network, make_batch) -> None:
    batch = make_batch()
    own = {"predicted_pitch", "predicted_loudness", "discriminator"}
    for stage in ("pretrain", "finetune"):
        found = network.losses(batch, stage) | network.adversary_losses(batch, stage)
        assert found.keys() - own <= set(LossWeights.model_fields)
        assert all(torch.isfinite(value) and value.ndim == 0 for value in found.values()), found


@each
def test_the_gradient_reaches_every_parameter(network, make_batch) -> None:
    torch.manual_seed(1)
    batch = make_batch()
    for losses in (network.losses, network.adversary_losses):
        found = losses(batch, "finetune")
        if found:
            torch.stack(list(found.values())).sum().backward()
    without = [name for name, each in network.named_parameters() if each.requires_grad and not (
        each.grad is not None and each.grad.abs().sum() > 0
    )]  # fmt: skip
    assert without == []


@each
def test_no_critic_learns_or_is_saved(network, make_batch) -> None:
    assert not any("critic" in name for name in network.state_dict())
    before = {name: value.clone() for name, value in network.tuning.critics.state_dict().items()}
    step = Step("finetune", LossWeights(), optimisers(network), torch.Tensor.backward)
    network.train_step(make_batch(), step)
    after = network.tuning.critics.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


@each
def test_one_batch_is_learned_by_heart(network, make_batch) -> None:
    batch = make_batch(pieces=2, frames=32)
    loss, count, below = OVERFIT[network.name]
    # Nothing random, and nothing that pulls the other way: only whether the network can.
    weights = LossWeights(kl_content=0, kl_speaker=0, hiding=0, adversarial=0, matching=0)
    if loss == "spectral":  # the features of this batch are not those of its sound
        weights = LossWeights(reconstruction=0, adversarial=0, matching=0, hiding=0)
    step = Step("pretrain", weights, optimisers(network), torch.Tensor.backward)
    network.train()
    first = network.train_step(batch, step)
    for _ in range(count):
        last = network.train_step(batch, step)
    assert last[loss] < below * first[loss], (first, last)
