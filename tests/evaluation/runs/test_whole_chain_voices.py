"""The measures of voices in finished recordings say what they promise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evaluation.attacks.own_voices import Kept
from evaluation.data.composed import Composed
from evaluation.runs.whole_chain_voices import left, line, turns_in, with_redactions, words_changed
from timeline import ArrayAudio, FloatArray, Segment, Word


def test_words_that_were_taken_out_are_not_expected() -> None:
    words = [Word(start=float(i), end=i + 0.5, text=text) for i, text in enumerate(["Call", "Ann,", "please."])]
    assert left(words, []) == "call ann please"
    assert left(words, [Segment(0.9, 1.4)]) == "call please"
    assert left(words, [Segment(0.9, 1.2)]) == "call ann please"


def test_a_redaction_is_copied_and_nothing_else() -> None:
    recording, safe = np.zeros(32000, np.float32), np.ones(32000, np.float32)
    copied = with_redactions(recording, safe, [Segment(0.5, 1.0)])
    assert copied[8000:16000].all()
    assert not copied[:8000].any()
    assert not copied[16000:].any()
    assert not recording.any()


def test_the_share_of_changed_words_is_that_of_each_sound() -> None:
    def listen(audio: ArrayAudio) -> list[Word]:
        loud = [text for text, block in zip("abcd", audio.samples.reshape(4, -1), strict=True) if block.any()]
        return [Word(start=float(i), end=i + 0.5, text=text) for i, text in enumerate(loud)]

    def sound(*loud: int) -> FloatArray:
        return np.repeat(np.array(loud, np.float32), 16000)

    assert words_changed(sound(1, 1, 1, 1), [sound(1, 1, 1, 0), sound(1, 1, 1, 1)], [], listen) == [0.25, 0.0]
    assert words_changed(sound(0, 0, 0, 0), [sound(1, 1, 1, 1)], [], listen) == [pytest.approx(np.nan, nan_ok=True)]


def test_turns_are_moved_into_the_cut_and_shortened_at_its_edges(tmp_path: Path) -> None:
    turns = {"ann": [Segment(0.0, 2.0), Segment(5.0, 9.0)], "bob": [Segment(9.5, 10.0)]}
    meeting = Composed("test", tmp_path, 25.0, (1, 1), ("ann", "bob"), turns, {})
    assert turns_in(meeting, 1.0, 6.0) == {"ann": [Segment(0.0, 1.0), Segment(4.0, 6.0)], "bob": []}


def test_the_shares_are_of_the_windows() -> None:
    text = line("strangers", Kept(20, 10, 1, 0, 0.31, 0.12))
    assert "own voice in 5.0 % of 20 windows (50 % in the recording)" in text
    assert "same waveform in 0.0 %" in text
    assert "alone" in line("strangers", Kept(0, 0, 0, 0, -1.0, -1.0))
