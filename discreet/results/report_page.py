"""``report.html``: the report for people, a single file without scripts or external content.

Everything in it comes from the document and, for the pictures, from the safe recording. Two runs of :func:`report_page`
on the same values give the same bytes, so :mod:`discreet.results.report_check` can detect changes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from discreet.results.report import SPEECH, agreed, summary
from discreet.results.report_charts import COLOURS, speaking_chart, spoken, timeline_picture
from discreet.results.report_pictures import SIDE, Portrait
from timeline import Person, Timeline, number_of, stamp

STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#16191d;--dim:#4a5260;--line:#8a93a1;--lane:#e6e9ed;--out:#9a3412;
--p0:#0072b2;--p1:#a8530a;--p2:#007a5a;--p3:#a3307e;--p4:#5b4db1;--p5:#7a6200;--p6:#b3261e;--p7:#3f5f6f}
@media (prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#edf0f3;--dim:#b3bcc8;--line:#77828f;--lane:#2a3037;
--out:#ffb38a;--p0:#6bb8ea;--p1:#f0a35e;--p2:#55c9a4;--p3:#e78cc6;--p4:#b0a5f5;--p5:#d8bd4a;--p6:#ff8f85;--p7:#9cc0d2}}
body{margin:0 auto;padding:1rem;max-width:64rem;background:var(--paper);color:var(--ink);
font:100%/1.5 system-ui,sans-serif}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin:1.6rem 0 .5rem}p{margin:.3rem 0}
.people{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.75rem;list-style:none;padding:0}
.people li{border:1px solid var(--line);border-left-width:6px;border-radius:.4rem;padding:.6rem}
.people img,.people .none{display:block;width:8rem;height:8rem;margin-bottom:.4rem}
.people .none{border:1px dashed var(--line);color:var(--dim);padding:.5rem;box-sizing:border-box}
.name{font-weight:600}.dim{color:var(--dim)}svg{display:block;width:100%;height:auto}
text{fill:var(--ink);font:13px system-ui,sans-serif}.lane{fill:var(--lane)}.out{fill:var(--out)}
table{border-collapse:collapse}th,td{text-align:left;padding:.2rem 1.2rem .2rem 0;border-bottom:1px solid var(--lane)}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
""" + "".join(f".p{n}{{fill:var(--p{n})}}.people .p{n}{{border-left-color:var(--p{n})}}\n" for n in range(COLOURS))
POLICY = (
    "default-src 'none'; img-src data:; style-src 'sha256-"
    f"{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)
NOT_DONE = (
    "Text in the picture was not read.",
    "Nothing looked a second time for faces that no detector found: watch the recording before you share it.",
    "Private words were looked for in English only; other speech was silenced, unless the settings say otherwise.",
    "A changed voice keeps its words, timing and melody.",
)
"""What no run does, so that nobody relies on it."""
_PICTURE = re.compile(
    rf'<img alt="[^"<>]*" width="{SIDE}" height="{SIDE}" data-person="([^"<>]*)" data-at="(\d+\.\d{{3}})" '
    r'data-frame="(\d+) (\d+) (\d+) (\d+)" src="data:image/jpeg;base64,([A-Za-z0-9+/=]*)">'
)


def report_page(timeline: Timeline, pictures: Iterable[Portrait] = ()) -> str:
    """The report page.

    Args:
        timeline: the document.
        pictures: of its people, at most one each.
    """
    facts, shown = summary(timeline), {picture.person: picture for picture in pictures}
    recording = timeline.recording
    size = f", {recording.width} × {recording.height} px" if recording.width else ", no picture"
    made = timeline.provenance
    body = [
        "<h1>Discreet report</h1>",
        f"<p>Recording of {stamp(recording.duration)[:8]}{size}.</p>",
        f'<p class="dim">Made by Discreet {escape(made.version)}, {escape(made.created)}.</p>',
        "<h2>People</h2>",
        _people(timeline, shown),
        "<h2>Who spoke how much</h2>",
        speaking_chart(timeline) if timeline.people else "<p>Nobody was found.</p>",
        "<h2>What happened when</h2>",
        timeline_picture(timeline),
        "<h2>What was taken out</h2>",
        _taken_out(facts),
        "<h2>What to know</h2>",
        _list(made.notes) if made.notes else "<p>Nothing unusual was found.</p>",
        "<h2>What was not done</h2>",
        _list(_not_done(timeline)),
        "<h2>What it cost</h2>",
        _costs(timeline),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><title>Discreet report</title>'
        f"<style>{STYLE}</style></head>\n<body><main>\n" + "\n".join(body) + "\n</main></body></html>\n"
    )


def pictures_in(page: str) -> list[Portrait]:
    """The pictures in a report. Raises ValueError if one is not written as :func:`report_page` writes it."""
    found = [
        Portrait(_unescaped(person), float(at), (int(x), int(y), int(w), int(h)), _jpeg(data))
        for person, at, x, y, w, h, data in _PICTURE.findall(page)
    ]
    if len(found) != page.count("<img") or len({picture.person for picture in found}) != len(found):
        raise ValueError("a picture is not written as Discreet writes it")
    return found


def is_made_from(page: str, timeline: Timeline) -> bool:
    """Whether the page is, byte for byte, what the document gives with some pictures."""
    try:
        return report_page(timeline, pictures_in(page)) == page
    except ValueError:
        return False


def renewed(path: Path, timeline: Timeline) -> str:
    """The report at ``path`` for a changed document, with its pictures of people who are still in it."""
    try:
        pictures = pictures_in(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        pictures = []
    return report_page(timeline, [p for p in pictures if any(p.person == person.id for person in timeline.people)])


def without_pictures(page: str) -> str:
    """The page without the data of its pictures: what remains is text."""
    return _PICTURE.sub("", page)


def _jpeg(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error:
        raise ValueError("a picture is damaged") from None


def _unescaped(text: str) -> str:
    for entity, plain in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        text = text.replace(entity, plain)
    return text


def _people(timeline: Timeline, shown: dict[str, Portrait]) -> str:
    if not timeline.people:
        return "<p>Nobody was found.</p>"
    seconds = spoken(timeline)
    tracks = {person.id: sum(t.person == person.id for t in timeline.tracks) for person in timeline.people}
    rows = []
    for number, person in enumerate(timeline.people):
        said = f"spoke {seconds[person.id]:.1f} s" if seconds[person.id] else "did not speak"
        rows.append(
            f'<li class="p{number % COLOURS}">{_picture(person, shown.get(person.id))}'
            f'<p class="name">{escape(person.label)}</p><p>{escape(agreed(person))}</p>'
            f'<p class="dim">{said}, {number_of(tracks[person.id], "face track")}</p></li>'
        )
    others = len(timeline.tracks) - sum(tracks.values())
    more = f"<p>Faces that belong to none of them: {number_of(others, 'face track')}.</p>" if others else ""
    return f'<ul class="people">{"".join(rows)}</ul>{more}'


def _picture(person: Person, picture: Portrait | None) -> str:
    if picture is None:
        return '<p class="none">no picture</p>'
    how = "as shown" if person.seen else "masked"
    frame = " ".join(str(side) for side in picture.frame)
    return (
        f'<img alt="{escape(person.label)}, {how}" width="{SIDE}" height="{SIDE}" data-person="{escape(person.id)}" '
        f'data-at="{picture.at:.3f}" data-frame="{frame}" '
        f'src="data:image/jpeg;base64,{base64.b64encode(picture.jpeg).decode()}">'
    )


def _taken_out(facts: dict[str, Any]) -> str:
    rows = [
        ("faces masked throughout", f"{facts['tracks_masked']} of {number_of(facts['tracks'], 'track')}"),
        ("voices changed", f"{facts['voices_changed_seconds']} s"),
    ]
    for kind, count in facts["private"].items():
        rows.append((SPEECH.get(kind, f"private words: {kind}"), number_of(count, "place")))
    return _table(("what", "how much"), rows)


def _not_done(timeline: Timeline) -> list[str]:
    own = []
    if not timeline.recording.width:
        own.append("There is no picture, so no face was looked for.")
    if not timeline.recording.sample_rate:
        own.append("There is no sound, so nobody was listened to.")
    return [*own, *NOT_DONE]


def _costs(timeline: Timeline) -> str:
    rows = [
        (s.name, f"{s.seconds:.1f} s", f"{s.rtf:.2f}", f"{s.peak_rss_mb:.0f} MB") for s in timeline.provenance.stages
    ]
    return _table(("stage", "time", "of the recording's length", "memory at most"), rows)


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def cells(tag: str, row: Sequence[str]) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        return "".join(f"<{tag}{scope}{_n(n)}>{escape(cell)}</{tag}>" for n, cell in enumerate(row))

    lines = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<table><tr>{cells('th', head)}</tr>{lines}</table>"


def _n(column: int) -> str:
    return ' class="n"' if column else ""
