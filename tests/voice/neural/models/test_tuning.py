import dataclasses

import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models import Tuning, make_critics  # noqa: E402
from voice.neural.models.tuning import melody_loss  # noqa: E402
from voice.neural.settings import SIZES  # noqa: E402


def test_a_melody_at_another_level_is_the_same_and_a_flat_one_is_not(make_batch) -> None:
    batch = make_batch()
    sung = batch.bark.clone()
    sung[..., 18] = batch.prosody[..., 0] + 0.7
    sung[..., 0] = 4.0 * batch.prosody[..., 2] - 1.0
    assert float(melody_loss(batch, sung)) < 1e-3
    flat = sung.clone()
    flat[..., 18] = 0.7
    assert float(melody_loss(batch, flat)) > 0.02


def test_what_has_no_voice_has_no_melody(make_batch) -> None:
    batch = make_batch()
    silent = dataclasses.replace(batch, prosody=batch.prosody * torch.tensor([1.0, 0.0, 1.0]) - torch.tensor([0, 1, 0]))
    sung = batch.bark.clone()
    sung[..., 0] = silent.prosody[..., 2]
    assert float(melody_loss(silent, sung)) < 1e-3


def test_the_own_voice_costs_privacy(make_batch) -> None:
    torch.manual_seed(0)
    batch = make_batch()
    found = Tuning(make_critics(SIZES["tiny"], 3)).losses(batch, batch.bark)
    assert float(found["privacy"]) == pytest.approx(0.9, abs=1e-4)
