"""Everybody is given a mix of styles that a key decides: far from others', far from every single style."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.resynthesis import MixedVoice, drawn_apart, mixed_voice, names_for
from voice.resynthesis.settings import APART, OWN_SOUND, PITCH_SHIFT, SHARES
from weights import Store

KEY = bytes(range(32))
NAMES = [f"{part}_{number}" for part in ("af", "am") for number in range(8)]
RNG = np.random.default_rng(0)
STYLES = {name: RNG.normal(0, 1, (200, 256)).astype(np.float32) for name in NAMES}


@given(st.binary(min_size=16, max_size=40), st.text(max_size=20))
def test_a_voice_follows_from_the_key_and_the_person(key: bytes, person: str) -> None:
    voice = mixed_voice(key, person, NAMES)
    assert voice == mixed_voice(key, person, NAMES)
    assert voice != mixed_voice(key + b"x", person, NAMES)
    assert voice != mixed_voice(key, person + "x", NAMES)
    assert voice != mixed_voice(key, person, NAMES, draw=1)


@given(st.text(max_size=20))
def test_a_voice_is_a_mix_of_two_or_three_styles(person: str) -> None:
    voice = mixed_voice(KEY, person, NAMES)
    names, shares = zip(*voice.parts, strict=True)
    assert len(set(names)) == len(names)
    assert len(names) in (2, 3)
    assert sum(shares) == pytest.approx(1.0)
    assert max(shares) <= SHARES[1] + 0.14
    assert abs(voice.shift) <= PITCH_SHIFT


def test_low_voices_are_mens() -> None:
    assert {name[1] for name in names_for(True, NAMES)} == {"m"}
    assert {name[1] for name in names_for(False, NAMES)} == {"f"}
    assert names_for(None, NAMES) == sorted(NAMES)


def test_a_key_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        mixed_voice(b"short", "p1", NAMES)
    with pytest.raises(ValueError, match="three styles"):
        mixed_voice(KEY, "p1", NAMES[:2])


def test_the_style_of_a_mix_lies_between_its_parts() -> None:
    voice = MixedVoice((("af_0", 0.25), ("af_1", 0.75)))
    assert np.allclose(voice.style(STYLES, 10), 0.25 * STYLES["af_0"][10] + 0.75 * STYLES["af_1"][10])
    assert voice.style(STYLES, 10_000).shape == (1, 256)
    assert voice.distance(voice, STYLES) == 0.0


def test_voices_of_a_meeting_are_apart_as_far_as_that_can_be(store: Store, needs) -> None:
    needs(store, "kokoro")
    from voice.resynthesis.kokoro import STYLES as NAMED

    folder = store.path("kokoro")
    styles = {name: np.fromfile(folder / f"{name}.bin", np.float32).reshape(-1, 256) for name in NAMED}
    single = [MixedVoice(((name, 1.0),)) for name in NAMED]
    for low in (True, False):
        voices: list[MixedVoice] = []
        for number in range(6):
            voices.append(drawn_apart(KEY, f"p{number}", names_for(low, styles), styles, voices))
        assert min(a.distance(b, styles) for a, b in itertools.combinations(voices, 2)) >= APART
        assert min(a.distance(b, styles) for a in voices for b in single) >= OWN_SOUND


def test_the_first_of_a_meeting_has_the_first_voice_that_is_its_own() -> None:
    voice = drawn_apart(KEY, "p1", NAMES, STYLES, [])
    assert voice in [mixed_voice(KEY, "p1", NAMES, draw) for draw in range(4)]
    assert drawn_apart(KEY, "p1", NAMES, STYLES, [voice]) != voice


def test_a_voice_that_a_checker_refuses_is_not_taken() -> None:
    refused = drawn_apart(KEY, "p1", NAMES, STYLES, [])
    assert drawn_apart(KEY, "p1", NAMES, STYLES, [], fits=lambda voice: voice != refused) != refused
