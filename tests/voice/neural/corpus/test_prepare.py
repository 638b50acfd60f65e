from pathlib import Path

import numpy as np
import pytest

from timeline import InputError
from voice.neural.corpus import Utterance, features_path, load, prepare


def content(sound: np.ndarray) -> np.ndarray:
    """Stands in for the encoder: how loud each frame is, 512 times."""
    return np.repeat(np.abs(sound.reshape(-1, 320)).mean(axis=1, keepdims=True), 512, axis=1)


def test_features_are_made_once_and_short_sound_is_left_out(tmp_path: Path) -> None:
    rows = [Utterance("one", "ann", "x"), Utterance("short", "ann", "y")]
    read: list[str] = []

    def sound(row: Utterance) -> np.ndarray:
        read.append(row.id)
        random = np.random.default_rng(0)
        return random.normal(0, 0.1, 16100 if row.id == "one" else 1000).astype(np.float32)

    (kept,) = prepare(rows, tmp_path, sound, content)
    assert (kept.id, kept.seconds) == ("one", 1.0)
    found = load(features_path(tmp_path, kept))
    assert (found.sound.shape, found.bark.shape, found.content.shape) == ((16000,), (100, 20), (50, 512))
    assert found.sound == pytest.approx(sound(rows[0])[:16000], abs=1e-4)
    read.clear()
    assert prepare(rows[:1], tmp_path, sound, content) == [kept]
    assert read == []


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(b"PK damaged")
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "x.npz")


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden"])
def test_an_id_never_leaves_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be called"):
        features_path(tmp_path, Utterance(name, "ann", "x"))
