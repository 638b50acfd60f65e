"""A model is named with its folder; one that is none is refused; the student says other sound than it is given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evaluation.attacks.learned_systems import STUDENT, models_of, studied, taught_systems
from timeline import InputError
from voice.live.student import ships


def test_models_are_named_with_their_folders() -> None:
    assert models_of(["a=x/y", "b=z"]) == {"a": Path("x/y"), "b": Path("z")}


@pytest.mark.parametrize("given", ["a", "=x", "a=", "a/b=x"])
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(InputError, match="names no folder"):
        models_of([given])


def test_the_student_is_there_where_one_ships_and_a_folder_without_a_model_is_refused(
    store, needs, tmp_path: Path
) -> None:
    assert list(taught_systems(store, {})) == ([STUDENT] if ships() else [])
    needs(store, "fargan", "whisper-base")
    with pytest.raises(InputError, match="no exported model"):
        taught_systems(store, {"a": tmp_path})


@pytest.mark.skipif(not ships(), reason="no student ships with this version")
def test_key_and_speaker_decide_what_the_student_says(store, needs) -> None:
    needs(store, "fargan")
    sound = (0.1 * np.sign(np.sin(2 * np.pi * 150 * np.arange(6400) / 16000))).astype(np.float32)
    made = studied(sound, bytes(32), "ann")
    assert made.shape == sound.shape
    assert np.array_equal(studied(sound, bytes(32), "ann"), made)
    assert not np.allclose(studied(sound, bytes(32), "ben"), made, atol=1e-3)
    assert not np.allclose(studied(sound, bytes([1]) * 32, "ann"), made, atol=1e-3)
