from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diarization.clustering.agglomerative import GroupsToJoin, agreement, blended, join, likeness, membership
from diarization.clustering.embedded_windows import Scan
from diarization.clustering.speaker_assignment import speakers
from diarization.settings import DiarizationSettings


def voices(rng, who, noise=1.0, size=64):
    """Unit embeddings of pieces of speakers ``who``, of which two of one speaker have a cosine of about 0.5."""
    centres = np.linalg.qr(rng.normal(size=(size, max(who) + 1)))[0].T
    raw = centres[who] + noise * rng.normal(size=(len(who), size)) / np.sqrt(size)
    return (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float32)


def meeting(who, seed=0, length=90, windows=None):
    """A scan of pieces one after the other; the windows say nothing unless given."""
    rng = np.random.default_rng(seed)
    count = len(who)
    spans = np.array([(i * 100, i * 100 + length) for i in range(count)], np.int64)
    frames = count * 100 + 589
    scores = np.zeros((frames, 3), np.float32)
    for start, end in spans:
        scores[start:end, 0] = 1
    return Scan(
        scores,
        np.zeros((1, 589, 3), np.uint8) if windows is None else windows,
        59,
        spans,
        np.zeros(count, bool),
        np.full(count, float(length), np.float32),
        voices(rng, who),
    )


def same_groups(a, b):
    return len(set(zip(a, b, strict=True))) == len(set(a)) == len(set(b))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 10])
def test_finds_the_number_of_speakers(count):
    who = np.random.default_rng(count).integers(0, count, 30 * count)
    found = speakers(meeting(who, count), DiarizationSettings())
    assert len(found.centroids) == len(set(who.tolist()))
    assert same_groups(found.posterior.argmax(axis=1).tolist(), who.tolist())


@settings(max_examples=15, deadline=None)
@given(st.permutations(list(range(24))))
def test_the_order_of_groups_does_not_matter(order):
    rng = np.random.default_rng(1)
    who = np.repeat([0, 1, 2], 8)
    sums = voices(rng, who)
    zero = np.zeros((24, 24), np.float32)
    frames = np.full(24, 90.0)
    plain = join(GroupsToJoin(sums, zero, zero, frames), 0.4)
    mixed = join(GroupsToJoin(sums[order], zero, zero, frames), 0.4)
    assert same_groups(plain[order].tolist(), mixed.tolist())


def test_labels_are_numbered_by_first_appearance():
    sums = voices(np.random.default_rng(0), np.array([1, 0, 1, 0]), noise=0.1)
    assert join(GroupsToJoin(sums, np.zeros((4, 4)), np.zeros((4, 4)), np.full(4, 90.0)), 0.4).tolist() == [0, 1, 0, 1]


def test_windows_that_disagree_keep_alike_voices_apart():
    sums = np.array([[1, 0], [0.6, 0.8]])
    heard = np.array([[0, 50.0], [50.0, 0]])
    long = np.array([900.0, 900.0])
    assert join(GroupsToJoin(sums, np.zeros((2, 2)), np.zeros((2, 2)), long), 0.4).tolist() == [0, 0]
    assert join(GroupsToJoin(sums, np.zeros((2, 2)), heard, long), 0.4).tolist() == [0, 1]
    assert likeness(sums, heard, heard)[0, 1] == pytest.approx(0.6)


def test_what_is_not_enough_for_long_groups_is_for_short_ones():
    sums = np.array([[1, 0], [0.35, np.sqrt(1 - 0.35**2)]])
    zero = np.zeros((2, 2))
    assert join(GroupsToJoin(sums, zero, zero, np.array([900.0, 900.0])), 0.4).tolist() == [0, 1]
    assert join(GroupsToJoin(sums, zero, zero, np.array([900.0, 50.0])), 0.4).tolist() == [0, 0]


def test_limits_are_kept():
    who = np.repeat([0, 1, 2], 10)
    rows = meeting(who)
    for wanted in (1, 2, 3, 4):
        assert len(speakers(rows, DiarizationSettings(num_speakers=wanted)).centroids) == wanted
    assert len(speakers(rows, DiarizationSettings(max_speakers=2)).centroids) == 2
    assert len(speakers(rows, DiarizationSettings(min_speakers=4)).centroids) >= 4


def test_more_groups_than_fit_at_once_are_joined_in_blocks(monkeypatch):
    monkeypatch.setattr("diarization.clustering.speaker_assignment.BLOCK", 40)
    who = np.random.default_rng(5).integers(0, 4, 300)
    found = speakers(meeting(who, 5), DiarizationSettings())
    assert len(found.centroids) == 4
    assert same_groups(found.posterior.argmax(axis=1).tolist(), who.tolist())


def test_agreement_counts_windows_and_ignores_local_numbers():
    window = np.zeros((589, 3), np.uint8)
    window[0:90, 0] = window[200:290, 0] = 255
    window[100:190, 1] = 255
    rows = meeting(np.zeros(3, int), windows=np.stack([window]))
    links = agreement(rows)
    heard, same = links.heard.toarray(), links.same.toarray()
    np.testing.assert_allclose(heard, 1 - np.eye(3), atol=1e-6)
    np.testing.assert_allclose(same, [[0, 0, 1], [0, 0, 0], [1, 0, 0]], atol=1e-6)
    turned = agreement(meeting(np.zeros(3, int), windows=np.stack([window[:, [2, 0, 1]]])))
    np.testing.assert_allclose(turned.same.toarray(), same, atol=1e-6)


def test_membership_leaves_out_the_unlabelled():
    np.testing.assert_array_equal(membership(np.array([1, -1, 0])).toarray(), [[0, 1], [0, 0], [1, 0]])


def test_posterior_rows_sum_to_one_and_no_speech_gives_nobody():
    found = speakers(meeting(np.repeat([0, 1], 5)), DiarizationSettings())
    np.testing.assert_allclose(found.posterior.sum(axis=1), 1, atol=1e-5)
    empty = meeting(np.zeros(1, int))
    nothing = Scan(
        empty.scores, empty.windows, 59, empty.spans[:0], empty.double[:0], empty.weights[:0], empty.vectors[:0]
    )
    assert speakers(nothing, DiarizationSettings()).posterior.shape == (0, 0)


@pytest.mark.parametrize("wanted", [1, 2, 3, 5, 8])
def test_as_many_speakers_as_are_asked_for(wanted):
    scan = meeting([0, 1, 2] * 8, seed=4)
    assert len(speakers(scan, DiarizationSettings(num_speakers=wanted)).centroids) == wanted
    assert len(speakers(scan, DiarizationSettings(max_speakers=wanted)).centroids) == min(wanted, 3)
    assert len(speakers(scan, DiarizationSettings(min_speakers=wanted)).centroids) == max(wanted, 3)


def test_no_more_speakers_than_there_is_speech_for():
    scan = meeting([0, 1])
    assert len(speakers(scan, DiarizationSettings(num_speakers=9)).centroids) == 2


def long_meeting(count, extra, seed=7):
    """``count`` pieces of three voices, and after them some whose voices (before noise) are the rows ``extra``.

    The axes of ``extra`` are the three voices and others.
    """
    rng = np.random.default_rng(seed)
    rows = meeting(np.concatenate([rng.integers(0, 3, count), np.zeros(len(extra), int)]), seed)
    axes = np.linalg.qr(rng.normal(size=(64, 64)))[0]
    raw = np.zeros((count + len(extra), 64))
    raw[:count] = np.eye(3, 64)[rng.integers(0, 3, count)]
    raw[count:, : len(extra[0])] = extra
    noise = rng.normal(size=raw.shape) / 8 * np.where(np.arange(len(raw)) < count, 0.7, 0.3)[:, None]
    raw = (raw + noise) @ axes
    order = rng.permutation(len(raw))  # the others are spread over the meeting
    vectors = (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float32)[order]
    return replace(rows, vectors=vectors), np.flatnonzero(order >= count)


@pytest.mark.parametrize("alike", [(0, 0, 0), (0.35, 0, 0), (0.3, 0.3, 0), (0.25, 0.25, 0.25)])
def test_who_says_one_word_in_a_hundred_stays_a_speaker_of_their_own(alike):
    """However long it is, and though their voice is somewhat like others'."""
    voice = [*alike, float(np.sqrt(1 - np.square(alike).sum()))]
    for count, theirs in ((200, 2), (600, 6)):
        rows, quiet = long_meeting(count, [voice] * theirs)
        found = speakers(rows, DiarizationSettings())
        assert len(found.centroids) == 4
        whose = found.posterior.argmax(axis=1)
        assert len(set(whose[quiet].tolist())) == 1
        assert set(whose[quiet].tolist()).isdisjoint(np.delete(whose, quiet).tolist())


def test_pieces_across_a_change_of_speaker_do_not_add_up_to_a_speaker():
    """Few pieces of two voices each: like neither enough to be one of them, but together like both."""
    rows, mixed = long_meeting(600, [[0.4, 0.4, 0, 0.82]] * 2)
    found = speakers(rows, DiarizationSettings())
    assert len(found.centroids) == 3
    assert set(found.posterior[mixed].argmax(axis=1).tolist()) < {0, 1, 2}
    asked = speakers(rows, DiarizationSettings(num_speakers=4))
    assert len(asked.centroids) == 4  # who knows of a fourth is believed


def test_only_larger_groups_explain_a_blend_and_an_alike_third_voice_is_none():
    third = [0.35, 0.35, np.sqrt(1 - 2 * 0.35**2)]
    sums = np.array([[1, 0, 0], [0, 1, 0], [0.5, 0.5, np.sqrt(0.5)], third])
    frames, among = np.array([900.0, 900, 300, 300]), np.arange(4)
    assert blended(sums, frames, among, 0.55).tolist() == [False, False, True, False]
    assert not blended(sums, np.array([200.0, 200, 300, 300]), among[:2], 0.55).any()
    assert blended(sums, frames, np.array([0]), 0.55).tolist() == [False] * 4
