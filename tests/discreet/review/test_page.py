"""The page in a browser: it shows, keys do everything, reloading loses nothing, and everybody can use it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from discreet.review import read_decisions
from evaluation.data.review_page import chromium, long_timeline, opened_page, served, until, violations, write_results

pytestmark = pytest.mark.skipif(chromium() is None, reason="Debian's chromium is not installed (setup.sh --dev)")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_results(tmp_path_factory.mktemp("review"), long_timeline(40.0, 60, 40))


@pytest.fixture(scope="module")
def shown(results: Path) -> Iterator[tuple[Any, list[str]]]:
    pytest.importorskip("playwright.sync_api")
    with served(results) as (_, once), opened_page(once) as opened:
        yield opened


def count(page: Any) -> int:
    return int(page.inner_text("#tab-attention").split("(")[1].rstrip(")"))


def test_everything_is_painted(shown: tuple[Any, list[str]], results: Path) -> None:
    page, _ = shown
    assert results.name in page.title()
    assert results.name in page.inner_text("h1")
    assert "Ann Lee" in page.inner_text("#transcript")
    assert count(page) == page.locator("#attention li").count() > 2
    colours = page.evaluate(
        "() => { const c = document.getElementById('canvas');"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " return new Set(Array.from({length: d.length / 4}, (_, i) => d.slice(4 * i, 4 * i + 3).join())).size; }"
    )
    assert colours > 10


def test_the_safe_recording_is_seen_and_can_be_jumped_in(shown: tuple[Any, list[str]]) -> None:
    page, _ = shown
    until(page, "document.getElementById('video').readyState >= 2")
    page.keyboard.press("End")
    until(page, "document.getElementById('video').currentTime > 39")
    page.locator(".word").nth(3).click()
    until(page, "document.getElementById('video').currentTime < 5")
    assert page.evaluate("document.getElementById('video').videoWidth") == 160


def test_places_are_decided_by_keys_and_reloading_loses_none(shown: tuple[Any, list[str]], results: Path) -> None:
    page, _ = shown
    before = count(page)
    for _n in range(2):
        page.keyboard.press("j")
        page.keyboard.press("a")
    until(page, f"document.getElementById('tab-attention').textContent.includes('({before - 2})')")
    page.keyboard.press("u")
    until(page, f"document.getElementById('tab-attention').textContent.includes('({before - 1})')")
    assert len(read_decisions(results).standing()) == 1
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert count(page) == before - 1
    page.keyboard.press("Shift+U")
    until(page, f"document.getElementById('tab-attention').textContent.includes('({before - 2})')")


def test_words_are_redacted_by_keys_alone(shown: tuple[Any, list[str]], results: Path) -> None:
    page, _ = shown
    before = len(read_decisions(results).standing())
    for key in ("Escape", "w", "w", "Shift+W", "r", "Enter"):
        page.keyboard.press(key)
    until(page, "!document.getElementById('dialog').open")
    entries = read_decisions(results).standing()
    assert len(entries) == before + 1
    assert entries[-1].decision.kind == "redact"


def test_what_the_server_refuses_is_said_in_the_dialogue(shown: tuple[Any, list[str]]) -> None:
    page, _ = shown
    page.click("#tab-people")
    page.click("#people button:has-text('Rename') >> nth=1")
    page.fill("#dialog input[name=name]", "Somebody Else")
    page.keyboard.press("Enter")
    until(page, "document.getElementById('dialog-error').textContent.includes('enrolled')")
    page.keyboard.press("Escape")
    until(page, "!document.getElementById('dialog').open")
    page.click("#tab-attention")


def test_a_region_is_masked_by_keys_alone(shown: tuple[Any, list[str]], results: Path) -> None:
    page, _ = shown
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    until(page, "!document.getElementById('dialog').open")
    page.keyboard.press("m")
    page.select_option("#dialog select", "")
    page.fill("#dialog input[name=x]", "25")
    page.keyboard.press("Enter")
    until(page, "!document.getElementById('dialog').open")
    decision = read_decisions(results).standing()[-1].decision
    assert decision.kind == "mask"
    assert decision.box is not None
    assert decision.box.x == 0.25


SEARCHES = """async () => {
  const { Spans, stamp } = await import(new URL('page/model.js', document.baseURI).href);
  const { occurrences } = await import(new URL('page/decide.js', document.baseURI).href);
  const random = (most) => Math.floor(Math.random() * most);
  let wrong = 0;
  for (let trial = 0; trial < 300; trial += 1) {
    const item = (start) => ({ start, end: start + random(30) });
    const items = Array.from({ length: random(20) }, () => item(random(50)));
    const [from, to] = [random(60), random(60)].sort((a, b) => a - b);
    const found = [...new Spans(items).within(from, to)].length;
    wrong += found !== items.filter((one) => one.start < to && one.end > from).length;
  }
  const word = (text, n) => ({ text, start: n, end: n + 1, redaction: n === 0 ? 'r1' : null });
  const words = 'Ann Lee, said ANN lee and Ann. Lee'.split(' ').map(word);
  const starts = occurrences(words.slice(3, 5), words).map((one) => one.start);
  return [wrong, starts, stamp(3723.46), stamp(59.99), stamp(5, 0)];
}"""


def test_what_is_in_view_and_every_occurrence_are_found_as_by_a_plain_search(shown: tuple[Any, list[str]]) -> None:
    page, _ = shown
    assert page.evaluate(SEARCHES) == [0, [3, 6], "1:02:03.4", "0:59.9", "0:05"]


ORIGINAL = """() => new Promise((done) => {
  const header = new Uint8Array(44 + 3200);
  const view = new DataView(header.buffer);
  const text = (at, word) => [...word].forEach((letter, n) => view.setUint8(at + n, letter.charCodeAt(0)));
  text(0, 'RIFF'); view.setUint32(4, 36 + 3200, true); text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, 16000, true); view.setUint32(28, 32000, true);
  view.setUint16(32, 2, true); view.setUint16(34, 16, true); text(36, 'data'); view.setUint32(40, 3200, true);
  const audio = new Audio(URL.createObjectURL(new Blob([header], { type: 'audio/wav' })));
  audio.onloadedmetadata = () => done(audio.duration);
  audio.onerror = () => done(null);
})"""


def test_a_sound_that_the_page_asked_for_by_post_can_be_heard(shown: tuple[Any, list[str]]) -> None:
    page, _ = shown
    assert page.evaluate(ORIGINAL) == pytest.approx(0.1)


def test_nothing_was_kept_out_and_nothing_failed(shown: tuple[Any, list[str]]) -> None:
    _, wrong = shown
    assert [line for line in wrong if "422" not in line] == []


def test_everybody_can_use_it(shown: tuple[Any, list[str]]) -> None:
    page, _ = shown
    pytest.importorskip("axe_playwright_python")
    assert violations(page) == []
