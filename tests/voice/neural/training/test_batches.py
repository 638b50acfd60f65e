import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from dataclasses import replace  # noqa: E402
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


def test_half_of_the_pieces_are_said_by_an_aligned_voice_and_the_target_stays(
    small_corpus: Path, tmp_path: Path
) -> None:
    learned, _ = open_corpus(small_corpus, 32)
    first, second = learned.utterances[0], next(u for u in learned.utterances if u.speaker != "s0")
    alone, aligned = (
        replace(learned, utterances=tuple(replace(each, aligned=name) for each in (first, second)))
        for name in ("", "a text")
    )
    settings = SETTINGS.changed(batch=4)
    plain = [Pieces(alone, settings, 8)[i] for i in range(8)]
    others = [Pieces(aligned, settings, 8)[i] for i in range(8)]
    own = {float(row.sum()) for each in plain for row in whole(alone, first).content[0]}
    foreign = {float(row.sum()) for row in whole(alone, second).content[0]}

    def said_by_another(batch) -> float:
        mine = batch.speaker == learned.number(first)
        rows = [float(piece[0].sum()) in foreign - own for piece in batch.content[mine]]
        return sum(rows) / max(1, len(rows))

    assert all(said_by_another(each) == 0.0 for each in plain)
    assert any(said_by_another(each) > 0.0 for each in others)
    assert all(each.bark.shape == (4, 32, 20) for each in others)
