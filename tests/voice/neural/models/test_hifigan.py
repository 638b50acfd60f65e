import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models import HifiGan, Tuning, make_critics, warm_start  # noqa: E402
from voice.neural.models.hifigan import Generator  # noqa: E402
from voice.neural.settings import SIZES  # noqa: E402


def test_the_universal_checkpoints_layers_are_taken_over_where_they_fit() -> None:
    torch.manual_seed(0)
    own, other = Generator(SIZES["tiny"], 16), Generator(SIZES["tiny"], 80)
    state = {
        name.replace("parametrizations.weight.original0", "weight_g").replace(
            "parametrizations.weight.original1", "weight_v"
        ): value
        for name, value in other.state_dict().items()
    }
    taken, of = warm_start(own, state)
    assert (taken, of) == (len(state) - 1, len(state)), "all but the layer that hears other features"
    assert torch.equal(own.conv_post.bias, other.conv_post.bias)


def test_adversaries_have_an_optimiser_of_their_own(make_batch) -> None:
    network = HifiGan(SIZES["tiny"], 3, Tuning(make_critics(SIZES["tiny"], 3)))
    groups = network.groups()
    assert not {id(each) for each in groups["network"]} & {id(each) for each in groups["adversary"]}
    network.adversary_losses(make_batch(), "finetune")["discriminator"].backward()
    assert all(each.grad is None for each in groups["network"])
    assert all(each.grad is not None for each in groups["adversary"])


def test_a_voice_that_is_longer_is_the_same_voice(make_batch) -> None:
    network = HifiGan(SIZES["tiny"], 3, Tuning(make_critics(SIZES["tiny"], 3))).eval()
    batch = make_batch()
    own = network.identities(batch)
    longer = torch.cat([3.0 * own[:, :-1], own[:, -1:]], dim=1)
    with torch.no_grad():
        one, other = (network.convert(batch, each).sound for each in (own, longer))
    assert torch.allclose(one, other, atol=1e-5)
