"""The folder of results: written completely or not at all.

Everything is written into a hidden staging folder and moved to its place at the very end, the recording last, so that
no incomplete result ever looks complete.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from timeline import (
    Folder,
    InputError,
    OutputError,
    Timeline,
    label_scores,
    make_folder,
    read_file,
    speaking_segments,
    timeline_labeled,
    to_exclusive_rttm,
    to_rttm,
    to_srt,
    to_txt,
    to_webvtt,
)

STAGING = ".discreet-staging"
CACHE = ".discreet-stages"
TIMELINE = "timeline.json"
EXPORTS: dict[str, Callable[[Timeline], str]] = {
    "turns.rttm": to_rttm,
    "turns_exclusive.rttm": to_exclusive_rttm,
    "transcript.vtt": to_webvtt,
    "transcript.srt": to_srt,
    "transcript.txt": to_txt,
    "aavid/speaking_segments.json": speaking_segments,
    "aavid/label_scores.txt": label_scores,
    "aavid/timeline_labeled.txt": timeline_labeled,
}
"""Texts made from the timeline, by file name."""
REPORT = "report.txt"
PAGE = "report.html"
"""The report with pictures and charts."""
ANNOTATED = "annotated.mp4"
RECORDINGS = ("safe.mp4", "safe.m4a", ANNOTATED)
RESULTS = (TIMELINE, REPORT, PAGE, *RECORDINGS, *EXPORTS)
"""Every file that a run may leave."""


def output_error(error: OSError, what: Path) -> OutputError:
    """A clear one-line error for an operating system's refusal to write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError(f"the disk is full: {what} could not be written", "free some space and run it again")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputError(f"no permission to write {what}", "choose another folder with -o")
    if error.errno == errno.ELOOP:
        where = error.filename or what
        return OutputError(f"{where} is a link, and Discreet does not write through links", "remove it, then run again")
    return OutputError(f"{what} could not be written: {error.strerror or error}", "choose another folder with -o")


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other programs of ours from writing to a folder of results meanwhile.

    Raises:
        InputError: it cannot be read.
        OutputError: another program is writing to it.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}", "give the folder of results") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(f"another program is writing to {folder}", "wait until it is done") from None
        except OSError:  # not every file system can lock
            pass
        yield
    finally:
        os.close(handle)


class OutputFolder:
    """Collects the results of one run; :meth:`publish` or :meth:`discard` ends it.

    A context manager: leaving it by an exception discards what was staged. Files are made in the folder that was opened
    at the beginning, never through a link, and only their owner can read them unless files are shared.

    Args:
        folder: made if it does not exist. Only one run at a time can use it.
        source: the recording: it must not lie where a result or a hidden folder of the run goes.
        overwrite: replace earlier results, or files of the same names.

    Raises:
        OutputError: the place is taken by a file, holds earlier results (unless ``overwrite``) or the recording under a
            result's name, is in use by another run, or cannot be written.
    """

    def __init__(self, folder: Path, source: Path | None = None, *, overwrite: bool = False) -> None:
        self.folder = folder
        self.cache = folder / CACHE
        self.staging = folder / STAGING
        self._lock: int | None = None
        self._here: Folder | None = None
        self._staged: Folder | None = None
        try:
            if folder.exists() and not folder.is_dir():
                raise OutputError(f"{folder} is a file, not a folder", "choose another place with -o")
            self._spare(source)
            taken = [name for name in RESULTS if (folder / name).exists()]
            if taken and not overwrite:
                what = "holds results already" if TIMELINE in taken else f"holds a file {taken[0]} already"
                raise OutputError(f"{folder} {what}", "choose another folder with -o, or give --overwrite")
            make_folder(folder)
            self._here = Folder(folder)
            self._claim()
            for name in sorted({name.partition("/")[0] for name in EXPORTS if "/" in name}):
                if (folder / name).is_symlink():
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder / name))
            if self.cache.is_symlink():
                self._here.remove(CACHE)
            self._here.remove_tree(STAGING)
            self._staged = self._here.subfolder(STAGING, private=True)
        except OSError as error:
            self._release()
            raise output_error(error, folder) from error

    def _spare(self, source: Path | None) -> None:
        """Refuse a folder in which the run would remove its own input."""
        if source is None or not source.exists():
            return
        hidden = {self.cache.resolve(), self.staging.resolve()} & set(source.resolve().parents)
        taken = [name for name in RESULTS if (self.folder / name).exists() and (self.folder / name).samefile(source)]
        if hidden or taken:
            raise OutputError(
                f"{source} would be replaced by a result", "choose another folder with -o, or move the recording"
            )

    def _claim(self) -> None:
        """Lock the folder: a second run would remove what this one stages. The system releases a dead run's lock."""
        self._lock = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._release()
            raise OutputError(
                f"another run is writing to {self.folder}", "wait until it is done, or choose another folder with -o"
            ) from None
        except OSError:  # not every file system can lock
            return

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        for handle in (self._here, self._staged):
            if handle is not None:
                handle.close()

    def __enter__(self) -> OutputFolder:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.discard()

    def write_texts(self, timeline: Timeline, report: str, page: str | None = None) -> None:
        """Stage ``timeline.json``, every export, the report, and the report page if there is one."""
        texts = {name: export(timeline) for name, export in EXPORTS.items()}
        texts[TIMELINE] = timeline.to_json()
        texts[REPORT] = report
        if page is not None:
            texts[PAGE] = page
        for name, text in texts.items():
            try:
                with self._inside(self._staged, name) as (folder, last):
                    folder.write(last, text)
            except OSError as error:
                raise output_error(error, self.folder / name) from error

    @contextlib.contextmanager
    def _inside(self, folder: Folder | None, name: str) -> Iterator[tuple[Folder, str]]:
        """The folder that holds ``name``, which may lie one folder deeper, and the last part of the name."""
        if folder is None:
            raise ValueError("the folder is closed")
        first, slash, last = name.partition("/")
        if not slash:
            yield folder, first
            return
        with folder.subfolder(first) as inner:
            yield inner, last

    def replaced(self) -> Timeline | None:
        """The timeline of the earlier results that :meth:`publish` will replace; None if none can be read."""
        with contextlib.suppress(OSError, ValueError):
            return Timeline.from_json(read_file(self.folder / TIMELINE))
        return None

    def publish(self, recording: str) -> dict[str, Path]:
        """Move everything staged to its place, ``recording`` last, and remove the stored stages.

        Returns:
            the files by name.
        """
        names = sorted(str(p.relative_to(self.staging)) for p in self.staging.rglob("*") if p.is_file())
        names.sort(key=lambda name: name == recording)
        files: dict[str, Path] = {}
        try:
            # An earlier recording must not lie beside a newer timeline, not even for a moment.
            for earlier in RECORDINGS:
                (self.folder / earlier).unlink(missing_ok=True)
            for name in names:
                with self._inside(self._staged, name) as (origin, last), self._inside(self._here, name) as (to, _):
                    origin.rename(last, last, to)
                files[name] = self.folder / name
        except OSError as error:
            raise output_error(error, self.folder) from error
        self._clear(STAGING, CACHE)
        self._release()
        return files

    def discard(self) -> None:
        """Remove what was staged, and the folder if it is empty."""
        self._clear(STAGING)
        with contextlib.suppress(OSError):
            if not any(self.folder.iterdir()):
                self.folder.rmdir()
        self._release()

    def _clear(self, *names: str) -> None:
        for name in names:
            with contextlib.suppress(OSError):
                if self._here is not None:
                    self._here.remove_tree(name)


def rewrite(folder: Path, name: str, text: str) -> None:
    """Rewrite a file of a result, keeping its permissions. Raises OSError if it cannot be written."""
    path = folder / name
    with (
        Folder(folder) as top,
        top.subfolder(path.parent.name) if "/" in name else top as inner,
        inner.replacing(path.name) as file,
    ):
        if path.is_file() and not path.is_symlink():
            os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
        file.write(text.encode())
