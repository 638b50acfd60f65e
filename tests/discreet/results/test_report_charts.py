"""The charts of the report."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from discreet.results.report_charts import COLUMNS, LEFT, WIDTH, speaking_chart, spoken, timeline_picture
from timeline import Timeline


def made(turns: list[tuple[float, float, str]], **parts: Any) -> Timeline:
    people = [{"id": f"p{n}", "pseudonym": f"Speaker {n}"} for n in (1, 2)]
    rows = [{"start": a, "end": b, "person": p} for a, b, p in turns]
    return Timeline.model_validate({"recording": {"duration": 100.0}, "people": people, "turns": rows, **parts})


def test_what_overlaps_is_counted_once_a_person() -> None:
    assert spoken(made([(0, 10, "p1"), (5, 15, "p1"), (5, 15, "p2")])) == {"p1": 15.0, "p2": 10.0}


def test_both_are_pictures_with_a_title() -> None:
    timeline = made([(0, 10, "p1")])
    for svg in (speaking_chart(timeline), timeline_picture(timeline)):
        root = ElementTree.fromstring(svg)
        assert root.get("role") == "img"
        assert root[0].tag.endswith("title")


def test_a_bar_stands_at_its_share_of_the_time() -> None:
    svg = timeline_picture(made([(50, 75, "p1")]))
    left, wide = re.findall(r'class="p0" d="M(\d+) \d+h(\d+)v', svg)[0]
    assert int(left) == LEFT + COLUMNS // 2
    assert abs(int(wide) - COLUMNS / 4) <= 1


def test_a_day_of_turns_stays_a_small_picture() -> None:
    turns = [(n * 0.01, n * 0.01 + 0.004, "p1") for n in range(10_000)]
    assert len(timeline_picture(made(turns))) < 40_000


def test_nothing_reaches_beyond_the_picture() -> None:
    svg = timeline_picture(made([(99.99, 100, "p1"), (0, 100, "p2")]))
    assert all(int(x) + int(w) <= WIDTH for x, w in re.findall(r"M(\d+) \d+h(\d+)v", svg))
