"""A batch that looks like speech, and a corpus of three speakers that takes a moment to make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voice.neural.corpus import Features, Utterance, features_path, save, write_manifest
from voice.neural.features import UNITS, bark_features, learn_centres, save_centres


@pytest.fixture
def make_batch() -> Callable[..., Any]:
    """``make_batch(pieces=4, frames=32, speakers=3, seed=0)``; skips without torch."""
    torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")
    from voice.neural.models import Batch

    torch.set_num_threads(1)  # the networks are tiny: more threads wait for each other

    def make(pieces: int = 4, frames: int = 32, speakers: int = 3, seed: int = 0) -> Batch:
        random = torch.Generator().manual_seed(seed)
        time = torch.arange(frames) / 10 + torch.rand(pieces, 1, generator=random) * 6
        moves = torch.stack([0.2 * time.sin(), 0.3 * time.cos(), -0.5 + 0.3 * (2 * time).sin()], dim=-1)
        speaker = torch.arange(pieces) % speakers
        bark = 0.3 * torch.randn(pieces, 1, 20, generator=random) + 0.2 * torch.randn(
            pieces, frames, 20, generator=random
        )
        bark[..., 18] = moves[..., 0] + 0.1 * speaker[:, None]
        bark[..., 19] = moves[..., 1]
        at = torch.arange(160 * frames) / 16000
        sound = 0.2 * torch.sin(2 * torch.pi * (120 + 40 * speaker[:, None]) * at)
        return Batch(
            content=torch.randn(pieces, frames // 2, 512, generator=random),
            units=torch.randint(0, 100, (pieces, frames // 2), generator=random),
            durations=torch.randint(0, 5, (pieces, frames // 2), generator=random).float(),
            prosody=moves,
            bark=bark,
            sound=sound,
            speaker=speaker,
        )

    return make


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tones for voices, numbers for words."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "features").mkdir()
    rows, every = [], []
    for speaker in range(3):
        for take in range(4):
            random = np.random.default_rng((speaker, take))
            at = np.arange(12800) / 16000
            voice = np.sin(2 * np.pi * (110 + 50 * speaker) * at + 2 * np.sin(9 * at + take))
            sound = (0.2 * voice + 0.01 * random.normal(size=len(at))).astype(np.float32)
            content = random.normal(size=(40, 512)).astype(np.float32)
            # Names that a hash puts among those that are learned from.
            row = Utterance(f"t{speaker}-{take}", f"s{speaker}", "x", 0.8, source="kokoro")
            save(features_path(folder, row), Features(sound, bark_features(sound), content))
            rows.append(row)
            every.append(content)
    write_manifest(folder, rows)
    save_centres(folder / "units.npz", learn_centres(np.concatenate(every), UNITS, rounds=1))
    return folder
