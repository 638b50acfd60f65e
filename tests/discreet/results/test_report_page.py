"""The report for people: everything from the document, nothing that runs, nothing from outside."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discreet.results.report_page import is_made_from, pictures_in, renewed, report_page, without_pictures
from discreet.results.report_pictures import Portrait
from timeline import Timeline

EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'onmouseover='alert(1)",
    "</title></svg><script src=//evil.example></script>",
    "&lt;script&gt;",
    "]]><!--",
    "javascript:alert(1)",
)
PICTURE = Portrait("p1", 1.25, (8, 16, 64, 64), b"\xff\xd8jpeg\xff\xd9")


def made(label: str = "Ann", **parts: Any) -> Timeline:
    facts = {
        "recording": {"duration": 60.0, "width": 640, "height": 360, "fps": 25.0, "sample_rate": 16000},
        "people": [
            {"id": "p1", "name": label, "pseudonym": "Speaker 1", "registered": True, "seen": True},
            {"id": "p2", "pseudonym": "Speaker 2"},
        ],
        "turns": [{"start": 0, "end": 30, "person": "p1"}, {"start": 40, "end": 50, "person": "p2"}],
        "redactions": [
            {"id": "r1", "kind": "word", "start": 3, "end": 4, "entity": "PERSON", "operator": "beep", "reason": "x"}
        ],
        "provenance": {"version": "1", "created": "now", "notes": ["A note."]},
    }
    return Timeline.model_validate({**facts, **parts})


class Read(HTMLParser):
    """What a browser would see of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_it_tells_people_shares_redactions_notes_and_limits() -> None:
    text = Read(report_page(made(), [PICTURE])).text
    for part in (
        "Ann",
        "Speaker 2",
        "30.0 s, 75 %",
        "10.0 s, 25 %",
        "private words: PERSON",
        "A note.",
        "Text in the picture",
    ):
        assert part in text


def test_it_needs_nothing_from_outside_and_runs_nothing() -> None:
    page = report_page(made(), [PICTURE])
    allowed = {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "ul", "li", "img", "svg", "rect",
        "text", "path", "table", "tr", "th", "td",
    }  # fmt: skip
    for tag, attributes in Read(page).tags:
        assert tag in allowed
        assert not any(name.startswith("on") or name in ("href", "style") for name in attributes)
        assert (attributes.get("src") or "data:image/jpeg;base64,").startswith("data:image/jpeg;base64,")
    assert "default-src 'none'" in page


@pytest.mark.parametrize("evil", EVIL)
def test_markup_in_a_name_or_a_note_is_text(evil: str) -> None:
    timeline = made(evil, provenance={"version": evil, "created": evil, "notes": [evil]})
    plain, planted = Read(report_page(made(), [PICTURE])), Read(report_page(timeline, [PICTURE]))
    assert [tag for tag, _ in planted.tags] == [tag for tag, _ in plain.tags]
    assert [sorted(attrs) for _, attrs in planted.tags] == [sorted(attrs) for _, attrs in plain.tags]
    assert evil in planted.text


@settings(max_examples=30)
@given(st.text(alphabet=st.sampled_from("<>&\"'ab=/ ;#x27"), min_size=1, max_size=30))
def test_no_name_changes_what_the_page_is_made_of(name: str) -> None:
    if not name.strip():
        return
    timeline = made(name)
    page = report_page(timeline, [PICTURE])
    assert len(Read(page).tags) == len(Read(report_page(made(), [PICTURE])).tags)
    assert pictures_in(page) == [PICTURE]
    assert is_made_from(page, timeline)


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.replace("Speaker 2", "Carl Meyer"),
        lambda page: page.replace("</main>", "<p>more</p></main>"),
        lambda page: page + "<!-- more -->",
        lambda page: page.replace('data-at="1.250"', 'data-at="1.25"'),
        lambda page: page.replace("base64,", "base64, "),
        lambda page: page.replace("<img ", '<img title="x" '),
        lambda page: page.replace("default-src 'none'", "default-src *"),
        lambda page: page.replace("Ann, as shown", "Ann, masked"),
    ],
)
def test_a_page_that_was_changed_is_not_made_from_the_document(change: Any) -> None:
    page = report_page(made(), [PICTURE])
    assert is_made_from(page, made())
    assert change(page) != page
    assert not is_made_from(change(page), made())


def test_without_its_pictures_a_page_holds_no_encoded_bytes() -> None:
    page = report_page(made(), [Portrait("p1", 0.0, (0, 0, 8, 8), bytes(range(256)))])
    assert re.search(r"[A-Za-z0-9+/]{80}", page)
    assert not re.search(r"[A-Za-z0-9+/]{80}", without_pictures(page))


def test_a_renewed_page_keeps_pictures_of_those_who_stay(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(report_page(made(), [PICTURE]), encoding="utf-8")
    assert renewed(path, made("Bea")) == report_page(made("Bea"), [PICTURE])
    alone = made(people=[{"id": "p2", "pseudonym": "Speaker 2"}], turns=[], redactions=[])
    assert renewed(path, alone) == report_page(alone)


def test_a_recording_without_anybody_has_a_report() -> None:
    empty = Timeline.model_validate({"recording": {"duration": 0.0}})
    text = Read(report_page(empty)).text
    assert "Nobody was found." in text
    assert "There is no sound" in text


def test_every_face_track_is_accounted_for() -> None:
    tracks = [{"id": f"t{n}", "start": 0.0, "end": 1.0, "person": "p2" if n < 3 else None} for n in range(4)]
    text = Read(report_page(made(tracks=tracks))).text
    assert "spoke 10.0 s, 3 face tracks" in text
    assert "Faces that belong to none of them: 1 face track." in text
    assert "belong to none" not in Read(report_page(made(tracks=tracks[:3]))).text
