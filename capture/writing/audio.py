"""Writing sound alone: WAV, FLAC, MP3 or M4A, complete or not at all, with none of the input's tags."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from capture.media_info import MediaInfo
from capture.writing.atomic import PartialFile
from capture.writing.encoder import AAC_RATES
from capture.writing.settings import MP3_KBPS
from timeline import OutputError, write_error

MP3_RATES = (48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)
_KINDS = {
    ".wav": ("wav", "pcm_s16le", "s16", ()),
    ".flac": ("flac", "flac", "s16", ()),
    ".mp3": ("mp3", "libmp3lame", "fltp", MP3_RATES),
    ".m4a": ("ipod", "aac", "fltp", AAC_RATES),
}
"""Suffix -> FFmpeg's muxer and encoder, the encoder's sample format, and its sample rates (empty: any)."""
_DEEPER = {"pcm_s24le": ("pcm_s24le", "s32"), "pcm_s32le": ("pcm_s32le", "s32"), "pcm_f32le": ("pcm_f32le", "flt")}
"""A WAV with more than 16 bits keeps them."""
_STEP = 48000


def sound_suffix_for(info: MediaInfo) -> str:
    """The file name suffix for the sound of a recording: the input's own if it can be written, else ``.m4a``."""
    own = info.path.suffix.lower()
    return own if own in _KINDS and not info.has_video else ".m4a"


class SoundWriter:
    """Writes sound under a hidden name and renames the file only when it is complete.

    A context manager: leaving it normally closes the file, leaving it by any exception removes it.

    Args:
        path: ``.wav``, ``.flac``, ``.mp3`` or ``.m4a``; an existing file is replaced at the end.
        rate: samples per second of the blocks; if the format does not support it, 48 kHz are written.
        channels: 1 or 2.
        source: codec of the input, so that a WAV with more than 16 bits keeps them.

    Raises:
        OutputError: the suffix is none of these, or the folder is missing, not writable, or full.
    """

    def __init__(self, path: Path, rate: int, channels: int, source: str = "") -> None:
        kind = _KINDS.get(path.suffix.lower())
        if kind is None:
            raise OutputError(f"{path}: only {', '.join(_KINDS)} can be written", "Use another file name extension.")
        muxer, codec, samples, rates = kind
        if muxer == "wav" and source in _DEEPER:
            codec, samples = _DEEPER[source]
        self.path = path.absolute()
        self._rate, self._channels = rate, channels
        self._layout = "mono" if channels == 1 else "stereo"
        self._count = 0
        self._done = False
        coded = rate if not rates or rate in rates else 48000
        self._file = PartialFile(self.path)
        with self._file.guard(av.FFmpegError, ValueError):
            # No tags of any kind: not even which library wrote the file.
            self._out: Any = av.open(f"file:{self._file.url}", "w", format=muxer, options={"fflags": "+bitexact"})
            self._stream: Any = self._out.add_stream(codec, rate=coded, layout=self._layout)
            if rates:
                self._stream.codec_context.bit_rate = MP3_KBPS * 1000 * channels
            self._resample = AudioResampler(samples, self._layout, coded)

    def write(self, block: npt.NDArray[np.float32]) -> None:
        """Add sound ``[n]`` or ``[n, channels]`` in -1..1, directly after the block before.

        Raises:
            OutputError: writing failed; no file is left.
        """
        if not len(block):
            return
        block = np.asarray(block, np.float32).reshape(len(block), -1)
        if block.shape[1] != self._channels:
            raise ValueError(f"{block.shape[1]} channels were given, {self._channels} announced")
        block = np.clip(np.nan_to_num(block, nan=0.0), -1.0, 1.0)
        try:
            for at in range(0, len(block), _STEP):
                part = np.ascontiguousarray(block[at : at + _STEP].T)
                frame = AudioFrame.from_ndarray(part, "fltp", self._layout)
                frame.sample_rate, frame.pts, frame.time_base = self._rate, self._count, Fraction(1, self._rate)
                self._count += part.shape[1]
                self._code(self._resample.resample(frame))
        except (av.FFmpegError, OSError) as error:
            self.abort()
            raise write_error(self.path, error) from None

    def _code(self, frames: list[AudioFrame]) -> None:
        for frame in frames:
            self._out.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Encode what waits, flush, and rename the file. Raises OutputError if that fails; no file is left."""
        if self._done:
            return
        try:
            self._code(self._resample.resample(None))
            self._out.mux(self._stream.encode(None))
            self._out.close()
        except (av.FFmpegError, OSError) as error:
            self.abort()
            raise write_error(self.path, error) from None
        self._done = True
        self._file.commit()

    def abort(self) -> None:
        """Remove the file. May be called twice."""
        if self._done:
            return
        self._done = True
        with contextlib.suppress(av.FFmpegError, OSError, ValueError):
            self._out.close()
        self._file.discard()

    def __enter__(self) -> SoundWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()


def refuse_overwrite(path: Path, source: Path, *, overwrite: bool) -> None:
    """Refuse to write ``path`` over the recording itself, or over another file without ``overwrite``.

    Raises:
        OutputError: it would be overwritten.
    """
    if path.exists() and source.exists() and path.samefile(source):
        raise OutputError(f"{path}: is the recording, which Discreet never changes", "Choose another name with -o.")
    if path.exists() and not overwrite:
        raise OutputError(f"{path}: already exists", "Choose another name with -o, or give --overwrite.")
