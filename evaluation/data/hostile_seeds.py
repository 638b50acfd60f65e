"""A valid file of every external text format, and its reader: the starting points of hostile inputs."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from timeline import (
    ExitCode,
    Person,
    Recording,
    Redaction,
    Timeline,
    Track,
    Turn,
    Word,
    from_rttm,
    from_srt,
    from_webvtt,
    turns_to_rttm,
)

USAGE, INPUT, PEOPLE, REFUSED = (int(ExitCode[name]) for name in ("USAGE", "INPUT", "PEOPLE", "REFUSED"))
LENGTH = 9.0


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of external text.

    Attributes:
        valid: a text that it accepts.
        read: reads bytes; it may use the folder.
        codes: the exit codes with which it may refuse.
        raises: what a parser without exit codes may raise instead.
    """

    valid: str
    read: Callable[[bytes, Path], object]
    codes: tuple[int, ...] = ()
    raises: type[Exception] | None = None


TIMELINE = Timeline(
    recording=Recording(duration=LENGTH, width=640, height=360, fps=25, sample_rate=16000),
    people=[
        Person(id="p1", pseudonym="Speaker 1", seen=True, heard=True),
        Person(id="p2", pseudonym="Speaker 2"),
    ],
    tracks=[
        Track(id="t1", person="p2", start=0, end=9, boxes=[(0, 1, 2, 30, 40), (1, 2, 3, 30, 40)], speaking=[(0, 0.9)])
    ],
    turns=[Turn(start=i, end=i + 1, person=f"p{1 + i % 2}", confidence=0.5) for i in range(6)],
    words=[
        Word(start=1.1, end=1.5, text="hello", person="p2"),
        Word(start=3.1, end=3.5, text="[PERSON]", person="p2", redaction="r1"),
    ],
    redactions=[
        Redaction(id="r1", kind="word", start=3.1, end=3.5, entity="PERSON", operator="beep", reason="a name"),
        Redaction(id="r2", kind="face", start=0, end=9, person="p2", operator="mosaic", reason="not recognised"),
    ],
).to_json()
LABELS = (
    '{"schema": "discreet/labels/1", "changes": [{"when": "2026-01-01T00:00:00+00:00", "what": "merge", "was": ['
    '{"person": {"id": "p2", "pseudonym": "Speaker 2", "quoted": true}, "enrolled": null, "place": 1, "items": '
    '{"turns": [1, 3], "words": [0, 1], "tracks": [0], "redactions": [1]}}]}]}'
)
REVIEW = f"""version = "discreet/review/1"
recording = "{"a" * 64}"
finds = 2
[[find]]
id = "w1"
decision = "redact"
start = 1.0
end = 1.5
entity = "PERSON"
operator = "surrogate"
score = 0.8
reason = "a name"
says = "Robin"
[[find]]
id = "u1"
decision = "keep"
start = 3.0
end = 4.0
entity = "NOT_UNDERSTOOD"
operator = "silence"
[[add]]
start = 5.5
end = 6.0
"""
CONFIG = """profile = "embedded"
[process]
words = true
uncovered_language = "silence"
[vision.detect]
width = 640
[vision.mask]
style = "mosaic"
[redaction]
deny = ["blue", "green"]
language = "en"
beep_hz = 1000.0
[redaction.policy]
PERSON = "beep"
[record]
fps = 25
"""
POLICY = """name = "mine"
about = "what we agreed on"
base = "gdpr"
default = "beep"
[entities]
PERSON = "surrogate"
DATE_TIME = "keep"
"""
RTTM = """SPEAKER meeting 1 0.000 0.400 <NA> <NA> Speaker_2 <NA> <NA>
SPKR-INFO meeting 1 <NA> <NA> <NA> unknown Speaker_2 <NA>
SPEAKER meeting 1 0.500 1.500 <NA> <NA> Ann <NA> <NA>
"""
WEBVTT = """WEBVTT

00:00.000 --> 00:00.400
<v Speaker 2>Hi &amp; hello

00:00:00.500 --> 00:00:01.500
<v.loud Ann>[PERSON] was here
"""
SRT = """1
00:00:00,000 --> 00:00:00,400
Speaker 2: Hi

2
00:00:00,500 --> 00:00:01,500
[PERSON] was here
"""
GOVERNANCE = """version = 1
project = "clinic"
controller = "Dr. A"
contact = "a@example.org"
unknown_people = "left-out"
[sensitive]
face = "must not be recognised"
[roles.owner]
about = "runs it"
members = ["alice"]
[roles.clinician]
about = "treats"
[purposes.supervision]
about = "advice"
duo = ["HMB"]
[retention.supervision]
about = "until it is over"
days = 30
"""


def _text(data: bytes) -> str:
    return data.decode("utf-8")


@functools.cache
def _registry(folder: Path) -> object:
    from registered import Registry

    return Registry.open(folder / "people", "file")


def _relabel(data: bytes, folder: Path) -> None:
    from discreet.results import EXPORTS, REPORT, rename
    from discreet.results import LABELS as SIDECAR

    results = folder / "results"
    (results / "aavid").mkdir(parents=True, exist_ok=True)
    for name in (*EXPORTS, REPORT):
        (results / name).touch()
    (results / SIDECAR).unlink(missing_ok=True)
    (results / "timeline.json").write_bytes(data)
    rename(results, "p1", "Speaker 1", _registry(folder))  # type: ignore[arg-type]


def _restore(data: bytes, folder: Path) -> None:
    from discreet.results import LABELS as SIDECAR
    from discreet.results import restore

    (folder / "timeline.json").write_text(TIMELINE, "utf-8")
    (folder / SIDECAR).write_bytes(data)
    restore(folder / "timeline.json", _registry(folder))  # type: ignore[arg-type]


def _review(data: bytes, folder: Path) -> None:
    from discreet.config import Settings
    from discreet.results import read_review
    from redaction import operator

    path = folder / "review.toml"
    path.write_bytes(data)
    review = read_review(path, "a" * 64)
    review.check(path, LENGTH, lambda name: operator(name, Settings().redaction))
    review.redactions()
    review.surrogates()


def _config(data: bytes, folder: Path) -> None:
    from discreet.config import load

    path = folder / "config.toml"
    path.write_bytes(data)
    load(path)


def _option(data: bytes, folder: Path) -> None:
    from discreet.config import load

    load(None, [_text(data)])


def _policy(data: bytes, folder: Path) -> None:
    from redaction import load_policy

    path = folder / "policy.toml"
    path.write_bytes(data)
    load_policy(str(path))


def _governance(data: bytes, folder: Path) -> None:
    from sharing.policy import load_governance

    path = folder / "governance.toml"
    path.write_bytes(data)
    load_governance(path)


def _gate(data: bytes, folder: Path) -> None:
    from discreet.results import EXPORTS, REPORT, report_text
    from sharing import Gate, Terms

    results = folder / "shared"
    results.mkdir(exist_ok=True)
    (results / "timeline.json").write_bytes(data)
    (results / REPORT).touch()
    Gate({**EXPORTS, REPORT: report_text}, frozenset(), Terms(["Lee"])).check(results)


def _parsed(parse: Callable[[str], object]) -> Callable[[bytes, Path], object]:
    return lambda data, folder: parse(_text(data))


def _rttm(text: str) -> object:
    return turns_to_rttm(from_rttm(text))


READERS = {
    "timeline": Reader(TIMELINE, _relabel, (INPUT,)),
    "gate": Reader(TIMELINE, _gate),
    "labels": Reader(LABELS, _restore, (INPUT,)),
    "review": Reader(REVIEW, _review, (USAGE,)),
    "config": Reader(CONFIG, _config, (USAGE,)),
    "option": Reader("vision.mask.style=solid", _option, (USAGE,), UnicodeDecodeError),
    "policy": Reader(POLICY, _policy, (USAGE,)),
    "governance": Reader(GOVERNANCE, _governance, (USAGE, REFUSED)),
    "rttm": Reader(RTTM, _parsed(_rttm), (), ValueError),
    "webvtt": Reader(WEBVTT, _parsed(from_webvtt), (), ValueError),
    "srt": Reader(SRT, _parsed(from_srt), (), ValueError),
}
"""Every reader, by name."""
