"""Settings: keyed, stable, never near the own voice, and spread."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice import PseudoVoice, voice_for
from voice.settings import ANCHORS

KEY = bytes(range(32))
OWN = PseudoVoice(1.0, (0.0,) * len(ANCHORS), 0.0, 1.0, 0.0, (0.1, 0.2, 0.3), (0.0,) * 6)
"""The voice that changes nothing."""


def distance(one: PseudoVoice, other: PseudoVoice) -> float:
    """How different two voices are: pitch and formants in nepers, and tilt, of which 2 dB/octave count as 0.1."""
    warp = np.subtract(one.warp, other.warp)
    return float(np.sqrt(np.log(one.pitch / other.pitch) ** 2 + np.mean(warp**2) + ((one.tilt - other.tilt) / 20) ** 2))


def test_no_one_is_given_a_voice_near_the_own():
    settings = [voice_for(KEY, f"p-{i}") for i in range(3000)]
    assert min(distance(s, OWN) for s in settings) > 0.2
    assert min(abs(12 * np.log2(s.pitch)) for s in settings) > 2.9
    assert min(abs(np.mean(s.warp)) for s in settings) > 0.1


@given(st.text())
def test_every_id_has_a_far_voice_that_stays(person):
    voice = voice_for(KEY, person)
    assert voice == voice_for(KEY, person)
    assert distance(voice, OWN) > 0.2


@given(st.text(), st.binary(min_size=16, max_size=48))
def test_the_frequency_axis_never_folds(person, key):
    voice = voice_for(key, person)
    frequency = np.linspace(0.0, 24000.0, 2000)
    for t in (0.0, 1.7, 9.3):
        place = voice.source(frequency, t)
        assert np.all(np.diff(place) > 0)
        assert voice.ratio(t) <= voice.highest * (1 + 1e-12)


def test_another_key_gives_another_voice():
    pairs = [distance(voice_for(KEY, f"p-{i}"), voice_for(KEY[::-1], f"p-{i}")) for i in range(500)]
    assert np.median(pairs) > 0.2
    assert min(pairs) > 0.0


def test_people_are_told_apart():
    settings = [voice_for(KEY, f"p-{i}") for i in range(300)]
    gaps = [distance(a, b) for i, a in enumerate(settings) for b in settings[:i]]
    assert np.quantile(gaps, 0.05) > 0.05
    assert min(gaps) > 0.0


def test_every_direction_is_used():
    settings = [voice_for(KEY, f"p-{i}") for i in range(400)]
    up = np.mean([s.pitch > 1 for s in settings])
    assert 0.3 < up < 0.7
    assert all(len(s.warp) == len(ANCHORS) for s in settings)


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        voice_for(b"short", "p-1")
