"""Chunks: short enough, all of the speech, right times; and no word lost or doubled where speech was cut."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redaction import RedactionSettings, Transcriber
from redaction.asr.base import RecognisedWord
from redaction.asr.chunking import chunks
from redaction.asr.settings import CHUNK_OVERLAP
from redaction.asr.word_timing import join_chunks
from timeline import ArrayAudio, Segment, intersect, total, union

RATE = 16000


def ramp(seconds):
    """Samples that tell where they come from."""
    n = round(seconds * RATE)
    return ArrayAudio((np.arange(n) / 1e7).astype(np.float32), RATE)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 90), st.floats(0.1, 40)), max_size=6), st.floats(5, 30))
def test_every_sample_of_speech_is_in_a_chunk_of_bounded_length(spans, longest):
    audio = ramp(100)
    speech = [Segment(a, a + d) for a, d in spans]
    seen = []
    for chunk in chunks(audio, speech, longest):
        assert len(chunk.samples) <= longest * RATE + 1 + RATE  # the overlap behind a cut included
        for index, origin, length in chunk.pieces:
            part = chunk.samples[index : index + length]
            assert np.array_equal(part, audio.samples[origin : origin + length])
            seen.append(Segment(origin / RATE, (origin + length) / RATE))
    wanted = intersect(speech, [Segment(0.0, 100.0)])
    assert total(intersect(wanted, seen)) == pytest.approx(total(wanted), abs=0.01)


def test_long_silences_are_left_out_and_times_stay_right():
    speech = [Segment(1.0, 3.0), Segment(50.0, 52.0)]
    (chunk,) = chunks(ramp(60), speech)
    assert len(chunk.samples) == pytest.approx(5 * RATE, abs=2)
    assert chunk.absolute(0.25, 1.0) == (pytest.approx(1.0), pytest.approx(1.75))
    assert chunk.absolute(3.0, 3.5) == (pytest.approx(50.25), pytest.approx(50.75))
    # A word does not reach over the silence that was left out.
    start, end = chunk.absolute(2.0, 4.9)
    assert (start, end) == (pytest.approx(49.75), pytest.approx(52.15))


def test_speech_that_goes_on_is_cut_where_it_is_quiet():
    x = np.random.default_rng(0).normal(0, 0.1, 48 * RATE).astype(np.float32)
    x[round(22.0 * RATE) : round(22.3 * RATE)] = 0
    first, second = chunks(ArrayAudio(x), None, 28.0)
    assert 22.0 < first.keep.end < 22.3
    assert second.keep.start == first.keep.end
    assert second.cut
    assert len(second.samples) == pytest.approx((48 - first.keep.end + CHUNK_OVERLAP) * RATE, abs=2)


def test_the_silence_before_speech_that_does_not_fit_is_the_place_to_cut():
    first, second = chunks(ramp(60), [Segment(1, 15), Segment(20, 45)], 28.0)
    assert not second.cut
    assert first.keep.end == pytest.approx(17.5, abs=0.3)


class Tones:
    """A recogniser of words that are told by their level: word i is a plateau of i + 1 thousandths.

    It hears a plateau that was cut, too, and places words up to ``jitter`` s wrong, never alike: as Whisper does.
    """

    def __init__(self, jitter=0.0):
        self.jitter, self.dice = jitter, np.random.default_rng(1)

    def __call__(self, samples, language):
        level = np.round(samples * 1000).astype(int)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], level, [0]])))
        words = []
        for a, b in itertools.pairwise(edges):
            if level[a] > 0 and b - a > 0.06 * RATE:
                move = self.dice.uniform(-self.jitter, self.jitter, 2)
                start, end = max(0.0, a / RATE + move[0]), max(0.0, b / RATE + move[1])
                words.append(RecognisedWord(start, max(start, end), f" w{level[a] - 1}", 0.9))
        return words, {"en": 0.99}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(0.0, 0.1), st.booleans())
def test_no_word_is_lost_or_doubled_at_the_borders(seed, jitter, packed):
    dice = np.random.default_rng(seed)
    parts, truth, at = [], [], 0.0
    for i in range(90):
        gap, length = dice.uniform(0.12, 0.5), dice.uniform(0.3, 0.7)
        if packed and i % 30 == 29:
            gap += 6.0
        truth.append((at + gap, at + gap + length))
        parts += [np.zeros(round(gap * RATE)), np.full(round(length * RATE), (i + 1) / 1000)]
        at += gap + length
    audio = ArrayAudio(np.concatenate(parts).astype(np.float32), RATE)
    speech = union((Segment(a, b) for a, b in truth), gap=1.0) if packed else None
    words = Transcriber(Tones(jitter), RedactionSettings(chunk=10.0))(audio, speech)
    assert [w.text for w in words] == [f"w{i}" for i in range(90)]
    for word, (start, end) in zip(words, truth, strict=True):
        assert word.start == pytest.approx(start, abs=jitter + 0.02)
        assert word.end == pytest.approx(end, abs=jitter + 0.02)


def test_a_word_on_the_border_is_taken_once_wherever_the_two_place_it():
    def h(mid, text):
        return RecognisedWord(mid - 0.1, mid + 0.1, text, 0.9)

    for a, b in [(9.9, 10.05), (10.05, 9.9), (9.95, 9.9), (10.1, 10.05)]:
        words = join_chunks(
            [h(9.0, "so"), h(a, "Anna"), h(10.6, "left")], [h(9.0, "so"), h(b, "anna,"), h(10.6, "left")], 10.0
        )
        assert [w.text.lower().strip(",") for w in words] == ["so", "anna", "left"]
