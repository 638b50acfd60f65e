"""Rendering a recording again: where only the sound changed, the picture is copied from the earlier result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from capture import SafeWriter, join
from discreet.config.settings import Settings
from discreet.pipeline.render import RenderPlan, in_channels, rate_of, safe_sound
from discreet.pipeline.source import Source
from timeline import Progress


@dataclass(frozen=True, slots=True)
class RenderTarget:
    """The file to be made.

    Attributes:
        path: of the file.
        earlier: a recording that the same run made before, of which the picture is used again if it is the same; None:
            there is none.
        mark: of the picture of ``earlier``, see :func:`discreet.pipeline.picture_fingerprint.picture_mark`.
    """

    path: Path
    earlier: Path | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written: how many pictures nobody had looked at, and the mark of the picture; empty if there are any."""

    unseen: int
    mark: str


def render_sound(source: Source, target: RenderTarget, settings: Settings, plan: RenderPlan, progress: Progress) -> int:
    """Make the safe recording with the picture of an earlier one, which is copied packet by packet.

    Args:
        source: the recording; it has a picture.
        target: the file to be made, and the earlier one, whose picture is the one that ``plan`` gives.
        settings: as for :func:`render`.
        plan: as for :func:`render`.
        progress: told the share done; may raise to stop.

    Returns:
        0: nothing new was seen.

    Raises:
        OutputError: a file cannot be read or written; nothing is left.
    """
    if target.earlier is None:
        raise ValueError("there is no earlier recording")
    info, sound = source.info, None
    try:
        if info.has_audio:
            sound = target.path.with_name(f".{target.path.stem}-sound.m4a")
            rate, channels = rate_of(info), min(2, max(1, info.channels))
            with SafeWriter(sound, None, rate, channels, settings.capture) as writer:
                safe = safe_sound(source.sound, plan.redactions, settings, plan.clips, plan.voices, plan.track)
                for start, block in in_channels(safe, source.sound.sample_rate, rate, channels):
                    writer.write_audio(block)
                    progress(min(0.95, start / info.duration) if info.duration else 0.0)
        join(target.earlier, sound, target.path)
    finally:
        if sound is not None:
            sound.unlink(missing_ok=True)
    return 0
