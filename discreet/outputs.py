"""The folder of results: made whole or not at all.

Everything is written into a hidden staging folder beside its place and moved there at the very end, the
recording last, so that no half-written result is ever left looking whole.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from timeline import OutputError, Timeline
from timeline.aavid import label_scores, speaking_segments, timeline_labeled
from timeline.captions import to_srt, to_txt, to_webvtt
from timeline.rttm import to_rttm

STAGING = ".discreet-staging"
CACHE = ".discreet-stages"
TIMELINE = "timeline.json"
EXPORTS: dict[str, Callable[[Timeline], str]] = {
    "turns.rttm": to_rttm,
    "transcript.vtt": to_webvtt,
    "transcript.srt": to_srt,
    "transcript.txt": to_txt,
    "aavid/speaking_segments.json": speaking_segments,
    "aavid/label_scores.txt": label_scores,
    "aavid/timeline_labeled.txt": timeline_labeled,
}
"""What is made from the timeline, by file name."""


def output_error(error: OSError, what: Path) -> OutputError:
    """One clear line for an operating system's refusal to write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError(f"the disk is full: {what} could not be written", "free some space and run it again")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputError(f"no permission to write {what}", "choose another folder with -o")
    return OutputError(f"{what} could not be written: {error.strerror or error}", "choose another folder with -o")


class OutputFolder:
    """Where the results of one run go.

    Raises:
        OutputError: if the place is taken by a file, holds earlier results (unless ``overwrite``), or cannot be
            written.
    """

    def __init__(self, folder: Path, *, overwrite: bool = False) -> None:
        self.folder = folder
        self.cache = folder / CACHE
        self.staging = folder / STAGING
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"{folder} is a file, not a folder", "choose another place with -o")
        if (folder / TIMELINE).exists() and not overwrite:
            raise OutputError(f"{folder} holds results already", "choose another folder with -o, or give --overwrite")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(self.staging, ignore_errors=True)
            self.staging.mkdir(mode=0o700)
        except OSError as error:
            raise output_error(error, folder) from error

    def write_texts(self, timeline: Timeline, report: str) -> None:
        """Stage ``timeline.json``, every export and the report."""
        texts = {name: export(timeline) for name, export in EXPORTS.items()}
        texts[TIMELINE] = timeline.to_json()
        texts["report.txt"] = report
        for name, text in texts.items():
            path = self.staging / name
            try:
                path.parent.mkdir(exist_ok=True)
                with path.open("w", encoding="utf-8") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise output_error(error, self.folder / name) from error

    def publish(self, recording: str) -> dict[str, Path]:
        """Move everything staged to its place, ``recording`` last, and drop the kept stages.

        Returns:
            the files by name.
        """
        names = sorted(str(p.relative_to(self.staging)) for p in self.staging.rglob("*") if p.is_file())
        names.sort(key=lambda name: name == recording)
        files: dict[str, Path] = {}
        try:
            # An earlier recording must not stand beside a newer timeline, not even for a moment.
            (self.folder / recording).unlink(missing_ok=True)
            for name in names:
                target = self.folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                (self.staging / name).replace(target)
                files[name] = target
        except OSError as error:
            raise output_error(error, self.folder) from error
        shutil.rmtree(self.staging, ignore_errors=True)
        shutil.rmtree(self.cache, ignore_errors=True)
        return files

    def discard(self) -> None:
        """Remove what was staged; an empty folder goes, too."""
        shutil.rmtree(self.staging, ignore_errors=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()
