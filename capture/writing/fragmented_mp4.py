"""The growing recording: an MP4 of short fragments, playable at any moment up to the last complete one.

``NAME.recording.mp4`` grows until the meeting is over; then its packets are copied into a plain ``NAME.mp4`` and it is
removed. After a crash or a power cut it is still there, and :func:`recover` does the same with its complete fragments.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections import deque
from pathlib import Path
from typing import Any

import av

from capture.live_settings import RecordSettings
from capture.media_info import Picture
from capture.mp4_boxes import is_whole
from capture.settings import CaptureSettings
from capture.sources import Image
from capture.writing import remux
from capture.writing.atomic import PartialFile, clean_partials, sync_data
from capture.writing.encoder import Encoder, EncoderOptions, Streams, key_frames
from capture.writing.settings import HOLD_SECONDS
from timeline import FloatArray, Folder, InputError, OutputError, create_file, write_error

GROWING = ".recording.mp4"
_MOVFLAGS = "+empty_moov+default_base_moof+delay_moov"  # delay_moov: edit lists, without which sound is 21 ms late
_AAC_HELD = 3 * 1024
"""Most samples that the sound's encoder and the muxer hold."""


def growing_name(target: Path) -> Path:
    """The path of the growing file of ``target`` (``.mp4``)."""
    return target.with_name(target.stem + GROWING)


class _Growing:
    """The file as FFmpeg writes it: unbuffered, so every byte goes to the operating system at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = 0
        self.error: OSError | None = None
        try:
            self._fd = create_file(path)
        except FileExistsError:
            raise OutputError(
                f"{path} already exists, from a recording that was interrupted",
                f"recover it first: discreet recover '{path}'",
            ) from None
        except FileNotFoundError:
            raise OutputError(f"{path.parent}: no such folder", "make it first") from None
        except OSError as error:
            raise write_error(path, error) from None
        with contextlib.suppress(OSError):  # tells `recover` that this recording is still running
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def write(self, data: Any) -> int:
        view = memoryview(data)
        at = 0
        try:
            while at < len(view):
                at += os.write(self._fd, view[at:])
        except OSError as error:
            self.error = error
            raise
        self.written += at
        return at

    def sync(self) -> None:
        sync_data(self._fd)

    def close(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


class FragmentWriter:
    """Writes a recording in fragments. Not thread-safe.

    Args:
        target: the final name, ``.mp4``.
        picture: size and rate of the pictures, or None for sound alone.
        rate: samples per second of the sound (one channel), or None for no sound.
        settings: encoder and fragments.
        comment: tag of the file.

    Attributes:
        safe: seconds of the recording up to which pictures have been handed to the operating system and survive a
            crash.
        safe_sound: the same for the sound.
        has_sound: whether there is a sound track; it begins at 0.

    Raises:
        OutputError: the folder is missing, not writable or full, or an unfinished recording is in the way.
    """

    def __init__(
        self,
        target: Path,
        picture: Picture | None,
        rate: int | None,
        settings: RecordSettings,
        comment: str = "discreet",
    ) -> None:
        self.target = target
        self.path = growing_name(target)
        self.safe = self.safe_sound = 0.0
        self.has_sound = rate is not None
        self._rate = rate or 1
        self._heard = 0  # samples
        self._file = _Growing(self.path)
        self._unsafe: deque[float] = deque()
        self._closed = False
        try:
            self._encoder = Encoder(
                self.path,
                Streams(picture, rate),
                CaptureSettings(
                    preset=settings.preset,
                    crf=settings.crf,
                    encode_threads=settings.encode_threads,
                    audio_kbps=settings.audio_kbps,
                    comment=comment,
                ),
                EncoderOptions(
                    muxer={
                        "movflags": _MOVFLAGS,
                        "frag_duration": str(round(settings.fragment_seconds * 1e6)),
                        "max_interleave_delta": str(round(HOLD_SECONDS * 1e6)),
                        "flush_packets": "1",
                        "movie_timescale": "90000",
                    },
                    x264={"tune": "zerolatency"} | key_frames(picture),
                ),
                target=self._file,
            )
        except (av.FFmpegError, OSError) as error:
            self._file.close()
            self.path.unlink(missing_ok=True)
            raise write_error(target, error) from None

    def add_picture(self, t: float, image: Image) -> None:
        """Add a picture at second ``t``. Raises OutputError if it cannot be written."""
        before = self._file.written
        with self._errors():
            self._encoder.add_picture(t, image)
        if self._file.written > before:
            self._flushed(len(self._unsafe))
        self._unsafe.append(t)

    def add_sound(self, samples: FloatArray) -> None:
        """Add sound directly after the sound before. Raises OutputError if it cannot be written."""
        before = self._file.written
        with self._errors():
            self._encoder.add_sound(samples, None)
        if self._file.written > before:
            self._flushed(
                len(self._unsafe) - 1
            )  # the encoder holds the last picture until it knows the next one's time
        self._heard += len(samples)

    def _flushed(self, encoded: int) -> None:
        """Update ``safe`` and ``safe_sound`` after a fragment was handed to the operating system.

        The system then has everything except what the muxer holds back to interleave the streams.
        """
        heard = (self._heard - _AAC_HELD) / self._rate
        newest = self._unsafe[encoded - 1] if encoded > 0 else self.safe
        sound_first = heard if self.has_sound else newest
        while encoded > 0 and self._unsafe[0] <= max(sound_first, newest - HOLD_SECONDS):
            self.safe = self._unsafe.popleft()
            encoded -= 1
        self.safe_sound = max(self.safe_sound, min(heard, max(newest, heard - HOLD_SECONDS)))

    def sync(self) -> None:
        """Flush to the disk what the operating system was handed. Any thread may call it."""
        self._file.sync()

    @contextlib.contextmanager
    def _errors(self) -> Any:
        try:
            yield
        except (av.FFmpegError, OSError) as error:
            raise write_error(self.path, self._file.error or error) from error

    def finish(self) -> None:
        """Write what is still held. Raises OutputError if it cannot be written; what was written stays."""
        if self._closed:
            return
        self._closed = True
        try:
            with self._errors():
                self._encoder.finish()
        finally:
            self._file.sync()
            self._file.close()


def publish(growing: Path, target: Path, keep: bool = False, trusted: bool = True) -> None:
    """Make ``target`` from the complete fragments of ``growing``, then remove ``growing`` unless ``keep`` is set.

    If there is no room for a copy, or copying fails, the fragments themselves become ``target``: players can play them.
    If that fails too, ``growing`` is left unchanged.

    Args:
        growing: the fragments.
        target: the name of the recording.
        keep: leave ``growing`` in place, unchanged.
        trusted: this process wrote the fragments; others are read before they may become ``target``.

    Raises:
        InputError: there is no complete fragment, or the fragments cannot be read.
        OutputError: not even renaming works.
    """
    end = remux.bytes_of_whole_fragments(growing)
    if not end:
        raise InputError(f"{growing}: does not hold one whole fragment", "nothing can be recovered from it")
    problem = OutputError(f"{growing}: its packets cannot be copied", "check whether the disk is full")
    try:
        file = PartialFile(target)
        if remux.remux(growing, file.url, pass_fd=file.fd) and is_whole(file.url):
            file.commit()
            if not keep:
                growing.unlink(missing_ok=True)
            return
        file.discard()
    except OutputError as error:
        problem = error
    if not trusted and not remux.readable(growing):
        raise InputError(f"{growing} is damaged: nothing in it can be read", "it was left unchanged")
    if keep:
        raise problem
    try:
        _rename(growing, target, end)
    except OSError as error:
        raise write_error(target, error) from None


def _rename(growing: Path, target: Path, end: int) -> None:
    # Rename first: a file that lost its last part but kept its name would be neither of the two.
    with Folder(growing.parent) as folder:
        fd = folder.open(growing.name, os.O_WRONLY)
        try:
            folder.rename(growing.name, target.name)
            try:
                os.ftruncate(fd, end)
            except OSError:
                folder.rename(target.name, growing.name)
                raise
        finally:
            os.close(fd)


def recover(path: Path) -> Path:
    """Finish a recording that was cut off and return the finished file's path.

    A file that does not have the name of a growing recording is kept.

    Raises:
        InputError: it is not an unfinished recording, or has no complete fragment.
        OutputError: it is still being recorded, the finished file cannot be written, or its name is taken.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file", f"unfinished recordings end in {GROWING}")
    if _being_made(path):
        raise OutputError(f"{path} is still being recorded", "end that recording first")
    ours = path.name.endswith(GROWING)
    stem = path.name.removesuffix(GROWING) if ours else f"{path.stem}-recovered"
    target = path.with_name(f"{stem}.mp4")
    if target.exists():
        raise OutputError(f"{target} already exists", "move it away first")
    clean_partials(path.parent)
    publish(path, target, keep=not ours, trusted=False)
    return target


def _being_made(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
    return False
