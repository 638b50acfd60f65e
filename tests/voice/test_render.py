"""The renderer's laws: nobody who has not agreed is ever heard, in step, whatever the blocks and the spans."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice import Renderer, VoicePlan, VoiceSettings, VoiceSpan, WarpConverter, voice_for

RATE = 8000
KEY = bytes(range(32))
A, B, DEFAULT = (voice_for(KEY, name) for name in ("a", "b", ""))
SETTINGS = VoiceSettings.model_construct(crossfade=0.015, guard=0.0, handover=0.0)


class Marker:
    """A converter that says which voice it had: a constant, late by ``delay``."""

    def __init__(self, voice, rate):
        self.delay = {A: 300, B: 411, DEFAULT: 222}[voice]
        self.latency = self.delay / rate
        self.value, self.seen = {A: 0.25, B: 0.5, DEFAULT: 0.125}[voice], 0

    def __call__(self, block):
        at = np.arange(self.seen, self.seen + len(block))
        self.seen += len(block)
        return np.where(at < self.delay, 0.0, self.value).astype(np.float32)

    def flush(self):
        return np.zeros(self.delay, np.float32)


spans = st.lists(
    st.tuples(st.floats(0, 2), st.floats(0, 0.8), st.sampled_from([None, None, A, B])).map(
        lambda s: VoiceSpan(s[0], s[0] + s[1], s[2])
    ),
    max_size=7,
)


def through(plan, sound, sizes=(1000,), factory=Marker, voice_settings=SETTINGS):
    blocks, at, i = [], 0, 0
    while at < len(sound):
        blocks.append(sound[at : at + sizes[i % len(sizes)]])
        at, i = at + sizes[i % len(sizes)], i + 1
    renderer = Renderer(plan, RATE, voice_settings, factory)
    return np.concatenate([sound[:0], *(renderer(block) for block in blocks), renderer.flush()])


def allowed(spans, n, guard=0.0):
    """For each sample, from the definition: somebody who agreed speaks, and nobody who has not."""
    t = np.arange(n) / RATE
    kept, others = np.zeros(n, bool), np.zeros(n, bool)
    for s in spans:
        if s.voice is None:
            kept |= (t >= s.start) & (t < s.end)
        else:
            others |= (t > s.start - guard - 1 / RATE) & (t < s.end + guard)
    return kept & ~others


@given(spans=spans, handover=st.sampled_from([0.0, 0.1, 0.3]))
@settings(max_examples=60, deadline=None)
def test_the_own_voice_is_exactly_zero_outside_what_is_kept(spans, handover):
    n = 3 * RATE
    marked = np.full(n, -0.9, np.float32)
    out = through(
        VoicePlan(spans, DEFAULT), marked, voice_settings=VoiceSettings.model_construct(guard=0.0, handover=handover)
    )
    assert len(out) == n
    # The marker's voices are never negative, so any trace of the own voice shows as a fall below their fades.
    keep = allowed(spans, n, handover)
    assert np.all(out[~keep] >= 0.125 * 0.7)


@given(spans=spans, sizes=st.lists(st.integers(1, 5000), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_blocks_do_not_matter(spans, sizes):
    sound = np.random.default_rng(1).normal(0, 0.1, 2 * RATE + 77).astype(np.float32)
    plan = VoicePlan(spans, DEFAULT)
    sizes = [*sizes, 1000]  # blocks of one sample stand between larger ones: tens of thousands of them take seconds
    assert np.array_equal(through(plan, sound), through(plan, sound, sizes))


@pytest.mark.parametrize("sizes", [(160,), (4000, 7), (99999,)])
def test_blocks_do_not_matter_with_the_real_converter(sizes):
    sound = np.random.default_rng(2).normal(0, 0.1, 2 * RATE).astype(np.float32)
    plan = VoicePlan([VoiceSpan(0.4, 0.9, A), VoiceSpan(0.8, 1.2, None), VoiceSpan(1.3, 1.6, B)], DEFAULT)
    assert np.array_equal(through(plan, sound, (800,), None), through(plan, sound, sizes, None))


@given(spans=spans)
@settings(max_examples=40, deadline=None)
def test_the_own_voice_is_untouched_well_inside_what_is_kept(spans):
    n = 3 * RATE
    sound = np.random.default_rng(3).uniform(-1, 1, n).astype(np.float32)
    out = through(VoicePlan(spans, DEFAULT), sound)
    margin = round(SETTINGS.crossfade * RATE) + 2
    inside = np.convolve(allowed(spans, n), np.ones(2 * margin + 1), "same") == 2 * margin + 1
    inside[:margin] = inside[-margin:] = False
    assert np.array_equal(out[inside], sound[inside])


def test_the_default_is_another_voice():
    out = through(VoicePlan([], DEFAULT), np.full(RATE, -0.9, np.float32))
    assert np.all(out == 0.125)


def test_overlap_is_converted_unless_everybody_agreed():
    both = VoicePlan([VoiceSpan(0.2, 1.2, None), VoiceSpan(0.6, 0.9, A), VoiceSpan(1.0, 1.8, None)], DEFAULT)
    out = through(both, np.full(2 * RATE, -0.9, np.float32))
    assert np.all(out[int(0.6 * RATE) : int(0.9 * RATE)] == 0.25)
    assert np.all(out[int(0.3 * RATE) : int(0.5 * RATE)] == np.float32(-0.9))
    assert np.all(out[int(1.05 * RATE) : int(1.7 * RATE)] == np.float32(-0.9))


def test_among_those_who_have_not_agreed_the_first_gives_the_voice():
    out = through(VoicePlan([VoiceSpan(0.2, 1.0, A), VoiceSpan(0.5, 1.5, B)], DEFAULT), np.zeros(2 * RATE, np.float32))
    assert out[int(0.7 * RATE)] == 0.25
    assert out[int(1.2 * RATE)] == 0.5
    assert out[int(1.7 * RATE)] == 0.125


def test_the_guard_widens_what_is_converted():
    guarded = VoiceSettings.model_construct(guard=0.05, handover=0)
    plan = VoicePlan([VoiceSpan(0.0, 1.0, None), VoiceSpan(0.5, 0.6, A)], DEFAULT)
    out = through(plan, np.full(RATE, -0.9, np.float32), voice_settings=guarded)
    assert np.all(out[int(0.45 * RATE) : int(0.65 * RATE)] == 0.25)
    assert np.all(out[int(0.96 * RATE) :] > 0)


def test_nobody_keeps_the_own_voice_where_one_speaker_takes_over_from_another():
    plan = VoicePlan([VoiceSpan(0.2, 0.6, A), VoiceSpan(0.6, 1.2, None), VoiceSpan(1.5, 1.7, B)], DEFAULT)
    voices = VoiceSettings.model_construct(guard=0.0, handover=0.25)
    out = through(plan, np.full(2 * RATE, -0.9, np.float32), voice_settings=voices)
    assert np.all(out[int(0.22 * RATE) : int(0.83 * RATE)] == 0.25)  # until it is surely theirs, it is the one before
    assert np.all(out[int(0.88 * RATE) : int(1.18 * RATE)] == np.float32(-0.9))
    assert np.all(out[int(1.22 * RATE) : int(1.48 * RATE)] == 0.125)  # far from a kept voice the margin is nobody's
    assert np.all(out[int(1.52 * RATE) : int(1.68 * RATE)] == 0.5)


def test_the_margin_of_one_does_not_reach_into_the_turn_of_another_who_is_changed():
    plan = VoicePlan([VoiceSpan(0.2, 0.6, A), VoiceSpan(0.6, 1.2, B)], DEFAULT)
    voices = VoiceSettings.model_construct(guard=0.0, handover=0.25)
    out = through(plan, np.full(2 * RATE, -0.9, np.float32), voice_settings=voices)
    assert np.all(out[int(0.62 * RATE) : int(1.2 * RATE)] == 0.5)


def test_neighbouring_spans_of_people_who_agreed_leave_no_hole():
    plan = VoicePlan([VoiceSpan(0.1, 0.5, None), VoiceSpan(0.5, 0.9, None)], DEFAULT)
    out = through(
        plan, np.full(RATE, -0.9, np.float32), voice_settings=VoiceSettings.model_construct(guard=0.05, handover=0)
    )
    assert np.all(out[int(0.2 * RATE) : int(0.8 * RATE)] == np.float32(-0.9))


def test_channels_are_converted_alike(sung):
    plan = VoicePlan([VoiceSpan(0.3, 0.6, None)], DEFAULT)
    left = sung[:RATE]
    out = through(plan, np.stack([left, left, np.zeros_like(left)], axis=1), factory=None)
    assert out.shape == (RATE, 3)
    assert np.array_equal(out[:, 0], out[:, 1])
    assert not out[:, 2].any()
    assert np.array_equal(out[:, 0], through(plan, left, factory=None))


def test_sound_and_result_are_in_step(sung):
    """Bursts come out where they went in, in every voice."""
    sound = np.zeros(4 * RATE, np.float32)
    for at in (0.5, 1.5, 2.5, 3.5):
        sound[int(at * RATE) : int((at + 0.1) * RATE)] = sung[: int(0.1 * RATE)]
    plan = VoicePlan([VoiceSpan(1.2, 1.9, A), VoiceSpan(2.2, 2.8, None), VoiceSpan(3.2, 3.9, B)], DEFAULT)
    out = through(plan, sound, factory=None)
    for at in (0.5, 1.5, 2.5, 3.5):
        part = slice(int((at - 0.2) * RATE), int((at + 0.3) * RATE))
        middle = lambda x: float((np.arange(len(x)) * x**2).sum() / (x**2).sum())  # noqa: E731
        assert abs(middle(out[part]) - middle(sound[part])) < 0.01 * RATE


def test_switches_do_not_click(sung):
    sound = np.tile(sung, 2)
    plan = VoicePlan([VoiceSpan(0.5, 1.0, A), VoiceSpan(1.5, 2.0, None), VoiceSpan(2.0, 2.6, B)], DEFAULT)
    out = through(plan, sound, factory=None)
    steady = max(np.abs(np.diff(through(VoicePlan([], s), sound, factory=None))).max() for s in (A, B, DEFAULT))
    assert np.abs(np.diff(out)).max() <= 1.5 * max(steady, np.abs(np.diff(sound)).max())


def test_only_the_converters_that_are_needed_run():
    made = []

    class Counting(WarpConverter):
        fed = 0

        def __init__(self, voice, rate):
            super().__init__(voice, rate)
            made.append(self)

        def __call__(self, block):
            self.fed += len(block)
            return super().__call__(block)

    spans = [VoiceSpan(0.0, 8.0, None), VoiceSpan(3.0, 3.5, A)]
    through(VoicePlan(spans, DEFAULT), np.zeros(8 * RATE, np.float32), factory=Counting)
    assert sum(c.fed for c in made) < 1.5 * RATE


def test_nothing_in_nothing_out():
    assert len(through(VoicePlan([], DEFAULT), np.zeros(0, np.float32))) == 0


def test_a_span_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="not a time span"):
        VoiceSpan(2.0, 1.0, None)
