"""A face or a region is masked where people say so; a face is shown only of somebody who agreed."""

from __future__ import annotations

import numpy as np
import pytest

from discreet.review import Draft
from discreet.review.decision_kinds import Answer, Box, Mask, Show
from discreet.review.decisions_file import DecisionsError
from discreet.review.draft import ReviewScene
from discreet.review.people_decisions import answered
from discreet.review.picture_decisions import covered, masked, shown


def test_a_region_becomes_a_track_that_is_never_shown(found: Draft, scene: ReviewScene) -> None:
    box = Box(x=0.5, y=0.25, width=0.25, height=0.5)
    new = masked(found, scene, "d1", Mask(start=2, end=4, box=box)).faces.tracks[-1]
    assert new.id == "d1"
    assert (new.start, new.end) == (2, 4)
    assert new.boxes[0].tolist() == [320, 90, 160, 180]
    assert not new.ever_shown


def test_a_face_is_masked_in_the_span_alone(found: Draft, scene: ReviewScene) -> None:
    track = masked(found, scene, "d1", Mask(start=2, end=4, track="t1")).faces.tracks[0]
    assert np.array_equal(~track.shown, (track.times >= 2) & (track.times <= 4))
    assert found.faces.tracks[0].shown.all()


def test_a_face_is_masked_throughout(found: Draft) -> None:
    assert not covered(found, "t1").faces.tracks[0].ever_shown


def test_a_face_is_shown_as_that_of_somebody_who_agrees(found: Draft, scene: ReviewScene) -> None:
    hidden = covered(found, "t1")
    done = shown(hidden, scene, Show(track="t1", person="p1"))
    assert done.faces.tracks[0].shown.all()
    assert done.faces.tracks[0].enrolled == "anna"


@pytest.mark.parametrize("person", ["p2", "p9"])
def test_a_face_of_nobody_who_agrees_stays_masked(found: Draft, scene: ReviewScene, person: str) -> None:
    with pytest.raises(DecisionsError, match="not to be seen"):
        shown(found, scene, Show(track="t2", person=person))


def test_an_answer_in_this_recording_counts_before_the_registry(found: Draft, scene: ReviewScene) -> None:
    closed = answered(found, scene, Answer(person="p1", seen=False))
    with pytest.raises(DecisionsError, match="not to be seen"):
        shown(closed, scene, Show(track="t1", person="p1"))
