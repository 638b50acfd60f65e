"""Writing the safe recording: picture masked, voices changed, private words gone, in step with the input."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from capture import AudioFile, MediaInfo, SafeWriter, VideoFile
from discreet.settings import Settings
from redaction import Redactor
from timeline import FaceTrack, Progress, Redaction
from vision import MaskPlan, masker
from voice import Renderer, VoicePlan

Block = npt.NDArray[np.float32]
BLOCK_SECONDS = 0.5
AHEAD = 1.0
"""Seconds by which sound is written ahead of the picture, so that the two are interleaved closely."""


def render(
    source: Path,
    info: MediaInfo,
    target: Path,
    settings: Settings,
    tracks: Sequence[FaceTrack],
    voices: VoicePlan,
    redactions: Sequence[Redaction],
    progress: Progress,
) -> None:
    """Make ``target`` from ``source``.

    Args:
        source: the recording; it is only read.
        info: what it holds.
        target: the file to be made; it appears whole or not at all.
        settings: masks, voices, operators, encoder.
        tracks: every face; what is not shown in them is masked, with margins in space and time.
        voices: who is heard how, when.
        redactions: the words that must not be heard.
        progress: told the share done; may raise to stop.

    Raises:
        InputError: the recording cannot be read after all.
        OutputError: the result cannot be written; nothing of it is left.
    """
    rate = (info.sample_rate or 48000) if info.has_audio else None
    channels = min(2, max(1, info.channels))
    with SafeWriter(target, info, rate, channels, settings.capture) as writer:
        sound = _sound(source, info, settings, voices, redactions) if rate else iter(())
        if not info.has_video:
            for start, block in sound:
                writer.write_audio(block)
                progress(min(1.0, start / info.duration))
            return
        with _Ahead(sound, writer.write_audio) as ahead:
            video = VideoFile(source, info=info, settings=settings.capture)
            plan, mask = MaskPlan(tracks, video.size, settings.vision.mask), masker(settings.vision.mask)
            for t, picture in video:
                mask(picture, plan.boxes(t))
                ahead.until(t + AHEAD)
                writer.write_frame(t, picture)
                progress(min(0.99, t / info.duration))
            ahead.until(float("inf"))


def _sound(
    source: Path, info: MediaInfo, settings: Settings, voices: VoicePlan, redactions: Sequence[Redaction]
) -> Iterator[tuple[float, Block]]:
    """Safe sound: ``(start, [n, channels])`` blocks, the first at 0."""
    audio = AudioFile(source, sample_rate=None, mono=False, info=info, settings=settings.capture)
    rate = audio.sample_rate
    voice = Renderer(voices, rate, settings.voice)
    redact = Redactor(redactions, settings.redaction)
    at = 0

    def finished(block: Block) -> tuple[float, Block]:
        # Voices first: a beep is not a voice, and must not be turned into something else.
        nonlocal at
        start = at / rate
        at += len(block)
        return start, redact(block, start, rate)

    for block in audio.blocks(BLOCK_SECONDS):
        yield finished(voice(block))
    yield finished(voice.flush())


class _Ahead:
    """Makes the sound in a thread of its own, a bounded stretch ahead of the picture."""

    def __init__(self, sound: Iterator[tuple[float, Block]], write: Callable[[Block], Any]) -> None:
        self._sound = sound
        self._write = write
        self._queue: queue.Queue[tuple[float, Block] | BaseException | None] = queue.Queue(8)
        self._stop = threading.Event()
        self._ended = False
        self._next: tuple[float, Block] | None = None
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)

    def __enter__(self) -> _Ahead:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        while self._thread.is_alive():
            try:
                self._queue.get(timeout=0.05)
            except queue.Empty:
                continue

    def _run(self) -> None:
        end: BaseException | None = None
        try:
            for item in self._sound:
                self._queue.put(item)
                if self._stop.is_set():
                    break
        except BaseException as error:
            end = error
        self._queue.put(end)

    def until(self, t: float) -> None:
        """Write all sound that begins before ``t`` seconds. Raises what the thread raised."""
        while not self._ended:
            if self._next is None:
                item = self._queue.get()
                if item is None:
                    self._ended = True
                    return
                if isinstance(item, BaseException):
                    self._ended = True
                    raise item
                self._next = item
            start, block = self._next
            if start >= t:
                return
            self._write(block)
            self._next = None
