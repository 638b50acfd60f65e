"""Operators: nothing of the original in a span, nothing changed outside the fades, and blocks may be cut anywhere."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redaction import Beep, PrivateSpan, RedactionSettings, Redactor, Silence, operator, redact
from timeline import Redaction, Segment, UnsafeError, Word, union

COVERS = ("redaction.operators.redactor",)

BOTH = [Silence(), Beep()]
SPAN = Segment(0.40, 0.60)


def noise(seconds: float = 1.0, rate: int = 16000, channels: int = 0) -> np.ndarray:
    shape = (round(seconds * rate), channels) if channels else round(seconds * rate)
    return np.random.default_rng(1).uniform(-0.5, 0.5, shape).astype(np.float32)


@pytest.mark.parametrize("op", BOTH)
@pytest.mark.parametrize(("rate", "channels"), [(8000, 0), (16000, 2), (44100, 1), (48000, 0)])
def test_the_original_is_gone_in_the_span_and_untouched_outside(op, rate, channels):
    x = noise(1.0, rate, channels)
    y, other = op.apply(x, 0.0, rate, [SPAN]), op.apply(-x, 0.0, rate, [SPAN])
    inside = slice(round(0.40 * rate), round(0.60 * rate))
    # What does not depend on the input holds nothing of it: far below -60 dB.
    assert np.array_equal(y[inside], other[inside])
    assert y.shape == x.shape
    assert y.dtype == np.float32
    before, after = round((0.40 - 0.01) * rate), round((0.60 + 0.01) * rate)
    assert np.array_equal(y[:before], x[:before])
    assert np.array_equal(y[after:], x[after:])


def test_silence_is_silent_and_a_beep_is_as_loud_and_high_as_asked():
    inside = slice(7000, 9000)
    assert not Silence().apply(noise(), 0.0, 16000, [SPAN])[inside].any()
    tone = Beep(hz=1000, level=0.1).apply(noise(), 0.0, 16000, [SPAN])[inside]
    assert np.sqrt(np.mean(tone**2)) == pytest.approx(0.1, rel=0.01)
    assert np.argmax(np.abs(np.fft.rfft(tone))) * 16000 / len(tone) == pytest.approx(1000, abs=8)


@pytest.mark.parametrize("op", BOTH)
def test_no_click_at_the_edges(op):
    # A slow sine has small steps; a hard cut at its top would make one of 0.5.
    x = (0.5 * np.sin(2 * np.pi * 5 * np.arange(16000) / 16000 + 1.0)).astype(np.float32)
    y = op.apply(x, 0.0, 16000, [SPAN])
    tone = 2 * np.pi * 1000 / 16000 * 0.06 * np.sqrt(2)
    assert np.abs(np.diff(y)).max() < 0.02 + tone


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(BOTH),
    st.sampled_from([8000, 16000, 44100]),
    st.lists(st.tuples(st.floats(0, 0.5), st.floats(0, 0.2)), max_size=4),
    st.lists(st.integers(0, 4000), max_size=5),
    st.floats(0, 5000),
)
def test_blocks_give_what_the_whole_gives(op, rate, spans, cuts, begin):
    start = round(begin * rate) / rate
    segments = union(Segment(start + a, start + a + d) for a, d in spans)
    x = noise(0.5, rate)
    edges = sorted({0, len(x), *(min(c, len(x)) for c in cuts)})
    parts = [op.apply(x[a:b], start + a / rate, rate, segments) for a, b in itertools.pairwise(edges)]
    assert np.array_equal(np.concatenate(parts), op.apply(x, start, rate, segments))


@pytest.mark.parametrize("op", BOTH)
def test_damaged_samples_do_not_live_on(op):
    x = noise()
    x[7000], x[8000] = np.nan, np.inf
    assert np.isfinite(op.apply(x, 0.0, 16000, [SPAN])).all()


def test_the_input_is_not_changed():
    x = noise()
    copy = x.copy()
    Beep().apply(x, 0.0, 16000, [SPAN])
    assert np.array_equal(x, copy)


def redaction(id, start, end, op):
    return Redaction(id=id, kind="word", start=start, end=end, operator=op, reason="test")


def test_redactor_applies_each_operator_and_silence_wins():
    redactor = Redactor(
        [redaction("a", 0.1, 0.3, "beep"), redaction("b", 0.2, 0.4, "silence"), redaction("c", 0.6, 0.7, "silence")],
        RedactionSettings(),
    )
    y = redactor(noise(), 0.0, 16000)
    assert y[1700:3000].any()
    assert not y[3200:6400].any()
    assert not y[9600:11200].any()


def test_only_words_are_redacted_in_sound():
    face = Redaction(id="f", kind="face", start=0.0, end=1.0, operator="mosaic", reason="test")
    x = noise()
    assert Redactor([face], RedactionSettings())(x, 0.0, 16000) is x


def test_an_unknown_operator_ends_the_run():
    with pytest.raises(UnsafeError, match="warble"):
        operator("warble", RedactionSettings())


def test_nothing_of_a_word_is_left_in_a_room_that_goes_on_sounding(media):
    """Real speech in a room of 0.4 s reverberation time: the private last word is 60 dB down, its tail included."""
    from capture import AudioFile

    rate = 16000
    dry = np.concatenate(list(AudioFile(sorted((media / "voices").glob("libri_*/*.flac"))[0], rate).blocks()))
    loud = np.flatnonzero(np.abs(dry) > 0.02 * np.abs(dry).max())
    end = int(loud[-1]) + 1
    start = end - round(0.5 * rate)
    word = np.zeros(end + 2 * rate, np.float32)
    word[start:end] = dry[start:end]
    t = np.arange(rate) / rate
    room = np.random.default_rng(1).normal(0, 1, rate) * 10 ** (-3 * t / 0.4)
    room = np.concatenate(
        [[1.0], 0.5 * room / np.sqrt(np.square(room).sum())]
    )  # the direct sound, and 6 dB less around it
    wet = np.convolve(word, room)[: len(word)].astype(np.float32)
    said = [Word(start=start / rate, end=end / rate, text="Meier", confidence=0.9)]
    cuts = redact(said, [PrivateSpan(0, 0, "PERSON", 1.0, "test")], RedactionSettings()).redactions
    for name in ("silence", "beep"):
        redactor = Redactor([c.model_copy(update={"operator": name}) for c in cuts], RedactionSettings())
        left = (redactor(wet, 0.0, rate) - redactor(-wet, 0.0, rate)) / 2  # what depends on the word
        assert 10 * np.log10(np.square(left).sum() / np.square(wet).sum()) < -60
