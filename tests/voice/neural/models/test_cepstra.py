import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

import numpy as np  # noqa: E402

from voice.neural.features import BANDS, bark_features  # noqa: E402
from voice.neural.models.cepstra import cepstra_of  # noqa: E402


def test_they_are_the_features_cepstra_and_pass_a_gradient() -> None:
    at = np.arange(4000) / 16000
    sound = (0.2 * np.sin(2 * np.pi * 180 * at) + 0.01 * np.random.default_rng(0).normal(size=4000)).astype(np.float32)
    given = torch.tensor(sound)[None].requires_grad_()
    made = cepstra_of(given)
    assert made[0].detach().numpy() == pytest.approx(bark_features(sound)[:, :BANDS], abs=2e-3)
    made.sum().backward()
    assert torch.isfinite(given.grad).all()
    assert given.grad.abs().sum() > 0


def test_silence_has_a_finite_gradient() -> None:
    given = torch.zeros(1, 800, requires_grad=True)
    cepstra_of(given).sum().backward()
    assert torch.isfinite(given.grad).all()
