"""Every kind of decision is made in the page, by mouse and by keys, as a person would who is no programmer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from discreet.review import read_decisions
from evaluation.data.review_page import chromium, long_timeline, opened_page, served, until, write_results
from timeline import Timeline

pytestmark = pytest.mark.skipif(chromium() is None, reason="Debian's chromium is not installed (setup.sh --dev)")


def meeting() -> Timeline:
    """One word of the meeting is taken out: the third."""
    whole = long_timeline(40.0, 60, 40)
    out = next(one for one in whole.redactions if one.kind == "word" and one.entity == "PERSON")
    words = list(whole.words)
    words[2] = words[2].model_copy(update={"text": "[PERSON]", "redaction": out.id})
    return whole.model_copy(update={"words": words})


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_results(tmp_path_factory.mktemp("decisions"), meeting())


@pytest.fixture(scope="module")
def page(results: Path) -> Iterator[Any]:
    pytest.importorskip("playwright.sync_api")
    with served(results) as (_, once), opened_page(once) as (page, wrong):
        yield page
        assert [line for line in wrong if "422" not in line] == []


def said(page: Any, results: Path) -> Any:
    """The decision that was made last, once the dialogue is closed."""
    until(page, "!document.getElementById('dialog').open")
    return read_decisions(results).standing()[-1].decision


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_turn_is_selected_by_a_double_click_and_moved(page: Any, results: Path) -> None:
    turn = meeting().turns[4]
    x = page.evaluate(
        "async (t) => { const { parts: { lanes } } = await import(new URL('page/main.js', document.baseURI).href);"
        " return lanes.x(t); }",
        (turn.start + turn.end) / 2,
    )
    page.locator("#canvas").dblclick(position={"x": x, "y": 80})
    page.click("#move")
    page.click("#dialog button:has-text('Move')")
    decision = said(page, results)
    assert decision.kind == "move"
    assert (decision.start, decision.end) == pytest.approx((turn.start, turn.end), abs=0.01)
    assert (decision.person, decision.to) == (turn.person, "p2")


def test_a_part_of_a_turn_is_moved_by_keys(page: Any, results: Path) -> None:
    press(page, "Home", "p", "Escape", "w", "Shift+W", "t", "Enter")
    decision = said(page, results)
    words = meeting().words
    assert decision.kind == "move"
    assert (decision.start, decision.end) == pytest.approx((words[1].start, words[2].end), abs=0.01)


def test_the_name_of_a_speaker_selects_what_they_say(page: Any) -> None:
    page.locator("#transcript .who").first.click()
    paragraph = page.locator("#transcript p").first.inner_text()
    assert page.inner_text("#selection").split("). ")[1] in paragraph.replace("\n", " ")


def test_a_redacted_word_is_brought_back_with_a_reason(page: Any, results: Path) -> None:
    press(page, "Escape")
    page.locator(".word.out").click()
    press(page, "x")
    page.keyboard.type("not a name")
    press(page, "Enter")
    decision = said(page, results)
    assert decision.kind == "reject"
    assert (decision.items, decision.reason) == ((meeting().words[2].redaction,), "not a name")
    page.locator(".word").nth(5).click()
    page.click("#back")
    until(page, "document.getElementById('state').textContent.includes('Choose a redacted word')")


def test_a_word_is_corrected(page: Any, results: Path) -> None:
    page.locator(".word").nth(4).click()
    page.click("#correct")
    page.fill("#dialog input", "onwards")
    page.click("#dialog button:has-text('Correct word')")
    decision = said(page, results)
    assert decision.kind == "correct"
    assert decision.text == "onwards"


def test_every_occurrence_goes_at_once(page: Any, results: Path) -> None:
    page.locator(".word").nth(9).click()
    press(page, "e")
    assert "5 times" in page.inner_text("#dialog")
    press(page, "Enter")
    decision = said(page, results)
    assert decision.kind == "redact"
    assert decision.every


def test_a_region_is_drawn_over_the_picture_and_masked_for_a_while(page: Any, results: Path) -> None:
    page.locator(".word").nth(6).click()  # too short to say how long
    page.click("#mask")
    page.select_option("#dialog select", "")
    box = page.locator("#stage").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 40, middle[1] + 30)
    page.mouse.up()
    page.click("#dialog-yes")
    decision = said(page, results)
    assert decision.kind == "mask"
    assert decision.box is not None
    assert decision.box.x == pytest.approx(0.5, abs=0.01)
    assert decision.end - decision.start == pytest.approx(5.0)


def test_two_people_become_one_and_answers_are_taken_back(page: Any, results: Path) -> None:
    page.click("#tab-people")
    page.click("#people button:has-text('Merge') >> nth=3")
    page.select_option("#dialog select", label="Speaker 3")
    page.click("#dialog button:has-text('Merge')")
    decision = said(page, results)
    assert (decision.kind, decision.person, decision.other) == ("merge", "p3", "p4")
    page.click("#people button:has-text('Answers') >> nth=0")
    page.select_option("#dialog select[name=heard]", "no")
    page.click("#dialog button:has-text('Save')")
    decision = said(page, results)
    assert (decision.kind, decision.person, decision.heard) == ("answer", "p1", False)


def test_a_face_is_shown_only_of_somebody_who_agreed(page: Any) -> None:
    press(page, "f", "Enter")
    until(page, "document.getElementById('dialog-error').textContent.includes('agreed to be seen')")
    press(page, "Escape")
    until(page, "!document.getElementById('dialog').open")


def test_undecided_places_block_publishing_and_say_so(page: Any) -> None:
    assert page.is_disabled("#publish")
    assert "Decide about them first" in page.get_attribute("#publish", "title")


def test_what_was_decided_is_listed_in_words_undone_and_done_again(page: Any, results: Path) -> None:
    page.click("#tab-decisions")
    before = page.locator("#decisions li").count()
    assert before == len(read_decisions(results).standing()) == 8
    text = page.inner_text("#decisions")
    for words in ("Moved: ", "Rejected: ", "Corrected: ", "Redacted everywhere: ", "Masked: ", "Merged: ", "Answers: "):
        assert words in text
    press(page, "Control+z")
    until(page, f"document.querySelectorAll('#decisions li').length === {before - 1}")
    page.click("#redo")
    until(page, f"document.querySelectorAll('#decisions li').length === {before}")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    page.click("#tab-decisions")
    assert page.locator("#decisions li").count() == before
