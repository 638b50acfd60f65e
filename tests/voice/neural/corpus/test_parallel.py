"""Texts follow from their numbers, what is there is kept, and what is written is read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import soundfile

from voice.neural.corpus import (
    SYNTHETIC,
    ParallelSayer,
    ParallelSpeech,
    load_parallel,
    made_parallel,
    read_corpus,
    save_parallel,
    write_takes,
)

WORDS = ["apple", "quartz", "thimble", "velvet", "yonder"]
SAYER = ParallelSayer(cast(Any, None), cast(Any, None), WORDS)


def said(speakers: tuple[int, int] = (2, 5)) -> ParallelSpeech:
    rng = np.random.default_rng(0)
    sounds = [rng.uniform(-0.5, 0.5, 320).astype(np.float32) for _ in range(2)]
    bark = [rng.normal(0, 1, (2, 20)).astype(np.float32) for _ in range(2)]
    return ParallelSpeech(
        "one, two.", speakers, np.array([0, 44, 0]), np.array([1, 2, 1]), (sounds[0], sounds[1]), (bark[0], bark[1])
    )


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_text_has_two_halves_and_follows_from_its_number(number: int) -> None:
    assert SAYER.text(number) == SAYER.text(number)
    assert SAYER.text(number) != SAYER.text(number + 2)
    assert SAYER.text(number).count(",") == 1


def test_every_other_text_is_of_the_dictionarys_words() -> None:
    assert sum(word.strip(",.") in WORDS for word in SAYER.text(1).split()) == 7
    assert not any(word.strip(",.") in WORDS for word in SAYER.text(2).split())


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    save_parallel(tmp_path / "a.npz", said())
    found = load_parallel(tmp_path / "a.npz")
    assert (found.text, found.speakers) == ("one, two.", (2, 5))
    assert np.array_equal(found.frames, said().frames)
    assert np.allclose(found.sounds, said().sounds, atol=1e-4)
    assert np.allclose(found.bark, said().bark, atol=5e-3)


def test_what_is_there_is_not_said_again(tmp_path: Path) -> None:
    for number in range(3):
        save_parallel(tmp_path / f"parallel-{number:05d}.npz", said())

    def refuse() -> ParallelSayer:
        raise AssertionError("nothing is missing")

    assert [path.name for path in made_parallel(tmp_path, 3, refuse)][-1] == "parallel-00002.npz"


def test_each_voices_speech_is_written_in_its_own_folder(tmp_path: Path) -> None:
    write_takes(tmp_path, [said((2, 5)), said((5, 7))])
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.wav")) == [
        "made-02/00000.wav", "made-05/00000.wav", "made-05/00001.wav", "made-07/00001.wav",
    ]  # fmt: skip
    sound, rate = soundfile.read(tmp_path / "made-02" / "00000.wav", dtype="float32")
    assert rate == 16000
    assert np.allclose(sound, said().sounds[0], atol=1e-4)


def test_what_is_written_is_read_as_aligned_synthetic_speech(tmp_path: Path) -> None:
    write_takes(tmp_path, [said((2, 5)), said((5, 7))])
    found = read_corpus("parallel", tmp_path)
    assert [(each.speaker, each.aligned) for each in found] == [
        ("made-02", "00000"), ("made-05", "00000"), ("made-05", "00001"), ("made-07", "00001"),
    ]  # fmt: skip
    assert {(each.text, each.source) for each in found} == {("one, two.", SYNTHETIC)}
