"""Voices: a turn that sounds like somebody known is red, and whose original can be found is told with its rate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from discreet.redteam.known_people import Known
from discreet.redteam.target import Target, targets_in
from discreet.redteam.voices import known_voices, own_voices
from tests.discreet.redteam.conftest import Tones, document, write_sound
from timeline import Timeline

TURNS = [(2.0 * n, 2.0 * n + 1.8, "ab"[n % 2]) for n in range(6)]
OWN = {"a": 300.0, "b": 900.0}


@pytest.fixture
def original(tmp_path: Path) -> Path:
    return write_sound(tmp_path / "original.mp4", [(start, end, OWN[who]) for start, end, who in TURNS], 12.0)


def changed(results: Callable[[str, Timeline], Target], tones: dict[str, float]) -> Target:
    target = results("results", document(TURNS))
    write_sound(target.folder / "safe.mp4", [(start, end, tones[who]) for start, end, who in TURNS], 12.0)
    return targets_in([target.folder])[0]


@pytest.mark.parametrize(("tone", "light"), [(300.0, "red"), (2700.0, "green")])
def test_a_turn_that_sounds_like_somebody_known_is_red(
    results: Callable[[str, Timeline], Target], original: Path, tone: float, light: str
) -> None:
    target = changed(results, {"a": tone, "b": 5000.0})
    known = Known(sounds={"Ann": [write_sound(original.with_name("ann.mp4"), [(0.0, 2.0, 300.0)], 2.0)]})
    attacked = known_voices([target], known, Tones())
    assert (attacked.light, attacked.trials) == (light, 6)
    assert known_voices([target], Known(), Tones()).light == "grey"


def test_unchanged_voices_lead_to_their_originals(results: Callable[[str, Timeline], Target], original: Path) -> None:
    attacked = own_voices([changed(results, OWN)], [original], Tones())
    assert (attacked.value, attacked.chance, attacked.trials, attacked.light) == (1.0, 0.5, 6, "red")


def test_one_voice_for_all_leads_nowhere(results: Callable[[str, Timeline], Target], original: Path) -> None:
    attacked = own_voices([changed(results, dict.fromkeys("ab", 5000.0))], [original], Tones())
    assert attacked.light in ("amber", "green")
    assert attacked.value is not None
    assert attacked.value <= 0.5


def test_without_originals_it_says_what_is_missing(results: Callable[[str, Timeline], Target], original: Path) -> None:
    target = changed(results, OWN)
    assert "--original" in own_voices([target], [], Tones()).figure
    assert own_voices([target], [original, original], Tones()).light == "grey"
