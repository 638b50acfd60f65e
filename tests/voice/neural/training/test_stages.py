import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

pytest.importorskip("lightning", reason="the voice lab trains with Lightning: pip install -e .[lab]")

from pathlib import Path  # noqa: E402

from timeline import InputError  # noqa: E402
from voice.neural.settings import TrainSettings  # noqa: E402
from voice.neural.training import finetune, open_model, pretrain  # noqa: E402

SETTINGS = TrainSettings(architecture="baseline", size="tiny", batch=2, frames=32, steps=2, validate_every=2)


def test_a_network_is_pretrained_finetuned_and_opened_again(small_corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no baseline"):
        finetune(small_corpus, tmp_path, SETTINGS)
    place = pretrain(small_corpus, tmp_path, SETTINGS)
    before, _ = open_model(place)
    finetune(small_corpus, tmp_path, SETTINGS)
    after, card = open_model(place)
    assert card["pretrain"]["steps"] == card["finetune"]["steps"] == 2
    assert card["speakers"] == ["s0", "s1", "s2"]
    assert len(card["sha256"]) == 64
    assert not torch.equal(before.wide.weight, after.wide.weight)
    with pytest.raises(InputError, match="another corpus or size"):
        pretrain(small_corpus, tmp_path, SETTINGS.changed(size="cpu"))


def test_an_empty_folder_holds_no_model(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no trained network"):
        open_model(tmp_path)
