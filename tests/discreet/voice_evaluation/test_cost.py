"""What a conversion costs, measured with the real models: nothing for the voice itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from discreet.voice_evaluation import Sounds, read_corpus
from discreet.voice_evaluation.cost import quality, words_lost
from redaction.asr import RecognisedWord
from timeline import FloatArray
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


def test_words_are_counted_take_by_take() -> None:
    """A recogniser leaves words out where one voice follows another."""
    heard: list[int] = []

    def recogniser(samples: FloatArray, language: str | None) -> tuple[list[RecognisedWord], dict[str, float]]:
        heard.append(len(samples))
        return [RecognisedWord(0.0, 0.1, f" {word}", 1.0) for word in ("one", "two")[: 1 + samples.any()]], {}

    loud, silent = np.ones(1600, np.float32), np.zeros(1600, np.float32)
    assert words_lost(recogniser, [(loud, loud), (loud, silent)]) == 1 / 4
    assert len(heard) == 4


def test_without_any_word_no_share_is_given() -> None:
    assert words_lost(lambda samples, language: ([], {}), [(np.zeros(1600, np.float32),) * 2]) is None
