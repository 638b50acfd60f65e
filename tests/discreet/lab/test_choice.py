from pathlib import Path

import pytest

from discreet.lab.choice import BOUNDS, Criteria, Gates, Weights, chosen, judged, read_criteria, why
from timeline import InputError

GOOD = {"eer": 0.45, "wer": 0.05, "pitch": 0.8, "energy": 0.8, "dnsmos": 3.0, "rtf": 0.5}
FAST = {**GOOD, "eer": 0.35, "rtf": 0.05}
LEAKS = {**GOOD, "eer": 0.1}


def systems(**values):
    return [{"name": name, "values": each} for name, each in values.items()]


def test_the_weights_are_those_of_the_lab() -> None:
    assert Weights().model_dump() == {"privacy": 45, "content": 25, "prosody": 10, "quality": 10, "speed": 10}


def test_privacy_outweighs_speed() -> None:
    ranking = judged(systems(fast=FAST, good=GOOD), Criteria())
    assert [each.name for each in ranking] == ["good", "fast"]
    assert ranking[0].total == pytest.approx(45 * 0.9 + 25 * 0.95 + 10 * 0.8 + 10 * 0.5 + 10 * 0.5)


def test_other_weights_choose_otherwise() -> None:
    best = chosen(judged(systems(fast=FAST, good=GOOD), Criteria(weights=Weights(privacy=5, speed=60))))
    assert best is not None
    assert best.name == "fast"


def test_who_does_not_pass_a_gate_is_never_chosen_whatever_it_scores() -> None:
    ranking = judged(systems(leaks={**LEAKS, "wer": 0.0, "rtf": 0.0}, slow={**GOOD, "wer": 0.14}), Criteria())
    assert ranking[0].name == "slow"
    assert any("leaks is out: eer is 0.1, min_eer is 0.3" in line for line in why(ranking, Criteria()))


def test_where_none_passes_none_is_chosen_and_that_is_said() -> None:
    ranking = judged(systems(leaks=LEAKS), Criteria())
    assert chosen(ranking) is None
    assert why(ranking, Criteria())[0] == "No system passes every gate, so none is chosen."


def test_what_was_not_measured_passes_no_gate_and_counts_nothing() -> None:
    (found,) = judged(systems(dumb={"eer": 0.4, "rtf": 0.1, "wer": None}), Criteria())
    assert found.failed == ("wer was not measured, max_wer is 0.15",)
    assert found.scores["content"] == 0.0
    assert "content" in found.missing


def test_every_gate_bounds_a_figure() -> None:
    assert BOUNDS.keys() == set(Gates.model_fields)


def test_of_equals_the_name_decides() -> None:
    assert [each.name for each in judged(systems(b=GOOD, a=GOOD), Criteria())] == ["a", "b"]


def test_criteria_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "criteria.toml"
    path.write_text("[gates]\nmax_wer = 0.3\n[weights]\nspeed = 50\n")
    found = read_criteria(path)
    assert (found.gates.max_wer, found.weights.speed, found.weights.privacy) == (0.3, 50, 45)


@pytest.mark.parametrize(
    "text",
    [
        "[gates]\nmax_wre = 1",
        "[weights]\nspeed = -1",
        "nonsense",
        "[weights]\nprivacy=0\ncontent=0\nprosody=0\nquality=0\nspeed=0",
    ],
)
def test_criteria_that_cannot_be_are_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "criteria.toml"
    path.write_text(text)
    with pytest.raises(InputError):
        read_criteria(path)
