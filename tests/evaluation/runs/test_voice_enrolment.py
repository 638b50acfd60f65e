"""Clips of two takes: of one person or of two, never of the same words, and what enrolment does with them."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.data.voice_takes import Takes
from evaluation.runs.voice_enrolment import clips, outcome
from registered import VoiceQuality

PEOPLE = ["ann", "ben", "cat"]


@pytest.fixture(scope="module")
def made_up() -> Takes:
    rows = [
        (np.eye(3, dtype=np.float32)[i], person, "read", "one", channel)
        for i, person in enumerate(PEOPLE)
        for channel in ("clean", "telephone")
        for _ in range(8)
    ]
    return Takes(*(np.array(column) for column in zip(*rows, strict=True)))


def test_a_clip_is_of_as_many_people_as_its_kind_says_and_repeats_no_words(made_up: Takes) -> None:
    found = list(clips(made_up, PEOPLE))
    for clip in found:
        assert len(set(made_up.person[clip.rows])) == (1 if clip.kind == "one person" else 2)
        assert len(set(clip.rows % 8)) == len(clip.rows)
    assert {clip.kind for clip in found} == {"one person", "two people"}


class Judge:
    same = 0.5

    def __init__(self, ratio: float) -> None:
        self.value = ratio

    def ratio(self, cosine: float, one: float, other: float) -> float:
        return self.value


def test_what_the_ratio_says_is_what_is_done(made_up: Takes) -> None:
    two = next(clip for clip in clips(made_up, PEOPLE) if clip.kind == "two people")
    rules = VoiceQuality()
    said = [outcome(two, made_up, Judge(value), rules) for value in (rules.two_people, 0.0, rules.one_person)]  # type: ignore[arg-type]
    assert said == ["refused", "part", "whole"]
    strict = VoiceQuality(min_speech=60)
    assert outcome(two, made_up, Judge(0.0), strict) == "refused"  # type: ignore[arg-type]
