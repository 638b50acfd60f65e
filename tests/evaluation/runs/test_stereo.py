"""What can be made of the channels that were written."""

import numpy as np

from evaluation.runs.stereo import Counts, combinations


def test_equal_channels_give_one_sound_and_others_all_combinations() -> None:
    one = np.arange(4, dtype=np.float32)
    assert len(combinations(np.stack([one, one], 1))) == 1
    different = combinations(np.stack([one, -one], 1))
    assert len(different) == 4
    assert np.array_equal(different[-1], 2 * one)


def test_the_figures_say_how_many_private_words_are_left() -> None:
    line = Counts(recordings=2, secrets=8, understood=6, heard=1, missed=[1]).line()
    assert "1 of 8 private words audible after (0.125)" in line
    assert "[1]" in line
