"""The page draws what was found, at the right places."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from discreet.voice_evaluation.page import det_svg, speakers_svg
from voice.attacks import Interval, Outcome


def found(curve: list[tuple[float, float]], speakers: dict[str, tuple[float, float]]) -> Outcome:
    return Outcome(Interval(0.2, 0.1, 0.3), 0.5, 0.1, 0.4, 0.3, ("ann", 0.1), speakers, curve, 10)


def test_equal_rates_lie_on_the_diagonal() -> None:
    svg = det_svg({"a": found([(0.01, 0.01), (0.2, 0.2), (0.5, 0.5)], {})})
    ElementTree.fromstring(svg)
    points = re.search(r'points="([^"]+)"', svg)
    assert points is not None
    for point in points[1].split():
        x, y = map(float, point.split(","))
        assert x - 54 == pytest.approx(360 - y, abs=0.2)


def test_rates_of_none_and_all_stay_on_the_picture() -> None:
    svg = det_svg({"a": found([(0.0, 1.0), (1.0, 0.0)], {})})
    points = re.search(r'points="([^"]+)"', svg)
    assert points is not None
    numbers = [float(value) for point in points[1].split() for value in point.split(",")]
    assert all(0 <= value <= 414 for value in numbers)


def test_who_is_hidden_least_stands_first_and_names_are_escaped() -> None:
    svg = speakers_svg(found([], {"<b>": (0.4, 0.0), "ann": (0.1, 1.0)}))
    ElementTree.fromstring(svg)
    assert svg.index("ann") < svg.index("&lt;b&gt;")
