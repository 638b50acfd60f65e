import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discreet.lab.risk import gaps, leaked_bits, risk
from voice.attacks import Interval, Outcome


def outcome(eer: float = 0.3, shares: tuple[float, ...] = (0.0, 1.0)) -> Outcome:
    speakers = {f"s{number}": (eer, share) for number, share in enumerate(shares)}
    mean = float(np.mean(shares))
    return Outcome(Interval(eer, eer, eer), mean, 0.1, 0.0, 0.0, ("s0", eer), speakers, [], len(shares))


@given(st.integers(2, 500))
def test_certainty_leaks_all_of_it_and_chance_nothing(speakers: int) -> None:
    assert leaked_bits(1.0, speakers) == pytest.approx(np.log2(speakers))
    assert leaked_bits(1 / speakers, speakers) == 0.0
    assert leaked_bits(0.0, speakers) == 0.0


@given(st.integers(2, 100), st.floats(0, 1), st.floats(0, 1))
def test_who_finds_more_knows_more(speakers: int, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert leaked_bits(low, speakers) <= leaked_bits(high, speakers) + 1e-9


def test_the_risk_has_an_interval_over_speakers() -> None:
    wide, narrow = risk(outcome(shares=(0.0, 1.0) * 5)), risk(outcome(shares=(0.5,) * 10))
    assert wide.value == narrow.value == 0.5
    assert wide.low < 0.35 < 0.65 < wide.high
    assert (narrow.low, narrow.high) == (0.5, 0.5)


def test_one_speaker_says_nothing_of_others() -> None:
    assert (risk(outcome(shares=(0.3,))).low, risk(outcome(shares=(0.3,))).high) == (0.0, 1.0)


def test_groups_that_are_hidden_otherwise_raise_an_alarm() -> None:
    groups = {"sex: f": outcome(0.4), "sex: m": outcome(0.25), "accent: irish": outcome(0.3), "age: old": outcome(0.1)}
    groups["accent: welsh"] = outcome(0.35)
    found = {kind: (who, round(gap, 3), alarm) for kind, who, gap, alarm in gaps(groups)}
    assert found == {"accent": ("irish < welsh", 0.05, False), "sex": ("m < f", 0.15, True)}
