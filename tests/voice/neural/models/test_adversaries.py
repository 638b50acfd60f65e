import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models.adversaries import PERIODS, SCALES, SoundAdversaries  # noqa: E402


def test_each_adversary_scores_and_shows_its_layers_for_any_length() -> None:
    for samples in (1600, 1601, 3210):
        scores, inner = SoundAdversaries(2)(torch.randn(2, samples))
        assert len(scores) == len(inner) == len(PERIODS) + SCALES
        assert all(len(layers) == 3 for layers in inner)
        assert all(torch.isfinite(score).all() for score in scores)
