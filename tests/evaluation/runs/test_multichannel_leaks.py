"""What can be made of the channels that were written."""

from pathlib import Path

import numpy as np
import pytest

from discreet.config import load
from evaluation.data.pii_sentences import Said
from evaluation.data.synthetic_voices import Voices
from evaluation.runs.multichannel_leaks import (
    PAUSE,
    RATE,
    Counts,
    Listener,
    Mixed,
    Results,
    combinations,
    left_in,
    mixed,
    recording,
    strung,
)
from timeline import Word


def test_equal_channels_give_one_sound_and_others_all_combinations() -> None:
    one = np.arange(4, dtype=np.float32)
    assert len(combinations(np.stack([one, one], 1))) == 1
    different = combinations(np.stack([one, -one], 1))
    assert len(different) == 4
    assert np.array_equal(different[-1], 2 * one)


def test_the_figures_say_how_many_private_words_are_left() -> None:
    line = Counts(mixes=2, recordings=1, secrets=8, understood=6, heard=1, missed=[1]).line()
    assert "1 of 8 private words audible after (0.125)" in line
    assert "[1]" in line


def test_mixes_keep_their_own_sound_and_a_word_counts_where_it_was_said() -> None:
    def mix(number: int, name: str) -> Mixed:
        return Mixed(
            number, [Said(["hello", name], [None, 0], ["PERSON"], f"hello {name}")], np.full((RATE, 2), number)
        )

    first, second = mix(1, "Gareth"), mix(2, "Llewellyn")
    samples, places = strung([first, second])
    assert samples.shape == (round((2 + PAUSE) * RATE), 2)
    for each, place in zip([first, second], places, strict=True):
        inside = samples[round(place.start * RATE) : round(place.end * RATE)]
        assert np.array_equal(inside, each.samples)
    heard = [[Word(start=places[1].start, end=places[1].start + 0.4, text="Llewellyn")]]
    assert left_in(second, places[1], heard) == {"llewellyn"}
    assert left_in(first, places[0], heard) == set()
    elsewhere = [[Word(start=places[0].start, end=places[0].start + 0.4, text="Llewellyn")]]
    assert left_in(second, places[1], elsewhere) == set()


def test_a_stopped_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    results = Results(tmp_path / "results.jsonl")
    assert results.missing(2, range(3)) == [0, 1, 2]
    results.add(2, [0, 1], Counts(mixes=2, recordings=1, secrets=3))
    results.add(6, [0], Counts(mixes=1, recordings=1, heard=1, missed=[0]))
    again = Results(tmp_path / "results.jsonl")
    again.add(2, [2], Counts(mixes=1, recordings=1, secrets=4, missed=[2]))
    assert again.missing(2, range(5)) == [3, 4]
    assert again.missing(6, range(2)) == [1]
    assert again.counts(2) == Counts(mixes=3, recordings=2, secrets=7, missed=[2])
    assert again.counts(8) == Counts()


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.media
@pytest.mark.parametrize("channels", [2, 6])
def test_no_combination_of_channels_reveals_a_private_word_of_random_mixes(channels, store, needs, media):
    needs(store, "whisper-base", "spacy-en-sm", "silero-vad", "kokoro")
    voices, counts = Voices(store), Counts()
    listener = Listener(store, load(None, ["redaction.language=en"]))
    recording([mixed(number, channels, 12, voices) for number in range(3)], listener, counts)
    print(f"{channels} channels, {counts.line()}")
    assert counts.secrets > 2
    assert counts.heard == 0
