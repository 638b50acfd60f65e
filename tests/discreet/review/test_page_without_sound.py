"""A live recording whose sealed sound is gone: the page says so, and offers what is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.review import ReviewRules
from discreet.review.server import DecisionRoutes, Lifetime, Offer, ReviewFolder
from evaluation.data.review_page import chromium, long_timeline, opened_page, served, until, write_results

pytestmark = pytest.mark.skipif(chromium() is None, reason="Debian's chromium is not installed (setup.sh --dev)")


def test_of_a_live_recording_without_its_sound_the_page_says_what_can_be_done(tmp_path: Path) -> None:
    pytest.importorskip("playwright.sync_api")
    results = write_results(tmp_path, long_timeline(4.0, 8, 8))

    def offered(folder: ReviewFolder, lifetime: Lifetime) -> Offer:
        ground = ReviewRules(folder.timeline)
        return Offer(DecisionRoutes(folder, lambda: ground, "Ann", lifetime, fixed=True))

    with served(results, offered=offered) as (_, once), opened_page(once) as (page, wrong):
        assert "--keep-spool" in page.inner_text("#fixed")
        assert "--deny" in page.inner_text("#fixed")
        assert not any(page.is_visible(f"#{id}") for id in ("render", "redact", "every", "correct", "move", "mask"))
        page.click("#tab-people")
        assert page.locator("#people button").count() == 0
        for key in ("w", "r", "Enter"):
            page.keyboard.press(key)
        until(page, "document.getElementById('dialog-error').textContent.includes('sealed sound')")
        assert [line for line in wrong if "422" not in line] == []
