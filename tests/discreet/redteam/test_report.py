"""The report: every attack with its light and figure, and the worst light on top."""

from __future__ import annotations

import json

import pytest

from discreet.redteam.attack import Attacked, counted, not_attacked, rated
from discreet.redteam.report import LIMIT, redteam_json, redteam_page, redteam_text, worst

ATTACKS = [counted("faces", ["<b>1.0 s"], 3, "bare"), rated("timing", 1, 4, 0.3, "right"), not_attacked("voices", "no")]


@pytest.mark.parametrize(("attacks", "light"), [(ATTACKS, "red"), (ATTACKS[1:], "amber"), (ATTACKS[2:], "grey")])
def test_the_worst_light_counts_and_grey_is_none(attacks: list[Attacked], light: str) -> None:
    assert worst(attacks) == light


def test_every_form_names_every_attack_with_its_figure_and_the_limit() -> None:
    for text in (redteam_text(ATTACKS), redteam_page(ATTACKS, ["out"]), redteam_json(ATTACKS, ["out"])):
        assert all(one.name in text and one.figure in text for one in ATTACKS)
        assert LIMIT in text
    assert json.loads(redteam_json(ATTACKS, ["out"]))["light"] == "red"


def test_the_page_runs_nothing_of_what_it_shows() -> None:
    page = redteam_page(ATTACKS, ["<script>"])
    assert "<script" not in page
    assert "&lt;b&gt;1.0 s" in page
