"""Writing the safe recording: an encoding thread, and a file that appears complete or not at all."""

from __future__ import annotations

import contextlib
import math
import os
import queue
import signal
import threading
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from capture.media_info import MediaInfo, Picture
from capture.mp4_boxes import is_whole
from capture.settings import CaptureSettings
from capture.writing.atomic import PartialFile
from capture.writing.encoder import Encoder, EncoderOptions, Streams, key_frames
from capture.writing.settings import ENCODER_TICK, WAITING_BLOCKS
from timeline import OutputError, write_error

_KINDS = {".mp4": "mp4", ".m4v": "mp4", ".m4a": "ipod"}
_END = None


def suffix_for(info: MediaInfo) -> str:
    """``.mp4``, or ``.m4a`` for a recording without pictures."""
    return ".mp4" if info.has_video else ".m4a"


class SafeWriter:
    """Writes an MP4 (H.264, AAC) under a hidden name and renames it only when it is complete.

    A context manager: leaving it normally closes the file; leaving it by any exception removes it, including Ctrl-C,
    and SIGTERM where nobody handles it. None of the input's metadata is copied.

    Encoding runs in a thread behind a bounded queue; ``write_*`` wait when it is full and may be called from different
    threads. Write sound and pictures of about the same time together (within some seconds), as the muxer holds what it
    cannot interleave yet.

    Args:
        path: ``.mp4``, ``.m4v`` or ``.m4a`` (sound alone); an existing file is replaced at the end.
        info: the pictures (of a file: :class:`MediaInfo`; live: :class:`Picture`), or None for sound alone.
        audio_rate: samples per second of the blocks, None for no sound.
        channels: 1 or 2.
        settings: preset, quality, queue.

    Raises:
        OutputError: the folder is missing, not writable, or full; the suffix is none of the above; or the path is the
            input itself.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        info: MediaInfo | Picture | None,
        audio_rate: int | None = None,
        channels: int = 1,
        settings: CaptureSettings | None = None,
    ) -> None:
        settings = settings or CaptureSettings()
        self.path = Path(path).absolute()
        self.picture = info.picture if isinstance(info, MediaInfo) else info
        kind = _KINDS.get(self.path.suffix.lower())
        if kind is None:
            raise OutputError(f"{path}: only .mp4, .m4v and .m4a can be written", "Use another file name extension.")
        if self.picture is not None and kind == "ipod":
            raise OutputError(f"{path}: .m4a holds no picture", "Choose .mp4.")
        if (self.picture is None and audio_rate is None) or channels not in (1, 2):
            raise ValueError("needs a picture or a sound, and one or two channels")
        if isinstance(info, MediaInfo) and self.path.exists() and self.path.samefile(info.path):
            raise OutputError(f"{path}: is the input, which Discreet never changes", "Choose another name or folder.")
        frame_bytes = self.picture.width * self.picture.height * 3 if self.picture else 1
        self._slots = threading.BoundedSemaphore(max(2, min(32, (settings.queue_mb << 20) // frame_bytes)))
        self._blocks = threading.BoundedSemaphore(WAITING_BLOCKS)
        self._queue: queue.SimpleQueue[tuple[bool, Any, Any] | None] = queue.SimpleQueue()
        self._error: BaseException | None = None
        self._stop = threading.Event()
        self._done = False
        self._old_handler: Any = None
        self._file = PartialFile(self.path)
        with self._file.guard(av.FFmpegError):
            options = EncoderOptions(kind, x264=key_frames(self.picture))
            self._encoder = Encoder(self._file.url, Streams(self.picture, audio_rate, channels), settings, options)
        self._has_audio = audio_rate is not None
        self._channels = channels
        self._thread = threading.Thread(target=self._run, name=f"encode {self.path.name}", daemon=True)
        self._thread.start()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height written: the picture's, rounded up to even; (0, 0) without pictures."""
        return self._encoder.size if self.picture is not None else (0, 0)

    def write_frame(self, t: float, bgr: npt.NDArray[np.uint8]) -> None:
        """Add the picture ``[H, W, 3]`` BGR at ``t`` seconds; the array must not be changed afterwards.

        Raises:
            OutputError: writing failed (now or in an earlier call); no file is left.
            ValueError: the shape is not the announced one, or the time is not finite.
        """
        if not math.isfinite(t):
            raise ValueError(f"a picture at {t} s")
        wanted = (self.picture.height, self.picture.width, 3) if self.picture else None
        if bgr.shape != wanted or bgr.dtype != np.uint8:
            raise ValueError(f"a picture {bgr.shape} {bgr.dtype} was given, {wanted} uint8 was announced")
        self._put(self._slots, True, t, bgr)

    def write_audio(self, samples: npt.NDArray[np.float32], t: float | None = None) -> None:
        """Add sound ``[n]`` or ``[n, channels]`` in -1..1, directly after the block before; the first one begins at 0.

        If ``t``, the block's time on the pictures' clock, is given, gaps become silence and overlaps are cut.

        Raises:
            OutputError: writing failed (now or in an earlier call); no file is left.
            ValueError: the number of channels is not the announced one.
        """
        if not self._has_audio or samples.ndim > 2 or (samples.ndim == 2 and samples.shape[1] != self._channels):
            raise ValueError(
                f"sound {samples.shape} was given, {self._channels if self._has_audio else 0} channels announced"
            )
        if samples.ndim == 1 and self._channels != 1:
            raise ValueError(f"one channel was given, {self._channels} were announced")
        if len(samples):
            self._put(self._blocks, False, t, np.array(samples, np.float32))

    def _put(self, slots: threading.BoundedSemaphore, is_picture: bool, t: float | None, data: Any) -> None:
        if self._done:
            raise ValueError("the writer is closed")
        while not slots.acquire(timeout=ENCODER_TICK):
            self._check()
        self._check()
        self._queue.put((is_picture, t, data))

    def _check(self) -> None:
        if self._error is not None:
            error = self._error
            self.abort()
            raise error if isinstance(error, OutputError) else write_error(self.path, error) from error

    def _run(self) -> None:
        try:
            while (item := self._queue.get()) is not _END and not self._stop.is_set():
                is_picture, t, data = item
                if is_picture:
                    self._encoder.add_picture(t, data)
                    self._slots.release()
                else:
                    self._encoder.add_sound(data, t)
                    self._blocks.release()
            if not self._stop.is_set():
                self._encoder.finish()
        except BaseException as error:
            self._error = error

    def close(self) -> None:
        """Encode what waits, write the index, flush, and rename the file.

        Raises:
            OutputError: writing failed; no file is left.
        """
        if self._done:
            return
        self._queue.put(_END)
        while self._thread.is_alive():  # short waits, so that signals get through
            self._thread.join(0.2)
        self._check()
        if not is_whole(self._file.url):
            self.abort()
            raise OutputError(f"{self.path}: is incomplete", "Check whether the disk is full.")
        self._file.commit()
        self._done = True

    def abort(self) -> None:
        """Stop encoding and remove the file. May be called twice."""
        if self._done:
            return
        self._done = True
        self._stop.set()
        self._file.discard()
        self._queue.put(_END)
        self._thread.join(10)
        if not self._thread.is_alive():
            with contextlib.suppress(av.FFmpegError, OSError, ValueError):
                self._encoder.abandon()
        self._file.discard()

    def __enter__(self) -> SafeWriter:
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:

            def leave(number: int, frame: object) -> None:
                raise SystemExit(128 + number)

            self._old_handler = signal.signal(signal.SIGTERM, leave)
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            if kind is None:
                try:
                    self.close()
                except BaseException:
                    self.abort()
                    raise
            else:
                self.abort()
        finally:
            if self._old_handler is not None:
                signal.signal(signal.SIGTERM, self._old_handler)
                self._old_handler = None
