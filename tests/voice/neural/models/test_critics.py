import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models import make_critics  # noqa: E402
from voice.neural.models.critics import FrameAdversary  # noqa: E402
from voice.neural.settings import SIZES, VOICEPRINT  # noqa: E402


def test_a_voiceprint_has_length_one_and_a_reader_half_the_frames() -> None:
    critics = make_critics(SIZES["tiny"], 3)
    cepstra = torch.randn(2, 12, 18)
    found = critics.voiceprint(cepstra)
    assert found.shape == (2, VOICEPRINT)
    assert torch.allclose(found.norm(dim=-1), torch.ones(2), atol=1e-5)
    assert critics.reader(cepstra).shape == (2, 6, 512)


def test_critics_learn_speakers_and_content_of_a_batch(make_batch) -> None:
    torch.manual_seed(0)
    critics, batch = make_critics(SIZES["tiny"], 3), make_batch()
    optimiser = torch.optim.AdamW(critics.parameters(), lr=1e-2)
    first = critics.losses(batch)
    for _ in range(40):
        found = critics.losses(batch)
        optimiser.zero_grad()
        sum(found.values()).backward()
        optimiser.step()
    assert float(found["speaker"].detach()) < 0.3 * float(first["speaker"].detach())
    assert float(found["content"].detach()) < 0.8 * float(first["content"].detach())


def test_frozen_critics_pass_gradients_and_keep_none() -> None:
    critics = make_critics(SIZES["tiny"], 3).frozen()
    cepstra = torch.randn(1, 8, 18, requires_grad=True)
    critics.voiceprint(cepstra).sum().backward()
    assert cepstra.grad.abs().sum() > 0
    assert all(each.grad is None for each in critics.parameters())


def test_an_adversary_scores_stretches_of_features() -> None:
    scores, inner = FrameAdversary(2, 20)(torch.randn(2, 16, 20))
    assert scores.shape == (2, 1, 4)
    assert len(inner) == 2
