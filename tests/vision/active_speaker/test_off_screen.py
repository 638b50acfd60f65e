"""Speech of nobody on screen."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline import Segment
from vision.active_speaker.face_crops import CROP_RATE
from vision.active_speaker.off_screen import off_screen, off_screen_speech


def face(start: float, scores: list[float]) -> tuple[np.ndarray, np.ndarray]:
    return start + np.arange(len(scores)) / CROP_RATE, np.asarray(scores)


def test_where_nobody_is_on_screen_nobody_on_screen_speaks() -> None:
    times, nobody = off_screen([], [Segment(1.0, 2.0)])
    assert np.allclose(times, np.arange(25, 50) / CROP_RATE)
    assert (nobody == 1).all()


def test_where_there_is_no_voice_nothing_is_said() -> None:
    times, nobody = off_screen([face(0, [0.9] * 50)], [])
    assert len(times) == len(nobody) == 0
    assert off_screen_speech([face(0, [0.1] * 50)], []) == []


def test_it_is_the_chance_that_every_face_is_silent() -> None:
    times, nobody = off_screen([face(0, [0.5] * 50), face(1, [0.9] * 50)], [Segment(0.5, 3.0)])
    for t, want in ((0.8, 0.5), (1.2, 0.05), (2.4, 0.1)):
        assert np.isclose(nobody[np.argmin(np.abs(times - t))], want)


def test_speech_off_screen_is_cut_out_of_the_voice() -> None:
    scores = [0.95] * 50 + [0.05] * 50 + [0.95] * 5 + [0.05] * 5 + [0.95] * 40
    voice = [Segment(0.0, 3.0), Segment(3.2, 6.0)]
    found = off_screen_speech([face(0, scores)], voice, shortest=0.5)
    assert np.allclose([(s.start, s.end) for s in found], [(2.0, 3.0), (3.2, 4.0)]), "what is shorter is left out"


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.lists(st.floats(0, 1), min_size=1, max_size=60))
@settings(max_examples=40, deadline=None)
def test_one_more_face_never_makes_it_more_likely(one: list[float], other: list[float]) -> None:
    voice = [Segment(0.0, 3.0)]
    _, before = off_screen([face(0, one)], voice)
    _, after = off_screen([face(0, one), face(0.2, other)], voice)
    assert (after <= before + 1e-12).all()
    assert ((after >= 0) & (before <= 1)).all()
