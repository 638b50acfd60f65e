"""Strung meetings: what is said to be spoken is spoken, whatever the length."""

from itertools import pairwise

import numpy as np
import pytest

from evaluation.data.assembled_meetings import AssembledMeeting, speech
from evaluation.data.media import RATE
from evaluation.metrics.plain_clustering import plain
from evaluation.runs.long_meetings import least
from timeline import Turn

TONE = np.sin(np.arange(RATE) * 0.3).astype(np.float32)
CLIP = np.concatenate([np.zeros(RATE // 2, np.float32), TONE, np.zeros(RATE, np.float32), TONE])
VOICES = {"a": [CLIP], "b": [0.1 * CLIP], "c": [CLIP, CLIP[: 2 * RATE]]}


def test_speech_is_where_a_clip_is_loud():
    assert [(round(a / RATE, 1), round(b / RATE, 1)) for a, b in speech(CLIP)] == [(0.5, 1.5), (2.5, 3.5)]


@pytest.mark.parametrize("seconds", [2, 40])
def test_blocks_are_as_long_as_said_and_loud_where_somebody_talks(seconds):
    meeting = AssembledMeeting(VOICES, seconds, seed=3)
    samples = np.concatenate([*meeting.blocks(7.0)])
    assert len(samples) == round(meeting.duration * RATE)
    talk = np.zeros(len(samples), bool)
    for start, end, _ in meeting.truth:
        talk[round(start * RATE) : round(end * RATE)] = True
    assert np.sqrt((samples[talk] ** 2).mean()) > 20 * np.sqrt((samples[~talk] ** 2).mean())
    np.testing.assert_array_equal(samples, np.concatenate([*meeting.blocks(3.0)]).astype(np.float32))


def test_everybody_talks_and_nobody_twice_in_a_row():
    turns = [turn.who for turn in AssembledMeeting(VOICES, 60).turns]
    assert set(turns) == set(VOICES)
    assert all(a != b for a, b in pairwise(turns))


def test_the_last_voice_can_be_quiet_and_the_others_stay_as_they_are():
    turns = [turn.who for turn in AssembledMeeting(VOICES, 3600, quiet=0.02).turns]
    assert 0 < turns.count("c") < 0.05 * len(turns)
    assert AssembledMeeting(VOICES, 60).turns == AssembledMeeting(VOICES, 60, quiet=None).turns


def test_who_says_least_is_found_as_a_speaker_of_their_own_or_not():
    truth = [(0.0, 90.0, "a"), (90.0, 100.0, "b")]

    def turn(start, end, who):
        return Turn(start=start, end=end, person=who, confidence=1.0)

    parted, joined = [turn(0, 92, "S1"), turn(92, 100, "S2")], [turn(0, 100, "S1")]
    assert least(truth, parted, 100.0).endswith("10.000% of the speech, 80.0% of it as a speaker of their own")
    assert least(truth, joined, 100.0).endswith("10.000% of the speech, 0.0% of it as a speaker of their own")


def test_plain_clustering_of_nothing_is_nobody():
    from diarization.clustering.embedded_windows import Scan

    empty = np.zeros((0, 2), np.int64)
    none = np.zeros(0)
    rows = Scan(np.zeros((5, 3)), np.zeros((1, 589, 3), np.uint8), 59, empty, none > 0, none, np.zeros((0, 4)))
    assert plain(rows).centroids.shape == (0, 4)
