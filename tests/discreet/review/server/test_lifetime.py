"""A review ends when its page is closed, or when nobody does anything."""

from __future__ import annotations

import pytest

from discreet.review.server.lifetime import FIRST, GRACE, Lifetime


class Time:
    """Seconds that only the test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


def test_it_goes_on_while_a_page_is_open(time: Time) -> None:
    life = Lifetime(time, idle=1e9)
    life.opened()
    time.now = 1e6
    assert life.over is None


def test_it_ends_when_the_last_page_is_closed(time: Time) -> None:
    life = Lifetime(time, idle=1e9)
    life.opened()
    life.opened()
    life.closed()
    time.now = 100.0
    assert life.over is None
    life.closed()
    time.now += GRACE
    assert life.over == "the page was closed"


def test_loading_the_page_again_does_not_end_it(time: Time) -> None:
    life = Lifetime(time, idle=1e9)
    life.opened()
    life.closed()
    time.now += GRACE * 0.9
    assert life.over is None
    life.opened()
    time.now += GRACE * 10
    assert life.over is None


def test_it_ends_when_nobody_does_anything_though_a_page_is_open(time: Time) -> None:
    life = Lifetime(time, idle=60.0)
    life.opened()
    time.now = 59.0
    life.used()
    time.now = 118.0
    assert life.over is None
    time.now = 119.0
    assert life.over == "nothing was done for a while"


def test_it_does_not_end_while_results_are_made(time: Time) -> None:
    life = Lifetime(time, idle=60.0)
    life.working = lambda: time.now < 500
    life.opened()
    life.closed()
    time.now = 499.0
    assert life.over is None
    time.now = 500.0
    assert life.over is None
    time.now = 499.0 + GRACE
    assert life.over == "the page was closed"


def test_it_ends_when_no_browser_comes(time: Time) -> None:
    life = Lifetime(time, idle=1e9)
    time.now = FIRST
    assert life.over == "no browser opened the page"
