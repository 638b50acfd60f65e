"""The table holds a row for each system, and speakers are spread over the collections."""

from __future__ import annotations

import pytest

from discreet.voice_evaluation import VoiceReport
from evaluation.attacks.converted_corpus import Spent
from evaluation.data.voices import MEDIA
from evaluation.runs.voice_attacks import HEAD, chosen, table, trained
from voice.attacks import Interval, Outcome
from weights import Store


def reached(rate: float) -> Outcome:
    return Outcome(Interval(rate, rate - 0.05, rate + 0.05), 0.5, 0.1, 0.4, 0.3, ("ann", 0.02), {}, [], 10)


def test_a_row_gives_the_stronger_of_what_was_trained() -> None:
    attacks = {
        "ecapa ignorant": reached(0.4),
        "ecapa semi-informed, WCCN": reached(0.2),
        "ecapa semi-informed, PLDA": reached(0.15),
    }
    report = VoiceReport(4, 2, (4, 2), attacks, "ecapa semi-informed, PLDA", reached(0.01), {}, None, None, [])
    lines = table({"warp": (report, Spent(1.0, 10.0, 100.0))}).splitlines()
    assert len(lines) == 3
    cells = dict(zip(HEAD, [cell.strip() for cell in lines[2].strip("|").split("|")], strict=True))
    assert cells["system"] == "warp"
    assert cells["semi id / EER"] == "50 / 15.0"
    assert cells["lazy EER"] == "-"
    assert cells["best attacker EER [95 %]"] == "15.0 [10.0, 20.0]"
    assert cells["RTF"] == "0.100"


def test_fewer_speakers_are_spread_over_all() -> None:
    if not MEDIA.is_dir():
        pytest.skip(f"no {MEDIA}")
    some = chosen(Store(), 6, 2)
    assert len(some) == 6
    assert len({speaker.name.partition("_")[0] for speaker in some}) >= 3
    assert all(len(speaker.takes) == 2 for speaker in some)


@pytest.mark.parametrize(("rate", "said"), [(0.05, "well trained"), (0.3, "BADLY TRAINED")])
def test_an_attacker_who_does_not_see_through_mcadams_is_called_bad(rate: float, said: str) -> None:
    attacks = {"ecapa ignorant": reached(0.4), "ecapa semi-informed, WCCN": reached(rate)}
    report = VoiceReport(4, 2, (4, 2), attacks, "ecapa ignorant", reached(0.01), {}, None, None, [])
    assert said in trained({"mcadams": (report, Spent(1.0, 10.0, 100.0))})
    assert "was not attacked" in trained({"warp": (report, Spent(1.0, 10.0, 100.0))})
