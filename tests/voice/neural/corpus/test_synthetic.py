import numpy as np
import pytest

from voice.neural.corpus import CorpusPlan, SyntheticReader, planned_utterances, sentence


def test_half_of_the_sentences_are_said_by_everybody() -> None:
    rows = list(planned_utterances(CorpusPlan(speakers=4, sentences=6)))
    assert len({row.id for row in rows}) == 24
    texts = [{row.text for row in rows if row.speaker == name} for name in {row.speaker for row in rows}]
    assert len(set.intersection(*texts)) == 3
    assert sorted(row.sex for row in rows[::6]) == ["f", "f", "m", "m"]


def test_a_sentence_is_always_the_same_and_rarely_another() -> None:
    assert sentence(5) == sentence(5)
    assert len({sentence(number) for number in range(100)}) > 95


@pytest.mark.slow
@pytest.mark.models
def test_a_sentence_is_said_as_loud_as_all_others(store, needs) -> None:
    needs(store, "kokoro", "misaki-en", "g2p-en")
    sound = SyntheticReader.from_store(store)(next(iter(planned_utterances(CorpusPlan(1, 2)))))
    assert 16000 < len(sound) < 10 * 16000
    assert np.abs(sound).max() == pytest.approx(0.7, abs=1e-3)
