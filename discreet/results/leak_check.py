"""The last check before results get their names: no file may hold a word that was taken out.

Everything staged is read back and searched for the forms of the private words (:class:`redaction.SurfaceForms`): the
strings of the document, captions, RTTM, every other text, the tags and indexes of the recording, and file names. Names
that people agreed to may appear as the speaker's label, and nowhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from capture import top_level_boxes
from discreet.pipeline.cache import SUFFIX
from discreet.results.report_page import is_made_from
from redaction import SurfaceForms
from timeline import Caption, Timeline, UnsafeError, from_srt, from_webvtt, labels_of

_MACHINE = frozenset(["created", "source", "source_sha256", "models", "version", "stages", "schema"])
"""Keys of the document whose values a program made."""
_RAW = 5
"""Fewest letters of a form that is looked for among bytes: shorter ones occur there by chance."""
_PRINTABLE = re.compile(rb"[\x20-\x7e\x80-\xff]{3,}")
_CHUNK = 1 << 20
_LINE = re.compile(r"^\[\d\d:\d\d:\d\d\] ([^:]*): (.*)$")
_MEDIA = (".mp4", ".m4a", ".m4v", ".wav", ".flac", ".mp3")


def scan(folder: Path, cache: Path, timeline: Timeline, forms: SurfaceForms, usual: object = None) -> None:
    """Check that no file below ``folder`` holds a private word, and that everything in ``cache`` is sealed.

    Args:
        folder: the staged results.
        cache: stored stages; it may be missing.
        timeline: the document the results were made from, for the names of people.
        forms: what must not appear anywhere.
        usual: the default settings as a document holds them: values equal to them were not written by a person.

    Raises:
        UnsafeError: a file does; it names the file and the kind of word, never the word.
    """
    labels = [*(person.label for person in timeline.people), *labels_of(timeline).values()]
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = str(path.relative_to(folder))
        if path.suffix == ".html":
            _check_page(path, name, timeline)
            continue
        entity = forms.within(name) or _found(path, labels, forms, usual)
        if entity is not None:
            raise UnsafeError(
                f"{name} holds a private word ({entity}) that was taken out elsewhere, so nothing was written",
                "add the word with redaction.deny, or report this as a fault",
            )
    if cache.is_dir() and any(p.suffix not in (SUFFIX, ".tmp") for p in cache.iterdir()):
        raise UnsafeError(f"{cache} holds a file that is not sealed", "remove it and run again")


def _check_page(path: Path, name: str, timeline: Timeline) -> None:
    """Check that the report page is exactly what the document gives; the document's strings are checked separately."""
    if not is_made_from(path.read_text(encoding="utf-8"), timeline):
        raise UnsafeError(f"{name} is not what the document gives, so nothing was written", "report this as a fault")


def named_after(folder: Path, forms: SurfaceForms) -> bool:
    """Whether the name of the folder that the user chose holds a private word."""
    return forms.within(folder.name) is not None


def _found(path: Path, labels: Sequence[str], forms: SurfaceForms, usual: object) -> str | None:
    if path.suffix in _MEDIA:
        return _in_media(path, forms)
    text = path.read_text(encoding="utf-8")
    if path.name == "timeline.json":
        return _first(forms, _strings(json.loads(text), usual))
    if path.suffix in (".vtt", ".srt"):
        captions: list[Caption] = from_webvtt(text) if path.suffix == ".vtt" else from_srt(text)
        return _first(forms, (part for c in captions for part in (c.text, _other(c.speaker, labels))))
    if path.name == "transcript.txt":
        lines = (_LINE.match(line) for line in text.splitlines())
        found = _first(forms, (part for m in lines if m for part in (m[2], _other(m[1], labels))))
        return found or _first(forms, (line for line in text.splitlines() if not _LINE.match(line)))
    for label in sorted(labels, key=len, reverse=True):
        text = text.replace(label, " ").replace("_".join(label.split()), " ")
    return forms.within(text, numbers=False)


def _first(forms: SurfaceForms, texts: Iterator[str]) -> str | None:
    return next((entity for text in texts if (entity := forms.within(text)) is not None), None)


def _other(speaker: str, labels: Sequence[str]) -> str:
    return "" if speaker in labels else speaker


def _strings(value: Any, usual: Any, key: str = "") -> Iterator[str]:
    """Every string of the document that a person may have said or written, except numbers."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in _MACHINE or (key == "people" and name in ("name", "pseudonym")):
                continue
            if key == "provenance" and name == "settings":
                yield from _changed(inner, usual)
            else:
                yield name
                yield from _strings(inner, usual, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, usual, key)
    elif isinstance(value, str):
        yield value


def _changed(value: Any, usual: Any) -> Iterator[str]:
    """The strings of the settings that differ from the defaults."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _changed(inner, usual.get(name) if isinstance(usual, dict) else None)
    elif isinstance(value, list):
        for inner in value:
            yield from _changed(inner, inner if isinstance(usual, list) and inner in usual else None)
    elif isinstance(value, str) and value != usual:
        yield value


def _in_media(path: Path, forms: SurfaceForms) -> str | None:
    """The kind of a private word in the recording's tags and indexes, or None; sound and picture are no text."""
    with path.open("rb") as file:
        for kind, start, end in top_level_boxes(path):
            if kind == b"mdat":
                continue
            file.seek(start)
            left = end - start
            while left > 0:
                data = file.read(min(_CHUNK, left))
                if not data:
                    break
                left -= len(data)
                for run in _PRINTABLE.findall(data):
                    text = run.decode("utf-8", "replace")
                    if (entity := forms.within(text, numbers=False, least=_RAW)) is not None:
                        return entity
    return None
