"""Takes that are heard together have their own words, and what is said again has nothing of the waveform."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from evaluation.attacks.resynthesis_systems import RATE, RESAID, Listener, moved, resynthesised_systems
from timeline import Word
from weights import Store

CLIP = Path(__file__).resolve().parents[4] / "shared" / "media" / "voices" / "vctk_p226"


@given(st.floats(0, 60), st.floats(0.2, 4), st.floats(-0.5, 4), st.floats(0, 2))
def test_a_word_lies_within_its_take(start: float, size: float, at: float, length: float) -> None:
    first = max(0.0, start + at)
    word = moved(Word(start=first, end=first + length, text="so", confidence=1.0), start, start + size)
    assert 0 <= word.start <= word.end <= size + 1e-3
    if at >= 0.01 and at + length <= size:
        assert word.start == pytest.approx(at, abs=2e-3)
        assert word.end - word.start == pytest.approx(length, abs=2e-3)


@pytest.mark.slow
def test_what_is_said_again_keeps_its_words_and_not_its_waveform(tmp_path: Path) -> None:
    store = Store()
    if not CLIP.is_dir() or not all(store.has(model) for model in ("whisper-base", "kokoro", "silero-vad")):
        pytest.skip("needs ../shared/media, whisper-base, kokoro and silero-vad")
    takes = [soundfile.read(path, dtype="float32")[0] for path in sorted(CLIP.glob("*.flac"))[:2]]
    listen = Listener(store, tmp_path)
    listen.hear(takes)
    assert all(listen(take) for take in takes)
    assert [word.text for word in listen(takes[0])] != [word.text for word in listen(takes[1])]
    assert all(word.end <= len(take) / RATE + 1e-3 for take in takes for word in listen(take))
    systems = resynthesised_systems(store, listen)
    assert list(systems) == list(RESAID)
    made = systems["prosody"].convert(takes[0], bytes(32), "ann")
    assert len(made) == len(takes[0])
    assert float(np.abs(made).max()) > 0.01
    alike = np.correlate(made, takes[0], "full")
    assert np.abs(alike).max() < 0.3 * np.linalg.norm(made) * np.linalg.norm(takes[0])
    heard = " ".join(word.text for word in Listener(store, tmp_path)(made))
    assert len(set(heard.split()) & {word.text for word in listen(takes[0])}) >= 2
