import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

import numpy as np  # noqa: E402

from voice.live.student.training.bottleneck import perplexity, streamed  # noqa: E402


def test_a_stream_has_the_cepstra_of_the_whole() -> None:
    rng = np.random.default_rng(0)
    sound = (rng.normal(0, 0.1, 16000) * np.linspace(0.1, 1, 16000)).astype(np.float32)
    assert streamed(sound)[:18].max() < 1e-3


def test_perplexity_counts_codes_by_how_often_they_are_used() -> None:
    assert perplexity(torch.arange(16).repeat(4)) == pytest.approx(16)
    assert perplexity(torch.zeros(9, dtype=torch.long)) == pytest.approx(1)
    assert 1 < perplexity(torch.tensor([0] * 9 + [1])) < 1.5
