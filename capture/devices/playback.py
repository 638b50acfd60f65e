"""A file played at its own speed, as if it were a camera and a microphone."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterator
from itertools import count
from typing import Any

from capture.clock import Clock
from capture.devices.settings import PLAYBACK_BLOCK
from capture.devices.synthetic import Pace
from capture.media_info import MediaInfo, Picture
from capture.reading.audio import AudioFile
from capture.reading.probe import probe
from capture.reading.video import VideoFile
from capture.settings import CaptureSettings
from capture.sources import Image, PictureFormat, SoundFormat
from timeline import FloatArray, InputError


class _Start:
    """The clock's time at which the file begins: when the first of its two sources is read."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._at: float | None = None

    def __call__(self) -> float:
        if self._at is None:
            self._at = self.clock.now()
        return self._at


class PlayedPictures:
    """The pictures of a file, at the file's own speed; see :func:`play`."""

    def __init__(self, info: MediaInfo, start: _Start, loop: bool, settings: CaptureSettings | None) -> None:
        self.name = info.path.name
        self._info, self._start, self._loop, self._settings = info, start, loop, settings
        self._pace = Pace(start.clock)
        self._pictures: Iterator[tuple[float, Image]] | None = None

    def open(self) -> PictureFormat:
        """Start reading."""
        picture = self._info.picture
        if picture is None:
            raise InputError(f"{self.name}: has no picture", "give a recording with a picture")
        self._pictures = self._all()
        return PictureFormat(Picture(picture.width, picture.height, picture.fps, picture.sar))

    def _all(self) -> Iterator[tuple[float, Image]]:
        for turn in count():
            offset = turn * self._info.duration
            for t, image in VideoFile(self._info.path, self._info, self._settings):
                yield offset + t, image
            if not self._loop:
                return

    def read(self) -> tuple[float, Image] | None:
        """Wait until the next picture is due and return it."""
        assert self._pictures is not None
        item = None if self._pace.closed else next(self._pictures, None)
        if item is None:
            return None
        t = self._start() + item[0]
        return (t, item[1]) if self._pace.until(t) else None

    def close(self) -> None:
        """Stop."""
        self._pace.close()
        _end_decoder(self._pictures)


class PlayedSound:
    """The sound of a file, mixed to one channel, at the file's own speed; see :func:`play`."""

    def __init__(self, info: MediaInfo, start: _Start, loop: bool, settings: CaptureSettings | None) -> None:
        self.name = info.path.name
        self._info, self._start, self._loop = info, start, loop
        self._file = AudioFile(info.path, sample_rate=None, info=info, settings=settings)
        self._pace = Pace(start.clock)
        self._blocks: Iterator[tuple[float, FloatArray]] | None = None

    def open(self) -> SoundFormat:
        """Start reading."""
        if not self._file.has_sound:
            raise InputError(f"{self.name}: has no sound", "give a recording with sound")
        self._blocks = self._all()
        return SoundFormat(self._file.sample_rate)

    def _all(self) -> Iterator[tuple[float, FloatArray]]:
        rate = self._file.sample_rate
        for turn in count():
            at = 0
            for block in self._file.blocks(PLAYBACK_BLOCK):
                yield turn * self._info.duration + at / rate, block
                at += len(block)
            if not self._loop:
                return

    def read(self) -> tuple[float, FloatArray] | None:
        """Wait until the whole next block has been heard and return it."""
        assert self._blocks is not None
        item = None if self._pace.closed else next(self._blocks, None)
        if item is None:
            return None
        t = self._start() + item[0]
        return (t, item[1]) if self._pace.until(t + len(item[1]) / self._file.sample_rate) else None

    def close(self) -> None:
        """Stop."""
        self._pace.close()
        _end_decoder(self._blocks)


def _end_decoder(items: Iterator[Any] | None) -> None:
    """End the decoding child now. If another thread is reading, that read ends it instead."""
    if isinstance(items, Generator):
        with contextlib.suppress(ValueError):
            items.close()


def play(
    path: str | os.PathLike[str], clock: Clock, loop: bool = False, settings: CaptureSettings | None = None
) -> tuple[PlayedPictures | None, PlayedSound | None]:
    """The pictures and the sound of a file as two synchronised sources; None for what the file lacks.

    Args:
        path: the file; decoded in child processes.
        clock: the recorder's.
        loop: start again at the end.
        settings: for the decoder.

    Raises:
        InputError: it is not a recording.
    """
    info = probe(path, settings)
    start = _Start(clock)
    pictures = PlayedPictures(info, start, loop, settings) if info.has_video else None
    return pictures, PlayedSound(info, start, loop, settings) if info.has_audio else None
