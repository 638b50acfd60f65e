from itertools import pairwise

import numpy as np
import pytest

from diarization.clustering.embedded_windows import Scan
from diarization.clustering.overlap_assignment import possible_turns, speakers_of_frames, speech_segments, turns
from diarization.clustering.segmentation import frame_start
from diarization.clustering.speaker_assignment import Speakers
from diarization.settings import DiarizationSettings

SETTINGS = DiarizationSettings()
FRAMES = 589


def scene(labels, double=()):
    """One window in which ``labels [589]`` (0 nobody, k speaker k) talk; ``double``: frames with speakers 1 and 2."""
    labels = np.array(labels)
    scores = np.zeros((FRAMES, 3), np.float32)
    scores[:, 0] = labels > 0
    window = np.zeros((1, FRAMES, 3), np.uint8)
    for k in (1, 2, 3):
        window[0, labels == k, k - 1] = 255
    for start, end in double:
        scores[start:end, 1] = 1
        window[0, start:end, 0:2] = 255
    spans, who = [], []
    edges = np.flatnonzero(np.diff(np.concatenate([[0], labels, [0]])))
    for start, end in pairwise(edges):
        if labels[start]:
            spans.append((start, end))
            who.append(labels[start] - 1)
    flags = [any(s <= a and b <= e for s, e in double) for a, b in spans]
    vectors = np.eye(3, dtype=np.float32)[who]
    rows = Scan(
        scores,
        window,
        59,
        np.array(spans, np.int64),
        np.array(flags, bool),
        np.ones(len(spans), np.float32),
        vectors,
    )
    return rows, Speakers(np.eye(3, dtype=np.float32), vectors.copy(), np.ones(3, np.float32))


def test_every_speaker_has_their_frames():
    labels = [0] * 50 + [1] * 150 + [2] * 200 + [0] * 89 + [3] * 100
    rows, found = scene(labels)
    active = speakers_of_frames(rows, found, SETTINGS).active
    np.testing.assert_array_equal(active.any(axis=1), np.array(labels) > 0)
    np.testing.assert_array_equal(active.argmax(axis=1)[50:400], np.array(labels)[50:400] - 1)
    assert active.sum(axis=1).max() == 1


def test_overlap_is_given_to_two():
    labels = [1] * 200 + [1] * 100 + [2] * 289
    rows, found = scene(labels, double=[(200, 230)])
    frames = speakers_of_frames(rows, found, SETTINGS)
    np.testing.assert_array_equal(frames.active[200:230], np.tile([True, True, False], (30, 1)))
    said = turns(rows, frames, ["a", "b", "c"], 10.0, SETTINGS)
    assert [(t.person, t.overlap) for t in said] == [("a", True), ("b", True), ("b", False)] or {
        t.person for t in said if t.overlap
    } == {"a", "b"}


def test_a_long_overlap_without_the_second_voice_is_one_voice():
    labels = [1] * 100 + [2] * 100 + [1] * 389
    rows, found = scene(labels)
    rows.scores[300:395, 1] = 1
    rows.windows[0, 300:395, 1] = 255
    extra = Scan(
        rows.scores,
        rows.windows,
        59,
        np.concatenate([rows.spans, [[300, 395]]]),
        np.append(rows.double, True),
        np.append(rows.weights, np.float32(95)),
        np.concatenate([rows.vectors, [[1, 0, 0]]]).astype(np.float32),
    )
    speakers = Speakers(found.centroids, np.concatenate([found.posterior, [[1, 0, 0]]]).astype(np.float32), found.clean)
    assert speakers_of_frames(extra, speakers, SETTINGS).active[300:395].sum(axis=1).max() == 1
    sung = np.concatenate([rows.vectors, [[0.8, 0.6, 0]]]).astype(np.float32)
    both = Scan(rows.scores, rows.windows, 59, extra.spans, extra.double, extra.weights, sung)
    assert speakers_of_frames(both, speakers, SETTINGS).active[300:395].sum(axis=1).min() == 2


def test_short_pauses_do_not_end_a_turn_and_long_ones_do():
    rows, found = scene([1] * 100 + [0] * 8 + [1] * 100 + [0] * 40 + [1] * 341)
    said = turns(rows, speakers_of_frames(rows, found, SETTINGS), ["a", "b", "c"], 10.0, SETTINGS)
    assert len(said) == 2
    assert said[0].start == 0.0
    assert said[0].end == pytest.approx(frame_start(208), abs=1e-3)
    assert said[1].end == 10.0


def test_confidence_falls_where_voices_are_alike():
    rows, found = scene([1] * 300 + [2] * 289)
    sure = turns(rows, speakers_of_frames(rows, found, SETTINGS), ["a", "b", "c"], 10.0, SETTINGS)
    vague = Speakers(found.centroids, np.array([[0.6, 0.4, 0], [0.4, 0.6, 0]], np.float32), found.clean)
    doubtful = turns(rows, speakers_of_frames(rows, vague, SETTINGS), ["a", "b", "c"], 10.0, SETTINGS)
    assert min(t.confidence for t in sure) > max(t.confidence for t in doubtful)


def test_nobody_gives_no_turns_but_the_speech_stays():
    rows, _ = scene([1] * 589)
    nobody = Speakers(np.zeros((0, 3), np.float32), np.zeros((len(rows.spans), 0), np.float32), np.zeros(0, np.float32))
    assert turns(rows, speakers_of_frames(rows, nobody, SETTINGS), [], 10.0, SETTINGS) == []
    assert len(speech_segments(rows, 10.0, SETTINGS)) == 1


@pytest.mark.parametrize(("after", "pause"), [(2, True), (1, False)])
def test_doubtful_speech_is_a_pause_between_two_speakers_and_speech_within_one(after, pause):
    rows, found = scene([1] * 220 + [after] * 200 + [0] * 169)
    rows.scores[208:220, 0] = 0.4
    active = speakers_of_frames(rows, found, SETTINGS).active
    assert active[207].any()
    assert active[220].any()
    assert active[208:220].any() != pause
    assert speech_segments(rows, 10.0, SETTINGS)[0].duration > 7.0  # what is listened to for words goes on


@pytest.mark.parametrize(
    ("voice", "stays"), [((1, 0, 0), {0}), ((0, 1, 0), {1}), ((1, 1, 0), {0, 1}), ((0, 0, 1), {0, 1})]
)
def test_who_is_not_heard_in_a_long_overlap_is_not_in_it_but_may_have_been(voice, stays):
    rows, found = scene([1] * 200 + [2] * 100 + [0] * 10 + [1] * 279, double=[(200, 300)])
    rows.vectors[rows.double] = np.array(voice) / np.linalg.norm(voice)
    frames = speakers_of_frames(rows, found, SETTINGS)
    active, possible = frames.active[210:290], frames.possible[210:290]
    assert set(np.flatnonzero(active.all(axis=0))) == stays == set(np.flatnonzero(active.any(axis=0)))
    assert set(np.flatnonzero(possible.all(axis=0))) == {0, 1} - stays == set(np.flatnonzero(possible.any(axis=0)))
    maybe = possible_turns(rows, frames, ["a", "b", "c"], 10.0, SETTINGS)
    assert {turn.person for turn in maybe} == {"ab"[k] for k in {0, 1} - stays}
    for turn in maybe:
        assert turn.start == pytest.approx(frame_start(200), abs=1e-3)
        assert turn.end == pytest.approx(frame_start(300), abs=1e-3)


def test_what_is_too_short_for_a_turn_may_still_have_been_said():
    rows, found = scene([1] * 300 + [2] * 20 + [0] * 269)
    rules = SETTINGS.model_copy(update={"min_turn": 0.5})
    frames = speakers_of_frames(rows, found, SETTINGS)
    assert {turn.person for turn in turns(rows, frames, ["a", "b", "c"], 10.0, rules)} == {"a"}
    assert {turn.person for turn in possible_turns(rows, frames, ["a", "b", "c"], 10.0, rules)} == {"b"}
    assert possible_turns(rows, frames, ["a", "b", "c"], 10.0, SETTINGS) == []
