"""Checks a ``report.html`` before sharing: it must be what the document gives, with pictures of the safe recording."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from capture import CaptureSettings, VideoFile, probe
from discreet.results.folder import RECORDINGS
from discreet.results.report_page import is_made_from, pictures_in, without_pictures
from discreet.results.report_pictures import SIDE, Portrait, cut, picture_at
from sharing import Finding, Terms, check_picture
from timeline import Timeline

LARGEST = 16 << 20
"""Largest size of a report, bytes; sixty pictures have about 400 kB."""
BLOCK = 8
APART = 24.0
"""Levels of 255 by which the mean of a block of 8 x 8 px may differ from the recording. JPEG at the quality of reports
stays below 10; a letter or another face differs by more than 50 somewhere.
"""
_MARKUP = re.compile(r"<style>(?:(?!<style>).)*?</style>|<[^<>]*>", re.DOTALL)


def text_of(page: str) -> str:
    """The text of the page as a reader sees it."""
    return html.unescape(_MARKUP.sub(" ", without_pictures(page)))


@dataclass(frozen=True)
class ReportCheck:
    """Checks a report for the gate.

    Attributes:
        terms: what must not appear anywhere.
        capture: how the safe recording is read.
    """

    terms: Terms
    capture: CaptureSettings = field(default_factory=CaptureSettings)

    def __call__(self, path: Path, name: str, timeline: Timeline) -> list[Finding]:
        """Findings that must not leave. Raises OSError or InputError if the report or the recording cannot be read."""
        if path.stat().st_size > LARGEST:
            return [Finding(kind="text", file=name, reason="the file is too large to be checked")]
        try:
            page = path.read_bytes().decode()
        except UnicodeDecodeError:
            return [Finding(kind="text", file=name, reason="this is no report of Discreet", remedy=_REMEDY)]
        if not is_made_from(page, timeline):
            reason = "the report is not what the timeline gives"
            return [Finding(kind="text", file=name, reason=reason, remedy=_REMEDY)]
        found = [
            Finding(kind="word", file=name, place=f"line {number}", reason="a private word", remedy="redact it")
            for number, line in enumerate(text_of(page).split("\n"), 1)
            if self.terms.in_text(line)
        ]
        pictures = pictures_in(page)
        for number, picture in enumerate(pictures, 1):
            found += check_picture(picture.jpeg, name, f"picture {number}: ")
        if pictures and not found:
            found += self._compared(path, name, pictures)
        return found

    def _compared(self, path: Path, name: str, pictures: list[Portrait]) -> list[Finding]:
        safe = path.with_name(RECORDINGS[0])
        if not safe.is_file() or safe.is_symlink():
            reason = "there is no safe recording to compare the pictures with"
            return [Finding(kind="face", file=name, reason=reason, remedy=_REMEDY)]
        video = VideoFile(safe, info=probe(safe, self.capture), settings=self.capture)
        return [
            Finding(
                kind="face",
                file=name,
                place=f"picture {number}",
                reason="the picture does not show what the safe recording shows",
                remedy=_REMEDY,
            )
            for number, picture in enumerate(pictures, 1)
            if not _shows(picture, video)
        ]


_REMEDY = "process the recording again"


def _shows(picture: Portrait, video: VideoFile) -> bool:
    """Whether a picture shows that part of the recording, apart from JPEG artefacts."""
    x, y, width, height = picture.frame
    wide, tall = video.size
    if not (0 < width <= 4 * wide and 0 < height <= 4 * tall and x < wide and y < tall):
        return False
    shown = cv2.imdecode(np.frombuffer(picture.jpeg, np.uint8), cv2.IMREAD_COLOR)
    there = picture_at(video, picture.at)
    if shown is None or there is None or shown.shape != (SIDE, SIDE, 3):
        return False
    apart = shown.astype(np.float32) - cut(there, picture.frame).astype(np.float32)
    blocks = apart.reshape(SIDE // BLOCK, BLOCK, SIDE // BLOCK, BLOCK, 3).mean(axis=(1, 3))
    return bool(np.abs(blocks).max() <= APART)
