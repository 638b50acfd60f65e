"""Voices are given out: the same to an enrolled person in every meeting, different ones to all people of a meeting."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.resynthesis import MixedVoice, VoiceAssigner
from voice.resynthesis.settings import APART

KEY = bytes(range(32))
RNG = np.random.default_rng(0)
STYLES = {f"{part}_{n}": RNG.normal(0, 1, (120, 256)).astype(np.float32) for part in ("af", "am") for n in range(10)}
ENROLLED = ("ann", "bob", "cem", "dora")
PEOPLE = st.dictionaries(st.sampled_from([*ENROLLED, "x/1", "x/2", "x/3"]), st.booleans(), max_size=5)


def caster(**more) -> VoiceAssigner:
    return VoiceAssigner(KEY, STYLES, ENROLLED, **more)


@settings(max_examples=30)
@given(PEOPLE)
def test_everybody_of_a_meeting_has_a_voice_of_their_own(people: dict[str, bool]) -> None:
    voices = caster()(people)
    assert voices.keys() == people.keys()
    for one, other in itertools.combinations(voices, 2):
        assert voices[one].distance(voices[other], STYLES) >= APART


@settings(max_examples=30)
@given(PEOPLE, PEOPLE)
def test_who_is_enrolled_has_the_same_voice_in_every_meeting(first: dict[str, bool], second: dict[str, bool]) -> None:
    one, other = caster()(first), caster()(second)
    for key in set(ENROLLED) & first.keys() & second.keys():
        if first[key] == second[key]:
            assert one[key] == other[key]


@given(PEOPLE)
@settings(max_examples=20)
def test_low_voices_stay_low_unless_any_will_do(people: dict[str, bool]) -> None:
    for key, voice in caster()(people).items():
        assert {name[1] for name, _ in voice.parts} == {"m" if people[key] else "f"}
    assert caster(same_sex=False)(people).keys() == people.keys()


def test_somebody_who_is_enrolled_later_changes_nobodys_voice() -> None:
    before = VoiceAssigner(KEY, STYLES, ENROLLED[:3])({"bob": True, "cem": True})
    assert caster()({"bob": True, "cem": True}) == before


def test_another_key_gives_other_voices() -> None:
    assert VoiceAssigner(KEY[::-1], STYLES, ENROLLED)({"ann": True}) != caster()({"ann": True})


def test_a_voice_that_is_refused_is_given_to_nobody() -> None:
    refused: list[MixedVoice] = []

    def fits(voice: MixedVoice) -> bool:
        if len(refused) < 3:
            refused.append(voice)
        return voice not in refused

    assert caster(fits=fits)({"ann": True})["ann"] not in refused
    assert len(refused) == 3


def test_a_voice_that_is_refused_is_not_taken_where_all_are_near_others_either() -> None:
    """With three styles no mix is far enough from all: the farthest that fits is taken."""
    few = {name: STYLES[name] for name in ("am_0", "am_1", "am_2")}
    first = VoiceAssigner(KEY, few, ())({"ann": True, "bob": True})["bob"]
    assert VoiceAssigner(KEY, few, (), fits=lambda voice: voice != first)({"ann": True, "bob": True})["bob"] != first


def test_the_repr_shows_no_key() -> None:
    assert repr(KEY) not in repr(caster())


@pytest.mark.parametrize("people", [{}, {"x/1": True}])
def test_no_enrolled_person_is_needed(people: dict[str, bool]) -> None:
    assert VoiceAssigner(KEY, STYLES)(people).keys() == people.keys()
