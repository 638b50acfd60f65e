"""The sound of a recording, decoded in a child process."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from capture.decoder import protocol
from capture.media_info import MediaInfo
from capture.reading.child_process import Child, ChildDiedError
from capture.reading.probe import probe
from capture.reading.settings import AUDIO_CHUNK, ROUNDING
from capture.reading.video import damage
from capture.settings import CaptureSettings
from timeline import BLOCK_SECONDS, InputError


class AudioFile:
    """The sound of a file, a :class:`timeline.audio.Audio`: sample ``i`` is heard ``i / sample_rate`` s after its
    start.

    Sound that begins later than the picture is preceded by silence; gaps are filled with silence, overlaps are cut. A
    pass yields exactly ``round(duration * sample_rate)`` samples (unless the file holds clearly more than was
    measured). For a file without sound, ``has_sound`` is False and there are no blocks.

    Args:
        path: the recording.
        sample_rate: Hz, resampled by FFmpeg; None keeps the file's own.
        mono: mix to one channel, blocks ``[n]``; else keep all channels, blocks ``[n, channels]``.
        info: the result of :func:`capture.probe`, if already known.
        settings: for the decoder.

    Attributes:
        truncated, damaged: as in :class:`capture.VideoFile`.

    Raises:
        InputError: the file cannot be read.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        sample_rate: int | None = 16000,
        mono: bool = True,
        info: MediaInfo | None = None,
        settings: CaptureSettings | None = None,
    ) -> None:
        self.settings = settings or CaptureSettings()
        self.info = info or probe(path, self.settings)
        self.mono = mono
        self._rate = sample_rate or self.info.sample_rate or 48000
        self.truncated = self.info.truncated
        self.damaged = 0

    @property
    def has_sound(self) -> bool:
        """Whether there is a sound track."""
        return self.info.has_audio

    @property
    def sample_rate(self) -> int:
        """Samples per second of the blocks."""
        return self._rate

    @property
    def channels(self) -> int:
        """Channels of the blocks: 1, or all of the file's if ``mono`` is False."""
        return 1 if self.mono else max(1, self.info.channels)

    @property
    def duration(self) -> float:
        """Seconds from the recording's start to the end of the sound; 0.0 without sound."""
        return self.info.audio_end

    def blocks(self, seconds: float = BLOCK_SECONDS) -> Iterator[npt.NDArray[np.float32]]:
        """Yield a new pass of float32 blocks ``[n]`` (mono) or ``[n, channels]``, ``seconds`` each, the last one
        shorter.

        Raises:
            InputError: the decoder crashes or hangs; says about where.
        """
        step = max(1, round(seconds * self._rate))
        waiting: list[npt.NDArray[np.float32]] = []
        held = 0
        for piece in self._exact():
            while held + len(piece) >= step:
                cut = step - held
                yield np.concatenate([*waiting, piece[:cut]]) if waiting else piece[:cut]
                waiting, held, piece = [], 0, piece[cut:]
            if len(piece):
                waiting.append(piece)
                held += len(piece)
        if held:
            yield np.concatenate(waiting)

    def _exact(self) -> Iterator[npt.NDArray[np.float32]]:
        """Blocks, padded or cut to the measured length."""
        total = round(self.duration * self._rate)
        done = 0
        late: list[npt.NDArray[np.float32]] = []  # sound beyond the measured end
        for piece in self._pieces():
            inside = max(0, min(len(piece), total - done))
            done += len(piece)
            if inside:
                yield piece[:inside]
            if inside < len(piece):
                late.append(piece[inside:])
                if sum(map(len, late)) > ROUNDING * self._rate:
                    yield from late  # if there is clearly more sound than was measured, none of it is discarded
                    late, total = [], done
        while done < total:
            pad = min(total - done, self._rate)
            yield np.zeros((pad,) if self.mono else (pad, self.channels), np.float32)
            done += pad

    def _pieces(self) -> Iterator[npt.NDArray[np.float32]]:
        info = self.info
        if not info.has_audio:
            return
        request = {
            "do": "audio",
            "path": str(info.path),
            "stream": info.audio_stream,
            "origin": info.origin,
            "rate": self._rate,
            "channels": self.channels,
            "chunk": AUDIO_CHUNK,
        }
        t = 0.0
        try:
            with Child(request, self.settings.stall_seconds) as child:
                while (message := child.message()).kind == protocol.SOUND:
                    samples = _within_bounds(message.payload.view(np.float32))
                    t = message.t + message.a / self._rate
                    yield samples if self.mono else samples.reshape(message.a, message.b)
                if message.kind == protocol.END:
                    end = message.json()
                    self.damaged = int(end["damaged"])
                    self.truncated = self.truncated or bool(end["truncated"])
        except ChildDiedError as died:
            if info.truncated and t >= info.audio_end - 2.0:
                return
            raise damage(info, t, died.how) from None
        except InputError as error:
            raise InputError(f"{info.path.name}: {error}", error.remedy) from None


def _within_bounds(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The samples as they are written: finite, and within -1..1.

    A file of floats can hold anything. One infinite sample would make all models deaf for minutes, and what they did
    not hear would be written.
    """
    if not len(samples) or float(np.abs(samples).max()) <= 1.0:  # never true with NaN
        return samples
    return np.clip(np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)
