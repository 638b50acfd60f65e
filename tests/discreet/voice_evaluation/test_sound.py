"""Takes become vectors once, whatever the file is called."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from discreet.voice_evaluation import Sounds, Take
from discreet.voice_evaluation.sound import plain_wav
from timeline import InputError
from weights import Store


def take(path: Path, seconds: float = 0.6, seed: int = 0) -> Take:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.1 * np.random.default_rng(seed).normal(size=round(16000 * seconds)).clip(-3, 3), 16000)
    return Take("ann", seed, 1, path)


def test_vectors_are_kept_by_content(tmp_path: Path) -> None:
    one, other = take(tmp_path / "a.wav"), take(tmp_path / "b.wav", seed=1)
    sounds = Sounds(Store(tmp_path / "no-models"), tmp_path / "cache")
    first = sounds.prosody([one, other])
    assert first.speakers == ("ann", "ann")
    assert first.takes == (0, 1)
    assert len(list((tmp_path / "cache").rglob("*.npy"))) == 2
    renamed = Take("zoe", 0, 2, one.path.rename(tmp_path / "c.wav"))
    again = sounds.prosody([renamed])
    assert np.array_equal(again.values[0], first.values[0])
    assert len(list((tmp_path / "cache").rglob("*.npy"))) == 2


def test_a_vector_that_was_half_written_is_made_again(tmp_path: Path) -> None:
    one = take(tmp_path / "a.wav")
    sounds = Sounds(Store(tmp_path / "no-models"), tmp_path / "cache")
    first = sounds.prosody([one, one])
    (kept,) = (tmp_path / "cache").rglob("*.npy")
    kept.write_bytes(kept.read_bytes()[:20])
    again = sounds.prosody([one])
    assert np.array_equal(again.values[0], first.values[0])
    assert np.array_equal(np.load(kept), first.values[0])


def test_without_a_cache_nothing_is_kept(tmp_path: Path) -> None:
    Sounds(Store(tmp_path / "no-models")).prosody([take(tmp_path / "a.wav")])
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.wav"]


def test_a_take_that_is_too_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is shorter than"):
        Sounds(Store(tmp_path)).prosody([take(tmp_path / "a.wav", 0.1)])


def test_a_plain_wav_is_read_as_the_decoder_reads_it(tmp_path: Path) -> None:
    sounds = Sounds(Store(tmp_path / "no-models"))
    plain = take(tmp_path / "a.wav")
    soundfile.write(tmp_path / "a.flac", soundfile.read(plain.path)[0], 16000)
    read = plain_wav(plain.path)
    assert read is not None
    assert np.array_equal(sounds.read(plain), read)
    assert sounds.read(Take("ann", 0, 1, tmp_path / "a.flac")) == pytest.approx(read, abs=1e-4)


@pytest.mark.parametrize("kind", ["stereo", "48 kHz", "float", "text"])
def test_any_other_file_is_left_to_the_decoder(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.wav"
    if kind == "text":
        path.write_text("not a recording", encoding="utf-8")
    else:
        sound = np.zeros((4800, 2) if kind == "stereo" else 4800)
        soundfile.write(path, sound, 48000 if kind == "48 kHz" else 16000, "FLOAT" if kind == "float" else "PCM_16")
    assert plain_wav(path) is None
