"""Rendering a recording again: what did not change is copied from the earlier result, packet by packet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from capture import Image, PictureChanges, SafeWriter, SoundChanges, SoundMarks, UnspliceableError, join, splice_sound
from discreet.config.settings import Settings
from discreet.pipeline.render import SAME, RenderPlan, in_channels, masked_pictures, rate_of, safe_sound
from discreet.pipeline.render_fingerprint import RenderFingerprint
from discreet.pipeline.source import Source
from redaction import cuts_of
from timeline import FloatArray, Progress, log_step


@dataclass(frozen=True, slots=True)
class RenderTarget:
    """The file to be made.

    Attributes:
        path: of the file.
        earlier: a recording that the same run made before, of which everything is used again that is the same; None:
            there is none.
        mark: of ``earlier``, see :attr:`discreet.pipeline.render_fingerprint.RenderFingerprint.digest`.
    """

    path: Path
    earlier: Path | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written: how many pictures nobody had looked at, and the mark of all; empty if there are any."""

    unseen: int
    mark: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A recording that was made before, with the marks of all that it holds."""

    path: Path
    marks: RenderFingerprint


class RenderAgain:
    """Makes a safe recording from an earlier one: only what changed is coded, everything else is copied.

    Args:
        source: the recording.
        settings: as for :func:`render`.
        plan: as for :func:`render`.
        earlier: what the same run made before.
        pictures: the marks of the pictures of ``plan``.
    """

    def __init__(
        self, source: Source, settings: Settings, plan: RenderPlan, earlier: Earlier, pictures: RenderFingerprint
    ) -> None:
        self._source, self._settings, self._plan = source, settings, plan
        self._earlier, self._new = earlier, pictures

    def __call__(self, target: Path, progress: Progress) -> RenderFingerprint:
        """Write ``target``; returns the marks of all that it holds.

        Raises:
            OutputError: a file cannot be read or written; nothing is left.
            UnspliceableError: too little of the earlier recording can be used; nothing is left.
        """
        info, earlier = self._source.info, self._earlier
        changed = self._new.changed(earlier.marks)
        if changed is None:
            raise UnspliceableError("it has other pictures")
        if not info.has_video:
            return replace(self._new, sound=self._sound(target, progress))
        sound, marks = None, b""
        pictures = None
        if info.picture is not None and changed.any():
            pictures = PictureChanges(changed, self._frames, info.picture, self._settings.capture)
        try:
            if info.has_audio:
                sound = target.with_name(f".{target.stem}-sound.m4a")
                marks = self._sound(sound, progress)
            join(earlier.path, sound, target, pictures)
        finally:
            if sound is not None:
                sound.unlink(missing_ok=True)
        return replace(self._new, sound=marks)

    def _sound(self, target: Path, progress: Progress) -> bytes:
        """Write the sound; if the earlier one cannot be used, all of it is coded."""
        source, settings = self._source, self._settings
        rate, channels = rate_of(source.info), min(2, max(1, source.info.channels))
        try:
            blocks = self._blocks(rate, progress)
            changes = SoundChanges(blocks, self._earlier.marks.sound, rate, channels, settings.capture)
            return splice_sound(self._earlier.path, target, changes)
        except UnspliceableError as error:
            log_step("sound coded as a whole", str(error))
        marks = SoundMarks()
        with SafeWriter(target, None, rate, channels, settings.capture) as writer:
            for block in self._blocks(rate, progress):
                marks.add(block)
                writer.write_audio(np.repeat(block[:, None], channels, axis=1))
        return marks.all()

    def _blocks(self, rate: int, progress: Progress) -> Iterator[FloatArray]:
        """The safe sound ``[n]`` at ``rate`` Hz."""
        source, plan = self._source, self._plan
        safe = safe_sound(source.sound, plan.redactions, self._settings, plan.clips, plan.voices, plan.track)
        for start, block in in_channels(safe, source.sound.sample_rate, rate, 1):
            yield block[:, 0]
            progress(min(0.95, start / source.info.duration) if source.info.duration else 0.0)

    def _frames(self, start: int, stop: int) -> Iterator[tuple[float, Image]]:
        """The masked pictures from one number to another (without it), with their times in the safe recording."""
        plan, cuts = self._plan, cuts_of(self._plan.redactions)
        times = [t for t in plan.faces.times.tolist() if cuts.keeps(t)][start:stop]
        span = times[0] - SAME, times[-1] + SAME
        for t, picture, looked in masked_pictures(self._source, self._settings, plan, span):
            if not looked:
                raise UnspliceableError("a picture was not analysed")
            yield cuts(t), picture
