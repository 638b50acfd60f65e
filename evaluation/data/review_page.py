"""A review page in a browser, for tests and measurements: results of any length, the server, Debian's chromium."""

from __future__ import annotations

import contextlib
import queue
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from capture import CaptureSettings, Picture, SafeWriter
from discreet.results import EXPORTS, REPORT, report_text
from discreet.review import ReviewRules
from discreet.review.server import DecisionRoutes, Lifetime, Offer, ReviewFolder, ReviewRequest, serve
from timeline import Timeline

SIZE, FPS, RATE = (160, 120), 2.0, 8000
BOX = (0.0, 40.0, 30.0, 40.0, 50.0)
CHROMIUM = "/usr/bin/chromium"
WORDS = ("so", "we", "could", "meet", "again", "on", "the", "other", "side", "of", "this", "question")


def long_timeline(seconds: float, words: int, marks: int) -> Timeline:
    """A meeting of four people with this many words, and redactions and doubtful turns that add up to ``marks``.

    Half of the marks are redactions, of which a tenth need attention; the rest are turns, a tenth of them of somebody
    named on little confidence.
    """
    step, many = seconds / words, marks // 2
    people = [
        {"id": f"p{n}", "name": "Ann Lee" if n == 1 else None, "pseudonym": f"Speaker {n}", "registered": n == 1}
        for n in (1, 2, 3, 4)
    ]
    apart = seconds / many
    turns = [
        {
            "start": n * apart,
            "end": (n + 0.9) * apart,
            "person": f"p{n % 4 + 1}",
            "confidence": 0.3 if n % 10 == 0 else 0.9,
        }
        for n in range(many)
    ]
    redactions = [
        {
            "id": f"r{n}",
            "kind": ("word", "voice", "face")[n % 3],
            "start": n * apart,
            "end": (n + 0.3) * apart,
            "person": f"p{n % 4 + 1}",
            "entity": ("NOT_UNDERSTOOD" if n % 10 == 0 else "PERSON") if n % 3 == 0 else None,
            "operator": "beep",
            "reason": "made for a measurement",
        }
        for n in range(many)
    ]
    rows = [
        {
            "start": n * step,
            "end": (n + 0.8) * step,
            "text": WORDS[n % len(WORDS)],
            "person": turns[min(int(n * step / apart), many - 1)]["person"],
            "confidence": 0.9,
        }
        for n in range(words)
    ]
    return Timeline.model_validate(
        {
            "recording": {"duration": seconds, "width": SIZE[0], "height": SIZE[1], "fps": FPS, "sample_rate": RATE},
            "people": people,
            "tracks": [
                {
                    "id": "t1",
                    "person": "p1",
                    "start": 0,
                    "end": seconds,
                    "masked": False,
                    "boxes": [[0, 40, 30, 40, 50]],
                },
                {"id": "t2", "person": "p2", "start": 0, "end": seconds, "masked": True},
            ],
            "turns": turns,
            "words": rows,
            "redactions": redactions,
            "provenance": {"version": "1", "created": "2026-01-01T00:00:00+00:00", "source": "ab" * 32},
        }
    )


def write_results(folder: Path, timeline: Timeline) -> Path:
    """Results for a timeline: grey pictures with a moving bar, and a tone every other second."""
    texts = {**EXPORTS, "timeline.json": Timeline.to_json, REPORT: report_text}
    for name, make in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(make(timeline), encoding="utf-8")
    tone = (np.sin(np.arange(RATE) * 0.3) * 0.4).astype(np.float32)[:, None]
    with SafeWriter(folder / "safe.mp4", Picture(*SIZE, FPS), RATE, 1, CaptureSettings(preset="ultrafast")) as out:
        for second in range(int(timeline.recording.duration)):
            for half in range(int(FPS)):
                picture = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
                picture[:, second % SIZE[0]] = 255
                out.write_frame(second + half / FPS, picture)
            out.write_audio(tone if second % 2 else tone * 0)
    return folder


@contextlib.contextmanager
def served(
    folder: Path, reviewer: str = "Reviewer", offered: Callable[[ReviewFolder, Lifetime], Offer] | None = None
) -> Iterator[tuple[str, str]]:
    """The page for results, from this process: its address, and the one that leads there once.

    Args:
        folder: the results.
        reviewer: who decides.
        offered: what the page offers; None: decisions alone.
    """
    opened, told = ReviewFolder.open(folder), queue.Queue[tuple[str, str]]()
    ground = ReviewRules(opened.timeline)
    life: list[Lifetime] = []

    def offer(lifetime: Lifetime) -> Offer:
        life.append(lifetime)
        if offered is not None:
            return offered(opened, lifetime)
        return Offer(DecisionRoutes(opened, lambda: ground, reviewer, lifetime))

    request = ReviewRequest(opened, offer=offer)
    thread = threading.Thread(target=serve, args=(request, lambda *both: told.put(both), lambda line: None))
    thread.start()
    try:
        yield told.get(timeout=60)
    finally:
        life[0].end()
        thread.join(60)


def chromium() -> str | None:
    """Where Debian's chromium is; None where it is not installed."""
    return CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")


@contextlib.contextmanager
def opened_page(address: str) -> Iterator[tuple[Any, list[str]]]:
    """The page in a browser without a window, and a list that gets everything that its policy kept out, and errors."""
    from playwright.sync_api import sync_playwright

    wrong: list[str] = []
    with sync_playwright() as playwright:
        # The superuser's chromium has no sandbox; here it shows a page of our own.
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        page.expose_function("policyKeptOut", lambda text: wrong.append(text))
        page.add_init_script(
            "addEventListener('securitypolicyviolation', (e) => policyKeptOut(`policy: ${e.violatedDirective}`))"
        )
        page.goto(address)
        page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
        try:
            yield page, wrong
        finally:
            browser.close()


def until(page: Any, holds: str, seconds: float = 20.0) -> float:
    """Wait until a JavaScript expression holds; the seconds that took. Raises TimeoutError after ``seconds``.

    Playwright's own wait evaluates text within the page, which its policy rightly keeps out.
    """
    began = time.monotonic()
    while not page.evaluate(holds):
        if time.monotonic() - began > seconds:
            raise TimeoutError(holds)
        page.wait_for_timeout(5)
    return time.monotonic() - began


def violations(page: Any) -> list[str]:
    """What axe finds wrong for people who read with their ears or fingers: rule, and how many places."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [f"{one['id']}: {len(one['nodes'])} places" for one in found.response["violations"]]
