import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models.base import FeatureHead, to_100_frames, weighed  # noqa: E402
from voice.neural.settings import LossWeights  # noqa: E402


def test_losses_count_what_their_weights_say_and_those_without_one_count_once() -> None:
    found = {"kl_content": torch.tensor(2.0), "privacy": torch.tensor(3.0), "discriminator": torch.tensor(5.0)}
    assert float(weighed(found, LossWeights(kl_content=0.1, privacy=0.5))) == pytest.approx(0.2 + 1.5 + 5.0)


def test_melody_voicing_and_loudness_are_in_the_features_before_anything_is_learned() -> None:
    head = FeatureHead(4)
    torch.nn.init.zeros_(head.out.weight)
    torch.nn.init.zeros_(head.out.bias)
    prosody = torch.tensor([[[0.25, -0.1, 0.5]]])
    made = head(torch.randn(1, 1, 4), prosody)[0, 0]
    assert made[18] == 0.25
    assert float(made[19].detach()) == pytest.approx(-0.1)
    assert made[0] == 2.0
    assert not made[1:18].any()


def test_frames_of_content_last_two_frames_of_features() -> None:
    assert to_100_frames(torch.tensor([[[1.0], [2.0]]])).flatten().tolist() == [1, 1, 2, 2]
