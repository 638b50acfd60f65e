"""How surely two stretches of speech are one person's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarization.likelihood import USUAL, VoiceLikelihood, likelihoods

SECONDS = st.floats(0.5, 120)
COSINES = st.floats(-0.3, 0.95)


@pytest.fixture(scope="module", params=sorted(likelihoods()))
def same(request: pytest.FixtureRequest) -> VoiceLikelihood:
    return likelihoods()[request.param]


@given(one=SECONDS, other=SECONDS, cosine=COSINES, more=st.floats(0.01, 0.5))
def test_the_more_alike_the_surer(one: float, other: float, cosine: float, more: float) -> None:
    for same in likelihoods().values():
        assert same(cosine + more, one, other) > same(cosine, one, other)


@given(one=SECONDS, other=SECONDS, cosine=COSINES)
def test_it_does_not_matter_which_comes_first(one: float, other: float, cosine: float) -> None:
    for same in likelihoods().values():
        assert same(cosine, one, other) == pytest.approx(same(cosine, other, one))


@given(one=SECONDS, other=SECONDS, cosine=COSINES, apart=st.floats(0.06, 0.9))
def test_where_everybody_sounds_alike_a_cosine_tells_less(
    one: float, other: float, cosine: float, apart: float
) -> None:
    for same in likelihoods().values():
        assert same(cosine, one, other, apart) < same(cosine, one, other, USUAL)


def test_what_is_little_alike_tells_against_one_person_the_more_the_longer_both_talked(same: VoiceLikelihood) -> None:
    assert same(0.0, 20, 20) < same(0.0, 2, 2) < 0


def test_two_people_on_one_telephone_are_not_taken_for_one(same: VoiceLikelihood) -> None:
    alike, telephone = 0.5, 0.41
    assert same(alike, 10, 10) > 6
    assert same(alike, 10, 10, telephone) < 0
