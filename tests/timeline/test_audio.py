"""Sound in passes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import ArrayAudio, Audio, windows


def ramp(n: int, rate: int = 10) -> ArrayAudio:
    return ArrayAudio(np.arange(1, n + 1, dtype=np.float32), rate)


@given(st.integers(0, 300), st.integers(1, 50))
def test_blocks_are_the_whole(n: int, size: int) -> None:
    audio = ramp(n)
    blocks = list(audio.blocks(size / 10))
    assert np.array_equal(np.concatenate(blocks) if blocks else np.zeros(0), audio.samples)
    assert all(len(block) == size for block in blocks[:-1])


@given(st.integers(0, 300), st.integers(1, 20), st.integers(1, 20))
def test_windows_cover_every_sample_where_it_stands(n: int, size: int, hop: int) -> None:
    size, hop = max(size, hop), min(size, hop)
    audio = ramp(n)
    seen = np.zeros(n, bool)
    for start, samples in windows(audio, size / 10, hop / 10):
        assert len(samples) == size
        at = round(start * 10)
        real = min(size, n - at)
        assert np.array_equal(samples[:real], audio.samples[at : at + real])
        assert not samples[real:].any()
        seen[at : at + real] = True
    assert seen.all()


def test_a_step_longer_than_the_window_would_lose_sound() -> None:
    with pytest.raises(ValueError, match="must lie in"):
        list(windows(ramp(10), 1.0, 2.0))


def test_an_array_is_audio() -> None:
    assert isinstance(ramp(1), Audio)
    assert ramp(25).duration == 2.5
