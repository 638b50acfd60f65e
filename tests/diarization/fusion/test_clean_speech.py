"""Clean speech of a label is what nobody else talks over."""

from __future__ import annotations

import numpy as np

from diarization.base import Diarization
from diarization.fusion.clean_speech import clean_seconds, turns_by_label
from timeline import Turn


def turn(person: str, start: float, end: float) -> Turn:
    return Turn(start=start, end=end, person=person, confidence=0.9)


TURNS = [turn("S1", 0, 10), turn("S2", 8, 12), turn("S1", 20, 21)]


def test_turns_are_sorted_by_label_and_silent_labels_are_left_out() -> None:
    axes = np.eye(3, dtype=np.float32)
    found = Diarization(TURNS, {"S1": axes[0], "S2": axes[1], "S3": axes[2]}, [], "m")
    assert turns_by_label(found) == {"S1": [TURNS[0], TURNS[2]], "S2": [TURNS[1]]}


def test_overlap_is_clean_speech_of_nobody() -> None:
    assert clean_seconds({"S1": [TURNS[0], TURNS[2]], "S2": [TURNS[1]]}) == {"S1": 9.0, "S2": 2.0}
    assert clean_seconds({"S1": [TURNS[0]]}) == {"S1": 10.0}
