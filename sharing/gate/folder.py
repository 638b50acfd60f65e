"""The gate: a folder may leave only if everything in it is known, and nothing in it reveals what was redacted.

Texts made from the timeline must be exactly what the timeline gives, byte for byte: anything else in a transcript was
added by somebody. Media may hold only the parts needed for playing. Faces, words and voices are found by checkers from
outside, because this room uses no models.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from sharing.gate.finding import Finding
from sharing.gate.images import check_image
from sharing.gate.mp4 import check_mp4
from sharing.gate.terms import Terms
from sharing.gate.wav import check_wav
from timeline import ModelError, Timeline, failure, log_error

TIMELINE = "timeline.json"
MEDIA: Mapping[str, Callable[[Path, str], list[Finding]]] = {
    ".mp4": check_mp4,
    ".m4a": check_mp4,
    ".wav": check_wav,
    ".jpg": check_image,
    ".png": check_image,
}
"""How each kind of media file is checked."""
MEDIA_SUFFIXES = frozenset(MEDIA)


def check_media(path: Path, name: str, *, credentials: bool = False) -> list[Finding]:
    """What must not leave in a media file, by its suffix.

    Args:
        path: the file.
        name: what it is called in findings.
        credentials: whether one set of content credentials (C2PA) may be in it.

    Raises:
        KeyError: files of this kind cannot be checked.
        OSError: the file cannot be read.
    """
    if credentials and path.suffix in (".mp4", ".m4a"):
        return check_mp4(path, name, credentials=True)
    return check_wav(path, name, credentials=credentials) if path.suffix == ".wav" else MEDIA[path.suffix](path, name)


LARGEST_TEXT = 256 << 20
"""Largest text file, in bytes; a timeline of ten hours has about 20 MB."""


class Checker(Protocol):
    """Looks or listens for what must not be in a file: unmasked faces, private words, somebody's own voice."""

    def __call__(self, path: Path, name: str, timeline: Timeline) -> Sequence[Finding]:
        """Findings in ``path``, which findings call ``name``. Anything it raises counts as a finding."""
        ...


@dataclass(frozen=True)
class Gate:
    """What may leave.

    Attributes:
        texts: file name -> how its text is made from the timeline.
        media: names of media files that may be there.
        terms: what must not appear anywhere: names of people who are not named, redacted words, a deny list.
        checkers: check every media file.
        pages: name of a file with text and pictures that may be there -> its checker.
    """

    texts: Mapping[str, Callable[[Timeline], str]]
    media: frozenset[str]
    terms: Terms
    checkers: Sequence[Checker] = field(default_factory=tuple)
    pages: Mapping[str, Checker] = field(default_factory=dict)

    def check(self, folder: Path) -> list[Finding]:
        """Everything in ``folder`` that must not leave; if the list is empty, the folder may.

        Raises:
            OSError: the folder or a file in it cannot be read.
        """
        timeline = self._timeline(folder)
        if isinstance(timeline, Finding):
            return [timeline]
        found: list[Finding] = []
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            found += self._file(path, name, timeline)
        return found

    def _timeline(self, folder: Path) -> Timeline | Finding:
        path = folder / TIMELINE
        if not _plain_file(path) or path.stat().st_size > LARGEST_TEXT:
            return Finding(kind="file", file=TIMELINE, reason="there is no timeline", remedy="share a result folder")
        text = path.read_bytes()
        try:
            timeline = Timeline.from_json(text)
        except (ValidationError, ValueError, RecursionError):
            return Finding(kind="text", file=TIMELINE, reason="this is not a timeline of Discreet")
        if timeline.to_json().encode() != text:
            return Finding(
                kind="text",
                file=TIMELINE,
                reason="the timeline is not written as Discreet writes it: something was added",
            )
        return timeline

    def _file(self, path: Path, name: str, timeline: Timeline) -> Iterator[Finding]:
        if self.terms.in_text(name):
            yield Finding(kind="word", file=name, reason="the file's name holds a private word", remedy="rename it")
        if path.is_symlink() or not (path.is_dir() or _plain_file(path)):
            yield Finding(kind="file", file=name, reason="a link or device, not a file", remedy="remove it")
        elif path.is_dir():
            if not any(known.startswith(f"{name}/") for known in (*self.texts, *self.media)):
                yield Finding(kind="file", file=name, reason="a folder that results do not have", remedy="remove it")
        elif name == TIMELINE or name in self.texts:
            yield from self._text(path, name, timeline)
        elif name in self.media and path.suffix in MEDIA:
            yield from MEDIA[path.suffix](path, name)
            yield from self._asked(self.checkers, path, name, timeline)
        elif name in self.pages:
            yield from self._asked([self.pages[name]], path, name, timeline)
        else:
            yield Finding(kind="file", file=name, reason="a file that results do not have", remedy="remove it")

    def _text(self, path: Path, name: str, timeline: Timeline) -> Iterator[Finding]:
        if path.stat().st_size > LARGEST_TEXT:
            yield Finding(kind="text", file=name, reason="the file is too large to be checked")
            return
        content = path.read_bytes()
        if name != TIMELINE and content != self.texts[name](timeline).encode():
            yield Finding(
                kind="text", file=name, reason="the text is not what the timeline gives", remedy="export it anew"
            )
        for number, line in enumerate(content.split(b"\n"), 1):
            if (how := self.terms.in_bytes(line)) is not None:
                yield Finding(
                    kind="word", file=name, place=f"line {number}", reason=f"a private word ({how})", remedy="redact it"
                )

    def _asked(self, checkers: Sequence[Checker], path: Path, name: str, timeline: Timeline) -> Iterator[Finding]:
        for checker in checkers:
            try:
                yield from checker(path, name, timeline)
            except Exception as error:  # what a checker could not check must not leave
                log_error("a check before sharing could not be made", error)
                known = isinstance(error, ModelError)  # names a model; another error might name what is in the file
                reason = f"a check of this file failed: {error}" if known else failure("a check of this file", error)
                remedy = "see discreet doctor" if known else ""
                yield Finding(kind="file", file=name, reason=reason, remedy=remedy)


def _plain_file(path: Path) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode)
