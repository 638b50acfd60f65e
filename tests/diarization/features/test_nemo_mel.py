import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diarization.features.nemo_mel import MelStream, log_mel

RNG = np.random.default_rng(0)
NOISE = RNG.normal(0, 0.1, 16000).astype(np.float32)


@given(st.integers(0, 5000), st.lists(st.integers(0, 1200), max_size=12))
@settings(max_examples=40, deadline=None)
def test_a_stream_gives_the_same_frames_however_it_is_cut(length, cuts):
    sound, stream, out, at = NOISE[:length], MelStream(128), [], 0
    for cut in cuts:
        out.append(stream.push(sound[at : at + cut]))
        at += cut
    out += [stream.push(sound[at:]), stream.flush()]
    got = np.concatenate(out)
    assert len(got) == length // 160
    if len(got):
        np.testing.assert_allclose(got, log_mel(sound, 128, "NA"), atol=1e-5)


def test_normalised_bands_have_mean_zero_and_deviation_one():
    features = log_mel(NOISE, 80)
    assert features.shape == (100, 80)
    np.testing.assert_allclose(features.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(features.std(axis=0, ddof=1), 1, atol=1e-3)


def test_a_batch_is_its_clips():
    clips = np.stack([NOISE[:8000], NOISE[8000:]])
    np.testing.assert_allclose(log_mel(clips)[1], log_mel(clips[1]), atol=1e-5)


def test_a_tone_is_in_the_band_of_its_pitch():
    def mel(hz):
        return hz * 3 / 200 if hz < 1000 else 15 + 27 * np.log(hz / 1000) / np.log(6.4)

    centres = np.linspace(0, mel(8000), 82)[1:-1]
    for hz in (500, 1500, 4000):
        tone = np.sin(2 * np.pi * hz * np.arange(16000) / 16000).astype(np.float32)
        loudest = log_mel(tone, 80, "NA")[50].argmax()
        assert abs(centres[loudest] - mel(hz)) <= centres[1] - centres[0]


def test_silence_is_the_guard():
    np.testing.assert_allclose(log_mel(np.zeros(1600, np.float32), 80, "NA"), -24 * np.log(2), atol=1e-5)


def test_less_than_a_frame_is_refused():
    with pytest.raises(ValueError, match="frame"):
        log_mel(np.zeros(159, np.float32))
