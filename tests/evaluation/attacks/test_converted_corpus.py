"""Folders that are made are those that are read, and a run that was stopped goes on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from discreet.voice_evaluation import read_corpus
from evaluation.attacks.converted_corpus import (
    SPEEDS,
    at_other_speeds,
    secret,
    write_converted,
    write_originals,
    write_training,
)
from evaluation.attacks.converter_systems import System
from evaluation.data.voices import Recorded

calls: list[tuple[bytes, str]] = []


def halved(sound: npt.NDArray[np.float32], key: bytes, who: str) -> npt.NDArray[np.float32]:
    calls.append((key, who))
    return 0.5 * sound


SYSTEM = System("half", halved, lambda made, own, key, who: 2.0 * made)


def speakers() -> list[Recorded]:
    random = np.random.default_rng(0)
    return [
        Recorded(name, [random.normal(0, 0.05, 8000).astype(np.float32) for _ in range(2)], sex)
        for name, sex in (("ann", "f"), ("ben", "m"), ("cem", "m"))
    ]


def test_what_is_written_is_what_is_attacked(tmp_path: Path) -> None:
    write_originals(speakers(), tmp_path / "own")
    spent = write_converted(SYSTEM, speakers(), (1, 2), tmp_path / "half")
    write_training(SYSTEM, at_other_speeds(speakers()), tmp_path / "half")
    corpus = read_corpus(
        tmp_path / "own", tmp_path / "half/converted", tmp_path / "half/training", tmp_path / "half/undone"
    )
    assert corpus.speakers == ["ann", "ben", "cem"]
    assert corpus.keys == [1, 2]
    assert len(corpus.converted) == len(corpus.undone) == 12
    assert corpus.labels["sex"] == {"ann": "f", "ben": "m", "cem": "m"}
    assert len({take.speaker for take in corpus.training}) == 3 * len(SPEEDS)
    assert {take.speaker.partition("~")[0] for take in corpus.training} == {"ann", "ben", "cem"}
    assert len({take.key for take in corpus.training}) == 8
    made, _ = soundfile.read(tmp_path / "half/converted/01/ann/0.wav")
    back, _ = soundfile.read(tmp_path / "half/undone/01/ann/0.wav")
    assert np.abs(made - 0.5 * speakers()[0].takes[0]).max() < 1e-4
    assert np.abs(back - speakers()[0].takes[0]).max() < 2e-4
    assert spent.sound == 6.0
    assert spent.cpu >= 0
    assert spent.rtf == spent.cpu / 6.0


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    first = write_converted(SYSTEM, speakers(), (1,), tmp_path)
    calls.clear()
    again = write_converted(SYSTEM, speakers(), (1, 2), tmp_path)
    assert {key for key, _ in calls} == {secret(2)}
    assert again.sound == 2 * first.sound


def test_another_speed_is_another_length() -> None:
    made = list(at_other_speeds(speakers()[:1]))
    assert [speaker.name for speaker in made] == [f"ann~{speed}" for speed in SPEEDS]
    for speaker, speed in zip(made, SPEEDS, strict=True):
        assert abs(len(speaker.takes[0]) - 8000 / speed) <= 1
