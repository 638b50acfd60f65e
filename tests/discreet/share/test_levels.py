"""Levels by name."""

from __future__ import annotations

import pytest

from discreet.share.levels import LevelOptions, make_level
from sharing.policy import LEVELS
from tests.discreet.share.conftest import Place
from timeline import InputError


@pytest.mark.parametrize("name", LEVELS)
def test_every_level_of_the_governance_can_be_made(place: Place, name: str) -> None:
    assert make_level(place.project, name, {}, LevelOptions()).name == name


def test_another_is_told(place: Place) -> None:
    with pytest.raises(InputError):
        make_level(place.project, "raw", {}, LevelOptions())


def test_only_options_that_were_given_are_in_the_provenance() -> None:
    assert LevelOptions(jitter=0.5).parameters() == {"jitter": 0.5}
