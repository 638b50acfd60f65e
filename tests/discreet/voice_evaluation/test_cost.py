"""What a conversion costs, measured with the real models: nothing for the voice itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.voice_evaluation import Sounds, read_corpus
from discreet.voice_evaluation.cost import quality
from weights import Store


@pytest.mark.slow
def test_a_voice_that_was_not_changed_costs_nothing(real_corpus: Path) -> None:
    store = Store()
    corpus = read_corpus(real_corpus / "originals", real_corpus / "originals")
    found = quality(corpus, Sounds(store), store, most=2)
    assert found.takes == 2
    assert found.pitch == pytest.approx(1.0)
    assert found.energy == pytest.approx(1.0)
    assert found.pace == pytest.approx(1.0)
    assert found.stoi == pytest.approx(1.0)
    assert found.dnsmos == found.dnsmos_original
    assert found.words_lost == (0.0 if store.has("whisper-base") else None)


def test_a_changed_voice_keeps_its_melody(real_corpus: Path) -> None:
    store = Store()
    corpus = read_corpus(real_corpus / "originals", real_corpus / "converted")
    found = quality(corpus, Sounds(store), store, most=2)
    assert found.pitch is not None
    assert 0.6 < found.pitch < 0.9999
    assert found.stoi is not None
    assert found.stoi < 0.99
