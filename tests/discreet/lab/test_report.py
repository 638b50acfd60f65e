import json
from pathlib import Path

import pytest

from discreet.lab.choice import Criteria, judged
from discreet.lab.report import fairness_lines, read_comparison, scenario_table, table, write_report
from timeline import InputError

SYSTEMS = [
    {
        "name": "words <again>",
        "values": {"eer": 0.48, "eer_low": 0.4, "eer_high": 0.5, "wer": 0.048, "pitch": 0.2, "energy": 0.6, "dnsmos": 3.1, "rtf": 0.76},  # noqa: E501
        "gaps": {"sex": ["m < f", 0.15, True]},
        "scenarios": {"cafe": {"wer": 0.31}},
    },
    {"name": "warp", "values": {"eer": 0.2, "wer": 0.18, "rtf": None}, "gaps": {"sex": ["f < m", 0.02, False]}},
]  # fmt: skip


def test_intervals_stand_beside_their_figures_and_nothing_is_a_dash() -> None:
    rows = [line.split(" | ") for line in table(SYSTEMS).splitlines()]
    assert rows[2][1] == "48.0 [40, 50]"
    assert rows[3][1] == "20.0"
    assert rows[3][14] == "-"


def test_scenarios_that_were_not_tried_are_dashes_and_none_at_all_is_no_table() -> None:
    assert scenario_table(SYSTEMS).splitlines()[2:] == ["| words <again> | 31 |", "| warp | - |"]
    assert scenario_table(SYSTEMS[1:]) == ""


def test_alarms_come_first() -> None:
    lines = fairness_lines(SYSTEMS[::-1])
    assert lines[0].startswith("ALARM words <again>, sex: m < f, 15 points")
    assert not lines[1].startswith("ALARM")


def test_the_same_comparison_gives_the_same_report(tmp_path: Path) -> None:
    comparison = {"about": {}, "systems": SYSTEMS}
    made = []
    for name in ("one", "two"):
        files = write_report(tmp_path / name, comparison, judged(SYSTEMS, Criteria()), Criteria())
        made.append([path.read_bytes() for path in files])
    assert made[0] == made[1]
    choice = json.loads(made[0][0])
    assert choice["chosen"] == "words <again>"
    page = made[0][2].decode()
    assert "words &lt;again&gt;" in page
    assert "<again>" not in page
    assert "http" not in page.replace("http-equiv", "")


@pytest.mark.parametrize("text", ["", "[]", '{"systems": [{"name": "x"}]}'])
def test_what_is_no_comparison_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(text)
    with pytest.raises(InputError, match="not a comparison"):
        read_comparison(tmp_path / "c.json")
