import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models import Tuning, make_critics  # noqa: E402
from voice.neural.models.fastspeech_vae import FastSpeechVae, low_voices  # noqa: E402
from voice.neural.settings import SIZES  # noqa: E402


@pytest.fixture
def network():
    torch.manual_seed(0)
    return FastSpeechVae(SIZES["tiny"], 3, Tuning(make_critics(SIZES["tiny"], 3))).eval()


def test_the_content_latent_forgets_the_level_of_its_channels(network, make_batch) -> None:
    batch = make_batch()
    with torch.no_grad():
        network.content.layer.conv.weight.zero_()
        one, other = (network.content(content)[0] for content in (batch.content, 3.0 * batch.content))
    assert torch.allclose(one, other, atol=1e-2)


@pytest.mark.parametrize(("hz", "low"), [(110.0, 1.0), (220.0, 0.0)])
def test_all_that_is_taken_of_the_own_voice_is_whether_it_is_low(hz: float, low: float) -> None:
    bark = torch.zeros(1, 10, 20)
    bark[..., 18] = torch.log2(torch.tensor(256 * hz / 16000)) - 1.5
    assert low_voices(bark).item() == low


def test_the_anonymiser_gives_another_voice_for_another_draw(network) -> None:
    one, other = (network.anonymiser(torch.randn(1, 32), torch.zeros(1, 1)) for _ in range(2))
    assert not torch.allclose(one, other)
