"""Face tracks: arrays that must fit each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import FaceTrack


def boxes(n: int) -> np.ndarray:  # type: ignore[type-arg]
    return np.ones((n, 4), np.float32)


@given(n=st.integers(0, 20), m=st.integers(0, 20))
def test_there_is_a_box_for_every_time(n: int, m: int) -> None:
    if n == m:
        assert len(FaceTrack("t1", np.arange(float(n)), boxes(m)).boxes) == n
    else:
        with pytest.raises(ValueError, match="do not fit"):
            FaceTrack("t1", np.arange(float(n)), boxes(m))


def test_shown_and_speaking_must_fit_their_times() -> None:
    with pytest.raises(ValueError, match="shown"):
        FaceTrack("t1", np.arange(3.0), boxes(3), shown=np.ones(2, np.bool_))
    with pytest.raises(ValueError, match="speaking"):
        FaceTrack("t1", np.arange(3.0), boxes(3), speaking=np.ones(2))


def test_a_face_about_which_nothing_is_said_is_not_shown() -> None:
    assert not FaceTrack("t1", np.arange(3.0), boxes(3)).shown.any()


def test_a_track_over_the_whole_picture_covers_it_masked_and_says_why() -> None:
    track = FaceTrack.whole_picture("t1", np.arange(3.0), (640, 360), "the detector failed")
    assert track.boxes.tolist() == [[0, 0, 640, 360]] * 3
    assert not track.ever_shown
    assert track.covers_picture
    assert track.why == "the detector failed"


def test_the_document_holds_the_times_and_boxes_of_the_track() -> None:
    track = FaceTrack("t1", np.array([0.0, 0.04]), boxes(2), shown=np.array([False, True]))
    document = track.to_document("p1")
    assert (document.start, document.end, document.person, document.masked) == (0.0, 0.04, "p1", False)
    assert document.boxes == [(0.0, 1, 1, 1, 1), (0.04, 1, 1, 1, 1)]
