"""AAVID's thresholds: never below what is safe, and a higher one never accepts more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarization import FusionSettings
from discreet.aavid.thresholds import face_threshold, voice_threshold
from discreet.config import load
from timeline import InputError
from vision import calibrated
from weights import Store

UNIT = st.floats(0, 1)


@given(UNIT, UNIT)
def test_a_higher_threshold_never_accepts_more_and_none_is_below_the_floor(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for used in (lambda x: voice_threshold(x)[0], lambda x: face_threshold(Store(), load(), x)[0]):
        assert used(low) <= used(high)
    assert voice_threshold(low)[0] >= 0.41


@given(UNIT)
def test_what_is_used_can_be_set(wanted: float) -> None:
    FusionSettings(name_similarity=voice_threshold(wanted)[0])
    value, _ = face_threshold(Store(), load(), wanted)
    calibrated(Store(), load(options=[f"vision.recognise.track={value}"]).vision)


@pytest.mark.parametrize(("recogniser", "floor"), [("sface", 0.38), ("arcface-mbf", 0.29)])
def test_below_the_floor_of_the_recogniser_the_floor_is_used_and_said(recogniser: str, floor: float) -> None:
    settings = load(options=[f"vision.recognise.recogniser={recogniser}"])
    value, note = face_threshold(Store(), settings, 0.25)
    assert (value, recogniser in note, f"{floor} is used" in note) == (floor, True, True)
    assert face_threshold(Store(), settings, 0.5) == (0.5, "")


def test_the_default_of_aavid_is_used_as_it_is() -> None:
    assert voice_threshold(0.5) == (0.5, "")
    assert voice_threshold(0.2) == (0.41, "--sim_threshold 0.2 would take strangers for enrolled people: 0.41 is used.")


@pytest.mark.parametrize("wanted", [-0.1, 1.5, float("nan")])
def test_what_is_no_likeness_is_refused(wanted: float) -> None:
    with pytest.raises(InputError, match="is not a likeness"):
        voice_threshold(wanted)
