"""How likely two pictures are one person's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.recognition.likelihood import FaceLikelihood, face_likelihoods

SHARE = st.floats(0.0, 1.0)


@pytest.fixture
def sface() -> FaceLikelihood:
    return face_likelihoods()["sface"]


@given(SHARE, SHARE, st.floats(-0.5, 0.9), st.floats(0.01, 0.1))
def test_the_more_alike_the_likelier_and_both_sides_count_equally(
    one: float, other: float, cosine: float, more: float
) -> None:
    likelihood = face_likelihoods()["sface"]
    assert likelihood(cosine + more, one, other) > likelihood(cosine, one, other)
    assert likelihood(cosine, one, other) == pytest.approx(likelihood(cosine, other, one))


def test_what_is_little_alike_tells_against_one_person_only_between_good_pictures(sface: FaceLikelihood) -> None:
    assert sface(0.2, 1.0, 1.0) < -2
    assert sface(0.2, 0.2, 0.2) > -1
    assert sface(0.6, 1.0, 1.0) > 6
