"""DNSMOS rates real speech above the same speech in noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice.quality import Dnsmos
from weights import Store

CLIP = Path(__file__).resolve().parents[4] / "shared" / "media" / "voices" / "vctk_p226"


def test_noise_lowers_the_rating() -> None:
    store = Store()
    if not store.has("dnsmos") or not CLIP.is_dir():
        pytest.skip("needs dnsmos (discreet weights fetch dnsmos) and ../shared/media")
    clean, rate = soundfile.read(sorted(CLIP.glob("*.flac"))[0], dtype="float32")
    assert rate == 16000
    rates = Dnsmos.from_store(store)
    noise = np.random.default_rng(0).normal(0, 0.05, len(clean)).astype(np.float32)
    assert 1.0 <= rates(clean + noise) < rates(clean) - 0.3
    assert rates(clean) <= 5.0
    assert np.isnan(rates(clean[:0]))
