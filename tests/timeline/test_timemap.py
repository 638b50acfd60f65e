"""Cutting stretches out: time goes on in order, is as much shorter as what went, and nothing of a cut is left."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline import (
    Person,
    Recording,
    Redaction,
    Segment,
    Timeline,
    TimeMap,
    Track,
    Turn,
    Word,
    shortened,
    total,
)
from timeline.captions import to_srt, to_webvtt
from timeline.rttm import to_rttm

SPANS = st.lists(st.builds(lambda a, d: Segment(a, a + d), st.floats(0, 90), st.floats(0, 8)), max_size=8)
TIMES = st.floats(0, 100)


@given(SPANS, TIMES, TIMES)
def test_time_goes_on_in_order_and_never_faster(spans, a, b):
    cuts = TimeMap(spans)
    a, b = sorted((a, b))
    assert cuts(b) - cuts(a) + 1e-9 >= 0
    assert cuts(b) - cuts(a) <= b - a + 1e-9


@given(SPANS)
def test_what_is_left_is_as_much_shorter_as_what_went(spans):
    cuts = TimeMap(spans)
    assert abs(100 - cuts(100.0) - cuts.removed) < 1e-6
    assert total(spans) - 1e-6 <= cuts.removed <= total(spans) + 0.002 * len(spans) + 1e-6


@given(SPANS, TIMES)
def test_an_instant_in_a_cut_is_gone_and_comes_to_lie_where_the_cut_was(spans, t):
    cuts = TimeMap(spans)
    inside = [cut for cut in cuts.cuts if cut.start <= t < cut.end]
    assert cuts.keeps(t) == (not inside)
    if any(span.start + 1e-6 <= t <= span.end - 1e-6 for span in spans):
        assert inside
    if inside:
        assert cuts(t) == cuts(inside[0].start)


@settings(deadline=None)
@given(SPANS, st.sampled_from([8000, 16000, 44100, 48000]), st.lists(st.integers(0, 800000), max_size=4))
def test_sound_and_picture_stay_together_within_a_sample(spans, rate, marks):
    cuts, total = TimeMap(spans), 100 * rate
    keep = cuts.samples(0, total, rate)
    keep = np.ones(total, bool) if keep is None else keep
    for cut in cuts.cuts:
        # All of a cut is gone but for the one sample that rounding may leave (it is silenced, too).
        first, last = int(np.floor(cut.start * rate)), int(np.floor(cut.end * rate)) - 1
        assert not keep[first:last].any()
    before = np.concatenate([[0], np.cumsum(keep)])
    for t in [c.end for c in cuts.cuts if c.end < 100] + [99.0]:
        assert abs(before[min(total, int(np.ceil(t * rate)))] - cuts(t) * rate) <= 2
    edges = sorted({0, total, *marks})
    parts = [cuts.samples(a, b - a, rate) for a, b in itertools.pairwise(edges)]
    whole = [
        np.ones(b - a, bool) if p is None else p for p, (a, b) in zip(parts, itertools.pairwise(edges), strict=True)
    ]
    assert np.array_equal(np.concatenate(whole), keep)


def document(cuts):
    """Ten seconds of words, half a second each, with a face all the time; words in ``cuts`` are redacted."""
    words, redactions = [], []
    for i in range(20):
        start, end = i * 0.5, i * 0.5 + 0.4
        hit = [n for n, c in enumerate(cuts) if c.start <= start and end <= c.end]
        name = f"r{hit[0]}" if hit else None
        words.append(Word(start=start, end=end, text="[PERSON]" if hit else f"word{i}", person="p1", redaction=name))
    for n, c in enumerate(cuts):
        redactions.append(
            Redaction(id=f"r{n}", kind="word", start=c.start, end=c.end, person="p1", operator="remove", reason="x")
        )
    boxes = [(round(i * 0.04, 3), 1.0, 2.0, 3.0, 4.0) for i in range(250)]
    track = Track(id="t1", person="p1", start=0.0, end=9.96, boxes=boxes, speaking=[(b[0], 0.5) for b in boxes])
    turns = [Turn(start=i, end=i + 1, person="p1") for i in range(10)]
    return Timeline(
        recording=Recording(duration=10.0, fps=25),
        people=[Person(id="p1", pseudonym="Speaker 1")],
        tracks=[track],
        turns=turns,
        words=words,
        redactions=redactions,
    )


@settings(deadline=None, max_examples=50)
@given(st.lists(st.builds(lambda a, d: Segment(a, a + d), st.floats(0, 9), st.floats(0.5, 3)), min_size=1, max_size=3))
def test_the_whole_document_moves_with_the_map(spans):
    cuts = TimeMap(spans)
    before = document(spans)
    after = shortened(before, cuts)
    assert Timeline.from_json(after.to_json()) == after  # it is valid
    length = after.recording.duration
    assert abs(length - cuts(10.0)) < 1e-3
    left = [b for b in before.tracks[0].boxes if cuts.keeps(b[0])]
    boxes = [b for t in after.tracks for b in t.boxes]
    assert len(boxes) == len(left)
    assert all(abs(new[0] - cuts(old[0])) < 1e-3 for new, old in zip(boxes, left, strict=True))
    for item in (*after.words, *after.turns, *after.tracks, *after.redactions):
        assert 0 <= item.start <= item.end <= length + 1e-3
    assert {r.id for r in after.redactions} == {r.id for r in before.redactions}
    clear = {w.text for w in after.words}
    for word in before.words:
        if word.redaction is None and not any(cuts.keeps(t) for t in np.linspace(word.start, word.end, 20)):
            assert word.text not in clear
    for text in (to_webvtt(after), to_srt(after), to_rttm(after)):
        assert "remove" not in text


def test_a_document_without_cuts_stays_as_it_is():
    before = document([])
    assert shortened(before, TimeMap([])) is before


def test_captions_have_length_even_where_all_was_cut_out():
    only = [Segment(0.0, 10.0)]
    lines = to_webvtt(shortened(document(only), TimeMap(only))).splitlines()
    assert "[PERSON]" in " ".join(lines)
    assert "00:00:00.000 --> 00:00:00.001" in lines
