import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from pathlib import Path  # noqa: E402

from timeline import InputError  # noqa: E402
from voice.neural.corpus import split_of  # noqa: E402
from voice.neural.settings import TrainSettings  # noqa: E402
from voice.neural.training import Pieces, open_corpus, whole  # noqa: E402

SETTINGS = TrainSettings(batch=4, frames=32)


def test_the_corpus_of_these_tests_is_learned_from() -> None:
    assert {split_of(f"s{number}") for number in range(3)} == {"train"}


def test_a_piece_is_in_step_in_all_of_its_features(small_corpus: Path) -> None:
    learned, held = open_corpus(small_corpus, 32)
    batch = Pieces(learned, SETTINGS, 1)[0]
    assert batch.content.shape == (4, 16, 512)
    assert batch.bark.shape == (4, 32, 20)
    assert batch.sound.shape == (4, 32 * 160)
    full = whole(learned, learned.utterances[0])
    assert full.bark.shape[1] == 2 * full.content.shape[1] == 80
    assert not {each.id for each in learned.utterances} & {each.id for each in held.utterances}


def test_a_batch_follows_from_seed_epoch_and_place(small_corpus: Path) -> None:
    learned, _ = open_corpus(small_corpus, 32)
    same = Pieces(learned, SETTINGS, 4, epoch=2)[3], Pieces(learned, SETTINGS, 9, epoch=2)[3]
    assert torch.equal(same[0].bark, same[1].bark)
    for other in (Pieces(learned, SETTINGS, 4, 1)[3], Pieces(learned, SETTINGS.changed(seed=1), 4, 2)[3]):
        assert not torch.equal(same[0].bark, other.bark)


def test_a_unit_that_was_cut_off_at_the_beginning_has_no_duration(small_corpus: Path) -> None:
    learned, _ = open_corpus(small_corpus, 32)
    batch = Pieces(learned, SETTINGS, 1)[0]
    assert (batch.durations >= 0).all()
    assert (batch.durations > 0).float().mean() > 0.7


def test_too_little_speech_is_refused(small_corpus: Path) -> None:
    with pytest.raises(InputError, match="too little speech"):
        open_corpus(small_corpus, 4000)
