import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.compress.prune import prune, weights_of  # noqa: E402
from voice.neural.models import HifiGan, Tuning, make_critics  # noqa: E402
from voice.neural.settings import SIZES  # noqa: E402


@pytest.fixture
def network():
    torch.manual_seed(0)
    return HifiGan(SIZES["tiny"], 3, Tuning(make_critics(SIZES["tiny"], 3)))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_the_share_asked_for_is_zero_and_it_is_the_smallest(network, share: float) -> None:
    before = torch.cat([each.detach().abs().flatten() for each in weights_of(network)])
    assert prune(network, share) == pytest.approx(share, abs=1e-3)
    after = torch.cat([each.detach().abs().flatten() for each in weights_of(network)])
    if share:
        assert before[after == 0].max() <= before[after > 0].min()


def test_adversaries_stay_as_they_are(network) -> None:
    before = [each.detach().clone() for each in network.adversaries.parameters()]
    prune(network, 0.9)
    assert all(torch.equal(one, other) for one, other in zip(before, network.adversaries.parameters(), strict=True))


def test_all_of_it_cannot_be_pruned(network) -> None:
    with pytest.raises(ValueError, match="below 1"):
        prune(network, 1.0)
