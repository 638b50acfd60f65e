"""The measures of voices in finished recordings say what they promise."""

from __future__ import annotations

from evaluation.attacks.own_voices import Kept
from evaluation.data.composed import Composed
from evaluation.runs.whole_chain_voices import left, line, turns_in
from timeline import Segment, Word


def test_words_that_were_taken_out_are_not_expected() -> None:
    words = [Word(start=float(i), end=i + 0.5, text=text) for i, text in enumerate(["Call", "Ann,", "please."])]
    assert left(words, []) == "call ann please"
    assert left(words, [Segment(0.9, 1.4)]) == "call please"
    assert left(words, [Segment(0.9, 1.2)]) == "call ann please"


def test_turns_are_moved_into_the_cut_and_shortened_at_its_edges(tmp_path) -> None:
    turns = {"ann": [Segment(0.0, 2.0), Segment(5.0, 9.0)], "bob": [Segment(9.5, 10.0)]}
    meeting = Composed("test", tmp_path, 25.0, (1, 1), ("ann", "bob"), turns, {})
    assert turns_in(meeting, 1.0, 6.0) == {"ann": [Segment(0.0, 1.0), Segment(4.0, 6.0)], "bob": []}


def test_the_shares_are_of_the_windows() -> None:
    text = line("strangers", Kept(20, 10, 1, 0, 0.31, 0.12))
    assert "own voice in 5.0 % of 20 windows (50 % in the recording)" in text
    assert "same waveform in 0.0 %" in text
    assert "alone" in line("strangers", Kept(0, 0, 0, 0, -1.0, -1.0))
