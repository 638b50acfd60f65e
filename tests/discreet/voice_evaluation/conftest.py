"""A small corpus of real voices: the own ones, and the same under two keys in another voice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice.attacks import mcadams

VOICES = Path(__file__).resolve().parents[4] / "shared" / "media" / "voices"
SPEAKERS, TAKES, SECONDS = 6, 2, 1.6


@pytest.fixture(scope="session")
def real_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``originals`` and ``converted/KEY``."""
    if not VOICES.is_dir():
        pytest.skip(f"no {VOICES}")
    root = tmp_path_factory.mktemp("voices")
    for index, folder in enumerate(sorted(VOICES.iterdir())[:SPEAKERS]):
        long = [x for x in map(_read, sorted(folder.glob("*.flac"))) if len(x) >= 16000 * SECONDS]
        for number, sound in enumerate(long[:TAKES]):
            cut = sound[: round(16000 * SECONDS)]
            _write(root / "originals" / folder.name / f"{number}.wav", cut)
            for key, power in (("a", 0.75 + 0.01 * index), ("b", 0.85 - 0.01 * index)):
                _write(root / "converted" / key / folder.name / f"{number}.wav", mcadams(cut, power))
    return root


def _read(path: Path) -> np.ndarray:
    return soundfile.read(path, dtype="float32")[0]


def _write(path: Path, sound: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.clip(sound, -1, 1), 16000)
