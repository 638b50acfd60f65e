"""A stream's cepstra are those of the whole, however it is cut; the mean of the voice goes out of them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.live.student import AHEAD, CEPSTRA, StreamingCepstra, centred
from voice.neural.features import bark_features

SOUND = np.concatenate(
    [0.2 * np.sin(2 * np.pi * 140 * np.arange(8000) / 16000), np.random.default_rng(0).normal(0, 0.05, 8000)]
).astype(np.float32)


@settings(max_examples=5)
@given(st.lists(st.integers(1, 2000), min_size=1, max_size=6))
def test_how_a_stream_is_cut_does_not_matter(sizes: list[int]) -> None:
    sound = SOUND[6000:10000]
    edges = [0, *np.minimum(np.cumsum(sizes), len(sound)).tolist(), len(sound)]
    hear, whole = StreamingCepstra(), StreamingCepstra()
    parts = [hear(sound[a:b]) for a, b in itertools.pairwise(edges)]
    assert np.array_equal(np.concatenate(parts), whole(sound))


def test_a_stream_has_the_cepstra_of_the_whole_one_frame_later() -> None:
    stream, whole = StreamingCepstra()(SOUND), bark_features(SOUND)
    assert len(stream) == len(SOUND) // 320 * 2
    assert np.allclose(stream[AHEAD + 1 :, :CEPSTRA], whole[1 : len(stream) - AHEAD, :CEPSTRA], atol=1e-4)
    voiced = slice(30, 48)
    hertz = 16000 / (256 / 2 ** (stream[voiced, 18] + 1.5))
    assert hertz == pytest.approx(140, rel=0.03)


def test_a_voice_that_is_always_the_same_leaves_nothing() -> None:
    steady = np.tile(np.linspace(1.0, -1.0, CEPSTRA, dtype=np.float32), (3000, 1))
    out, centre = centred(steady)
    assert np.abs(out[-1]).max() < 1e-3
    assert np.allclose(centre[:CEPSTRA], steady[0], atol=1e-3)


def test_the_mean_goes_on_from_piece_to_piece_and_waits_in_silence() -> None:
    frames = np.random.default_rng(0).normal(0, 1, (400, CEPSTRA)).astype(np.float32)
    frames[:, 0] += 8.0
    first, centre = centred(frames[:150])
    second, after = centred(frames[150:], centre)
    assert np.allclose(np.concatenate([first, second]), centred(frames)[0], atol=1e-5)
    silence = np.full((50, CEPSTRA), -5.0, np.float32)
    assert np.array_equal(centred(silence, after)[1][:CEPSTRA], after[:CEPSTRA])


def test_how_loud_a_microphone_is_goes_out_with_the_mean() -> None:
    frames = np.random.default_rng(1).normal(0, 1, (900, CEPSTRA)).astype(np.float32)
    frames[:, 0] += 8.0
    quieter = frames - np.eye(1, CEPSTRA, dtype=np.float32) * 4.0
    assert np.allclose(centred(frames)[0][-100:], centred(quieter)[0][-100:], atol=0.2)


def test_many_streams_at_once_are_what_each_is() -> None:
    frames = np.random.default_rng(2).normal(4, 3, (3, 60, CEPSTRA)).astype(np.float32)
    together = centred(frames)[0]
    assert all(np.array_equal(one, centred(own)[0]) for one, own in zip(together, frames, strict=True))
