from pathlib import Path

import numpy as np
import pytest

from discreet.lab.systems import built_in, convert_all, secret_of, write_take
from discreet.voice_evaluation import Take

SOUND = (0.1 * np.random.default_rng(0).normal(size=8000)).astype(np.float32)


@pytest.mark.parametrize("name", ["original", "mcadams", "warp"])
def test_built_in_converters_keep_the_length_and_change_all_but_the_original(name: str) -> None:
    made = built_in()[name](SOUND, secret_of(1), "ann")
    assert made.shape == SOUND.shape
    assert np.array_equal(made, SOUND) is (name == "original")


def test_what_was_converted_is_kept_and_costs_nothing(tmp_path: Path) -> None:
    asked: list[str] = []

    def convert(sound: np.ndarray, secret: bytes, person: str) -> np.ndarray:
        asked.append(person)
        return sound

    takes = [Take("ann", 0, 0, Path("ann/1.wav")), Take("ben", 0, 0, Path("ben/1.flac"))]
    sounds = {take.path: SOUND for take in takes}
    spent = convert_all(convert, takes, sounds, [1, 2], tmp_path)
    assert asked == ["ann", "ben"] * 2
    assert spent.rtf >= 0
    assert (tmp_path / "02" / "ben" / "1.wav").is_file()
    again = convert_all(convert, takes, sounds, [1, 2], tmp_path)
    assert len(asked) == 4
    assert np.isnan(again.rtf)


def test_a_written_take_is_what_was_made_and_never_out_of_range(tmp_path: Path) -> None:
    from discreet.voice_evaluation.sound import plain_wav

    write_take(tmp_path / "a" / "1.wav", np.array([0.5, -2.0, np.nan, 3.0], np.float32))
    assert plain_wav(tmp_path / "a" / "1.wav") == pytest.approx([0.5, -1.0, 0.0, 1.0], abs=1e-4)
