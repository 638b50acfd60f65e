"""The vocoder: a stream of features becomes a stream of sound, with the pitch and the loudness they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.resynthesis import FEATURES, FRAME, RATE, Fargan
from voice.resynthesis.fargan import PERIODS, period_of

REFERENCE = Path(__file__).parents[4] / "shared" / "weights" / "fargan_opus15.npz"
FLAT = np.array([-2.0, *[0.0] * 17])


def frames(count: int, hz: float = 150.0, level: float = 0.0) -> npt.NDArray[np.float32]:
    """A steady voiced sound: its first cepstral coefficient says how loud, the others a flat spectrum."""
    out = np.zeros((count, FEATURES), np.float32)
    out[:, :18] = FLAT
    out[:, 0] += level
    out[:, 18] = np.log2(256 / (RATE / hz)) - 1.5
    out[:, 19] = 0.45
    return out


@pytest.fixture(scope="module")
def vocoder() -> Fargan:
    if not REFERENCE.is_file():
        pytest.skip(f"no {REFERENCE}")
    with np.load(REFERENCE) as arrays:
        return Fargan({name: arrays[name] for name in arrays.files})


def said(vocoder: Fargan, features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.concatenate([vocoder(features), vocoder.flush()])


@settings(max_examples=6, deadline=None)
@given(cuts=st.lists(st.integers(0, 12), max_size=4))
def test_the_samples_do_not_depend_on_how_the_stream_is_cut(vocoder: Fargan, cuts: list[int]) -> None:
    features = frames(12) + np.random.default_rng(0).normal(0, 0.05, (12, FEATURES)).astype(np.float32)
    whole = said(vocoder, features)
    parts = [vocoder(part) for part in np.split(features, sorted(cuts))]
    assert np.array_equal(np.concatenate([*parts, vocoder.flush()]), whole)
    assert len(whole) == 12 * FRAME
    assert len(vocoder.flush()) == 0, "a stream that was ended is as new"


def test_the_output_is_one_frame_late(vocoder: Fargan) -> None:
    assert len(vocoder(frames(1))) == 0
    assert len(vocoder(frames(2))) == 2 * FRAME
    assert len(vocoder.flush()) == vocoder.delay == FRAME


@pytest.mark.parametrize("hz", [90.0, 150.0, 260.0])
def test_the_pitch_is_what_the_features_say(vocoder: Fargan, hz: float) -> None:
    sound = said(vocoder, frames(60, hz))[30 * FRAME :].astype(np.float64)
    alike = np.correlate(sound, sound, "full")[len(sound) :]
    low, high = round(0.7 * RATE / hz), round(1.4 * RATE / hz)
    period = low + 1 + int(np.argmax(alike[low:high]))
    assert period == pytest.approx(RATE / hz, rel=0.03)


def test_louder_features_give_louder_sound_within_full_scale(vocoder: Fargan) -> None:
    levels = [float(np.abs(said(vocoder, frames(30, level=level))).mean()) for level in (-4.0, 0.0, 4.0)]
    assert levels == sorted(levels)
    assert levels[2] > 5 * levels[0]
    assert float(np.abs(said(vocoder, frames(30, level=40.0))).max()) <= 1.0


def test_periods_stay_within_what_the_network_knows() -> None:
    assert period_of(np.log2(256 / 100) - 1.5) == 100
    assert (period_of(50.0), period_of(-50.0)) == PERIODS


def test_weights_that_are_not_fargans_are_refused() -> None:
    with pytest.raises((KeyError, ValueError)):
        Fargan({"cond_net_fdense1_weights_float": np.zeros(2048, np.float32)})
