"""Captions: runs of words by one speaker, as WebVTT, SRT and TXT.

WebVTT follows the W3C recommendation (voice spans ``<v Name>``); SRT follows the SubRip convention. Everything comes
from the document, in which private words are already replaced by placeholders.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from timeline.document import Timeline, Word
from timeline.labels import labels_of

_STAMP = r"(?<![\d:])(?:(\d{1,6}):)?(\d{2}):(\d{2})[.,](\d{3})"
_CUE = re.compile(rf"{_STAMP}\s+-->\s+{_STAMP}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Characters that no caption format can hold."""
_VOICE = re.compile(r"<v(?:\.[^\s.<>]*)*\s+([^<>]*)>(.*?)(?:</v>|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Caption:
    """A line on the screen: times in seconds, the speaker's label ("" if unknown), the text."""

    start: float
    end: float
    speaker: str
    text: str


def to_captions(timeline: Timeline, max_seconds: float = 6.0, max_chars: int = 84, pause: float = 1.0) -> list[Caption]:
    """Group the words into captions: one speaker each, cut at pauses and at the given lengths."""
    labels = labels_of(timeline)
    out: list[Caption] = []
    run: list[Word] = []

    def flush() -> None:
        if run and _join(run):
            speaker = labels.get(run[0].person or "", "")
            # A word that was cut out has no length, but a line on the screen must have one.
            end = max(run[0].start + 0.001, *(word.end for word in run))
            out.append(Caption(run[0].start, end, speaker, _join(run)))
        run.clear()

    for word in sorted(timeline.words, key=lambda word: (word.start, word.end)):
        if run and (
            word.person != run[0].person
            or word.start - run[-1].end > pause
            or word.end - run[0].start > max_seconds
            or len(_join([*run, word])) > max_chars
        ):
            flush()
        run.append(word)
    flush()
    return out


def _join(words: list[Word]) -> str:
    """The words as text; all words of one redaction become one placeholder."""
    parts: list[str] = []
    previous: Word | None = None
    for word in words:
        same = previous is not None and word.redaction is not None and word.redaction == previous.redaction
        if not same:
            parts.append(" ".join(_CONTROL.sub(" ", word.text).split()))  # one line, whatever was in it
        previous = word
    return " ".join(part for part in parts if part)


def stamp(seconds: float, comma: bool = False) -> str:
    """``HH:MM:SS.mmm``, with a comma for SRT."""
    ms = round(seconds * 1000)
    text = f"{ms // 3600000:02d}:{ms // 60000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"
    return text.replace(".", ",") if comma else text


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def to_webvtt(timeline: Timeline) -> str:
    """WebVTT text, each cue with its speaker as a voice span."""
    cues = [
        f"{stamp(c.start)} --> {stamp(c.end)}\n" + (f"<v {_escape(c.speaker)}>" if c.speaker else "") + _escape(c.text)
        for c in to_captions(timeline)
    ]
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


def to_srt(timeline: Timeline) -> str:
    """SRT text, each line headed by its speaker."""
    return "".join(
        f"{number}\n{stamp(c.start, comma=True)} --> {stamp(c.end, comma=True)}\n"
        f"{c.speaker + ': ' if c.speaker else ''}{c.text}\n\n"
        for number, c in enumerate(to_captions(timeline), 1)
    )


def to_txt(timeline: Timeline) -> str:
    """A transcript for reading: one paragraph for each run of a speaker, headed by time and label."""
    lines: list[str] = []
    speaker: str | None = None
    for c in to_captions(timeline, max_seconds=float("inf"), max_chars=10**9, pause=2.0):
        if c.speaker == speaker:
            lines[-1] += " " + c.text
        else:
            lines.append(f"[{stamp(c.start)[:8]}] {c.speaker or 'Unknown'}: {c.text}")
            speaker = c.speaker
    return "\n".join(lines) + ("\n" if lines else "")


def _seconds(hours: str | None, minutes: str, seconds: str, millis: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(millis) / 1000


def _cues(text: str) -> list[tuple[float, float, str]]:
    out = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").lstrip("\ufeff")):
        found = _CUE.search(block)
        if found:
            groups = found.groups()
            start, end = _seconds(*groups[:4]), _seconds(*groups[4:])
            body = block[found.end() :].split("\n", 1)
            out.append((start, end, body[1].strip() if len(body) > 1 else ""))
    return out


def from_webvtt(text: str) -> list[Caption]:
    """The captions of a WebVTT text. Raises ValueError if it does not begin with ``WEBVTT``."""
    if not text.lstrip("\ufeff").startswith("WEBVTT"):
        raise ValueError("not WebVTT: the first line is not WEBVTT")
    out = []
    for start, end, body in _cues(text):
        voice = _VOICE.search(body)
        speaker, words = (voice.group(1), voice.group(2)) if voice else ("", body)
        out.append(Caption(start, end, _unescape(speaker.strip()), _unescape(re.sub(r"<[^<>]*>", "", words).strip())))
    return out


def from_srt(text: str) -> list[Caption]:
    """The captions of an SRT text; a leading ``Name:`` is the speaker. Raises ValueError if it holds no cue."""
    cues = _cues(text)
    if text.strip() and not cues:
        raise ValueError("not SRT: no line like 00:00:01,000 --> 00:00:02,000")
    out = []
    for start, end, body in cues:
        speaker, colon, rest = body.partition(": ")
        known = bool(colon) and "\n" not in speaker
        out.append(Caption(start, end, speaker if known else "", rest if known else body))
    return out
