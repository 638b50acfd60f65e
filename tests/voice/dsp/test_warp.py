"""The converter's laws (blocks do not matter, silence and level stay, nothing breaks), and what it does to a voice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline import ModelError
from voice import Converter, WarpConverter, make_converter, voice_for

KEY = bytes(range(32))
DOWN = next(s for s in (voice_for(KEY, f"p{i}") for i in range(99)) if s.pitch < 1)
UP = next(s for s in (voice_for(KEY, f"p{i}") for i in range(99)) if s.pitch > 1)


def run(converter, sound, sizes=(320,)):
    out, at, i = [], 0, 0
    while at < len(sound):
        size = sizes[i % len(sizes)]
        out.append(converter(sound[at : at + size]))
        at, i = at + size, i + 1
    return np.concatenate([*out, converter.flush()])[converter.delay :]


@given(
    sizes=st.lists(st.integers(1, 3000), min_size=1, max_size=12),
    seed=st.integers(0, 99),
    voice=st.sampled_from([UP, DOWN]),
    rate=st.sampled_from([8000, 16000, 22050]),
)
@settings(max_examples=25, deadline=None)
def test_blocks_of_any_size_give_the_same_samples(sizes, seed, voice, rate):
    sound = np.random.default_rng(seed).normal(0, 0.1, 5000).astype(np.float32)
    whole = run(WarpConverter(voice, rate), sound, (len(sound),))
    assert np.array_equal(whole, run(WarpConverter(voice, rate), sound, sizes))


@given(
    sound=st.lists(
        st.one_of(st.floats(-2, 2, width=32), st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 1.0, -1.0])),
        min_size=0,
        max_size=60,
    ),
    repeat=st.integers(1, 40),
)
@settings(max_examples=30, deadline=None)
def test_nothing_breaks_it(sound, repeat):
    out = run(WarpConverter(UP, 16000), np.repeat(np.asarray(sound, np.float32), repeat))
    assert len(out) == len(sound) * repeat
    assert np.isfinite(out).all()
    assert np.abs(out).max(initial=0.0) < 1.0


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
@pytest.mark.parametrize("voice", [UP, DOWN])
def test_latency_is_small_and_declared(voice, rate):
    converter = WarpConverter(voice, rate)
    assert isinstance(converter, Converter)
    assert converter.latency < 0.06
    assert converter.latency == converter.delay / rate
    click = np.zeros(rate, np.float32)
    click[rate // 2] = 0.9
    energy = converter(click) ** 2
    middle = float((np.arange(rate) * energy).sum() / energy.sum())
    assert abs(middle - rate / 2 - converter.delay) < 0.009 * rate


@pytest.mark.parametrize("voice", [UP, DOWN])
def test_silence_stays_silence(voice):
    assert not run(WarpConverter(voice, 16000), np.zeros(9000, np.float32)).any()


def test_after_flush_it_is_as_new(sung):
    converter = WarpConverter(UP, 16000)
    assert np.array_equal(run(converter, sung[:8000]), run(converter, sung[:8000]))


@pytest.mark.parametrize("voice", [UP, DOWN])
def test_level_is_kept_and_does_not_pump(voice, sung):
    out = run(WarpConverter(voice, 16000), sung)
    level = lambda x: 10 * np.log10((x[1600:-1600].reshape(-1, 800) ** 2).mean(1))  # noqa: E731
    assert abs(level(out).mean() - level(sung).mean()) < 2.0
    assert level(out).std() < 1.0


@pytest.mark.parametrize("voice", [UP, DOWN])
def test_a_constant_is_not_made_loud(voice):
    out = run(WarpConverter(voice, 16000), np.full(8000, 0.5, np.float32))
    assert np.abs(out).max() < 0.9


def pitch_of(sound, rate):
    x = sound - sound.mean()
    corr = np.correlate(x, x, "full")[len(x) - 1 :]
    low, high = rate // 400, rate // 60
    # The first of the peaks that are nearly as high as the highest: the period, not two of them.
    part = corr[low:high] / np.arange(len(x) - low, len(x) - high, -1)
    first = int(np.argmax(part > 0.85 * part.max()))
    return rate / (low + first + int(np.argmax(part[first : first + rate // 1000])))


@pytest.mark.parametrize("voice", [UP, DOWN])
def test_pitch_moves_by_the_ratio(voice, sung):
    out = run(WarpConverter(voice, 16000), sung)
    for t in (0.5, 1.0, 1.5):
        piece = out[int(t * 16000) : int((t + 0.1) * 16000)]
        assert pitch_of(piece, 16000) == pytest.approx(120 * voice.ratio(t + 0.05), rel=0.03)


def test_full_scale_stays_below_full_scale():
    loud = np.sign(np.sin(2 * np.pi * 150 * np.arange(16000) / 16000)).astype(np.float32)
    assert np.abs(run(WarpConverter(UP, 16000), loud)).max() < 1.0


def test_a_rate_out_of_range_is_refused():
    with pytest.raises(ValueError, match="out of range"):
        WarpConverter(UP, 4000)


def test_converters_are_chosen_by_name():
    assert isinstance(make_converter(UP, 16000, "warp"), WarpConverter)
    with pytest.raises(ModelError, match="no voice converter called 'robot'"):
        make_converter(UP, 16000, "robot")
