"""What a live voice keeps is counted over all words, and everything of the original is kept by itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evaluation.runs.live_quality import RATE, Kept, converted, listener, measured, takes
from voice.live.student import card
from voice.live.student.shipped import CARD, FOLDER


def test_the_line_counts_words_of_all_takes() -> None:
    kept = Kept(words=40, errors=5, pitch=[0.8, float("nan"), 0.9], dnsmos=[3.0, 2.0], cpu=1.0, seconds=10.0)
    assert kept.line("warp") == "warp: words lost 12.5 % of 40, F0 0.85, DNSMOS 2.50, RTF 0.100"


def test_the_original_loses_nothing_and_silence_everything(store, needs) -> None:
    needs(store, "dnsmos")
    at = np.arange(2 * RATE) / RATE
    phase = 2 * np.pi * np.cumsum(120 + 20 * np.sin(2 * np.pi * at)) / RATE
    sound = (0.2 * sum(np.cos(k * phase) / k for k in range(1, 15))).astype(np.float32)
    says = {"original": lambda given, who: given, "nothing": lambda given, who: np.zeros_like(given)}
    found = measured(says, [("ann", sound)], lambda given: ["one", "two"] if given.any() else [], store)
    assert (found["original"].errors, found["nothing"].errors) == (0, 2)
    assert found["original"].pitch[0] == pytest.approx(1.0)


def test_takes_are_of_every_speaker(media: Path) -> None:
    assert len({speaker for speaker, _ in takes(1)}) == 9


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.skipif(not (FOLDER / CARD).is_file(), reason="no student ships with this version")
def test_what_ships_keeps_what_its_card_says(store, needs, media: Path) -> None:
    """Words, melody and speed on real voices that it never learned from, a few points beside the card's figures."""
    needs(store, "fargan", "whisper-base", "dnsmos")
    said = card()["measured"]
    kept = measured({"student": converted("student")}, list(takes(1)), listener(store), store)["student"]
    print(kept.line("student"))
    assert kept.words > 60
    assert kept.errors / kept.words <= said["words_lost"] + 0.06
    assert np.nanmean(kept.pitch) >= said["pitch"] - 0.05
