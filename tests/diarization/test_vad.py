import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarization.vad import CHUNK, SpeechFinder, VadStream, hysteresis
from timeline import ArrayAudio


class Session:
    """Says a chunk is speech if its loudest sample is over 0.5, and counts chunks in its state."""

    def run(self, names, given):
        assert given["input"].shape == (1, 576)
        assert given["state"].shape == (2, 1, 128)
        loud = float(np.abs(given["input"][0, -CHUNK:]).max())
        return np.array([[loud]], np.float32), given["state"] + 1


@given(st.lists(st.integers(0, 3000), max_size=8))
def test_any_cutting_gives_the_same_probabilities(sizes):
    samples = np.random.default_rng(0).random(sum(sizes)).astype(np.float32)
    whole, parts = VadStream(Session()), VadStream(Session())
    cuts = np.cumsum(sizes)[:-1] if sizes else []
    found = np.concatenate([np.zeros(0, np.float32), *(parts.push(part) for part in np.split(samples, cuts))])
    np.testing.assert_array_equal(found, whole.push(samples))
    np.testing.assert_array_equal(parts.flush(), whole.flush())
    assert len(found) == sum(sizes) // CHUNK


def test_hysteresis_keeps_what_rises_and_drops_what_does_not():
    p = np.array([0, 0.4, 0.6, 0.4, 0, 0.4, 0.4, 0, 0.9], np.float32)
    assert hysteresis(p, 0.5, 0.3) == [(1, 4), (8, 9)]
    assert hysteresis(np.zeros(0, np.float32), 0.5, 0.3) == []


def test_spans_lie_where_the_sound_is():
    samples = np.zeros(5 * 16000, np.float32)
    samples[2 * 16000 : 3 * 16000] = 0.9
    (span,) = SpeechFinder(Session())(ArrayAudio(samples))
    assert span.start == pytest.approx(2, abs=0.1)
    assert span.end == pytest.approx(3, abs=0.1)
    assert list(SpeechFinder(Session())(ArrayAudio(np.zeros(0, np.float32)))) == []


def test_spans_end_with_the_recording():
    (span,) = SpeechFinder(Session())(ArrayAudio(np.full(16100, 0.9, np.float32)))
    assert span.start == 0
    assert span.end <= 16100 / 16000


def test_refuses_another_rate():
    with pytest.raises(ValueError, match="16 kHz"):
        SpeechFinder(Session())(ArrayAudio(np.zeros(8000, np.float32), 8000))
