import pytest
from pydantic import ValidationError

from voice.neural.settings import SIZES, LossWeights, TrainSettings


def test_the_weights_are_those_of_the_recipe() -> None:
    weights = LossWeights()
    assert (weights.reconstruction, weights.kl_content, weights.kl_speaker, weights.privacy) == (1.0, 0.1, 0.1, 0.5)


@pytest.mark.parametrize("size", sorted(SIZES))
def test_heads_share_the_channels_of_every_size(size) -> None:
    assert SIZES[size].hidden % (2 * SIZES[size].heads) == 0


def test_changed_settings_are_checked_as_the_first_were() -> None:
    assert TrainSettings().changed(steps=5).steps == 5
    for wrong in (
        {"steps": 0},
        {"frames": 30},
        {"unknown": 1},
        {"architecture": "other"},
        {"weights": {"privacy": -1}},
    ):
        with pytest.raises(ValidationError):
            TrainSettings().changed(**wrong)
