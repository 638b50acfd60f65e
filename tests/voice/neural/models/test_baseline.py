import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models import Tuning, make_critics  # noqa: E402
from voice.neural.models.baseline import ConvolutionalVae  # noqa: E402
from voice.neural.settings import SIZES  # noqa: E402


def test_it_is_the_plain_network_it_is_said_to_be() -> None:
    network = ConvolutionalVae(3, Tuning(make_critics(SIZES["tiny"], 3)))
    there, back = (
        [(each.in_channels, each.out_channels, each.kernel_size) for each in part if hasattr(each, "in_channels")]
        for part in (network.encoder, network.decoder)
    )
    assert there == [(1, 32, (3, 3)), (32, 64, (3, 3))]
    assert [each[:2] for each in back] == [(64, 32), (32, 1)]
    assert network.wide.out_features == 256
    assert network.identity_size == 32


def test_only_the_encoders_own_draw_is_random(make_batch) -> None:
    torch.manual_seed(0)
    network, batch = ConvolutionalVae(3, Tuning(make_critics(SIZES["tiny"], 3))), make_batch()
    network.train()
    one, other = (network.losses(batch, "pretrain")["reconstruction"] for _ in range(2))
    assert one != other
    network.eval()
    assert network.losses(batch, "pretrain")["reconstruction"] == network.losses(batch, "pretrain")["reconstruction"]
