"""What a model's folder holds is known without torch."""

from pathlib import Path

import pytest

from timeline import InputError
from voice.neural.model_folder import CARD, MODEL, last_stage, read_card, require_pretrained


def test_the_stage_trained_last_is_told(tmp_path: Path) -> None:
    (tmp_path / CARD).write_text('{"pretrain": {"steps": 2}}')
    assert last_stage(tmp_path) == {"steps": 2}
    (tmp_path / CARD).write_text('{"pretrain": {"steps": 2}, "finetune": {"steps": 3}}')
    assert last_stage(tmp_path) == {"steps": 3}


@pytest.mark.parametrize("card", [None, "{}"])
def test_a_folder_without_a_trained_network_is_refused(tmp_path: Path, card: str | None) -> None:
    if card is not None:
        (tmp_path / CARD).write_text(card)
    with pytest.raises(InputError, match="no trained network"):
        last_stage(tmp_path)


def test_a_damaged_card_is_refused(tmp_path: Path) -> None:
    (tmp_path / CARD).write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        read_card(tmp_path)


def test_finetuning_needs_the_weights_of_that_architecture(tmp_path: Path) -> None:
    (tmp_path / "hifigan").mkdir()
    (tmp_path / "hifigan" / MODEL).touch()
    require_pretrained(tmp_path, "hifigan")
    with pytest.raises(InputError, match="holds no baseline"):
        require_pretrained(tmp_path, "baseline")
