"""The recording of an export: nothing is seen or heard in it of whoever is left out, or agrees to less than then.

The run that made the recording safe went by the consent of its day. What is not agreed to for this export is taken
out further: the sound is silent wherever nobody speaks who may be heard here, and the whole picture is filled while a
face can be seen that may not be. That hides more than it must, and needs no recognition that could fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from capture import AudioFile, CaptureSettings, SafeWriter, VideoFile, probe
from sharing.levels import Included
from timeline import FloatArray, Segment, Timeline, subtract, union

MARGIN_SOUND = 0.25
"""Seconds around a turn that may not be heard: as long as the edges of turns are uncertain."""
MARGIN_PICTURE = 1.0
"""Seconds before and after a face may not be seen, in which the picture is filled, too."""
BLOCK_S = 0.5
FILL = 16
"""The grey of a filled picture."""


def as_made(timeline: Timeline, people: Mapping[str, Included]) -> bool:
    """Whether the recording may leave as it is: everybody is part of the export and agrees to all that is in it."""
    return all(
        person.id in people
        and (people[person.id].seen or not person.seen)
        and (people[person.id].heard or not person.heard)
        and (people[person.id].quoted or not person.quoted)
        for person in timeline.people
    )


def audible(timeline: Timeline, people: Mapping[str, Included]) -> list[Segment]:
    """Where the sound may stand (s): in turns of people who may be heard here, and of nobody else at the same time."""
    allowed = {
        person.id
        for person in timeline.people
        if person.id in people
        and people[person.id].quoted
        and person.quoted
        and (people[person.id].heard or not person.heard)
    }
    turns = [(turn.person in allowed, Segment(turn.start, turn.end)) for turn in timeline.turns]
    withheld = [
        Segment(max(0.0, span.start - MARGIN_SOUND), span.end + MARGIN_SOUND) for heard, span in turns if not heard
    ]
    return subtract(union(span for heard, span in turns if heard), union(withheld))


def filled(timeline: Timeline, people: Mapping[str, Included]) -> list[Segment]:
    """Where the whole picture is filled (s): a face is shown in it that may not be seen here."""
    hidden = {
        person.id for person in timeline.people if person.seen and not (person.id in people and people[person.id].seen)
    }
    return union(
        Segment(max(0.0, track.start - MARGIN_PICTURE), track.end + MARGIN_PICTURE)
        for track in timeline.tracks
        if not track.masked and (track.person is None or track.person in hidden)
    )


def write_further_masked(
    source: Path, target: Path, timeline: Timeline, people: Mapping[str, Included], settings: CaptureSettings
) -> None:
    """Write ``target`` from the safe recording ``source``.

    Raises:
        InputError: it cannot be read.
        OutputError: it cannot be written; nothing of it is left.
    """
    info = probe(source, settings)
    rate = info.sample_rate if info.has_audio else None
    channels = min(2, max(1, info.channels))
    keep, fill = audible(timeline, people), filled(timeline, people)
    with SafeWriter(target, info, rate, channels, settings) as writer:
        sound = _quiet(source, keep, settings) if rate else iter(())
        written = 0
        if info.has_video:
            for t, picture in VideoFile(source, info=info, settings=settings):
                while rate and written < (t + 1.0) * rate and (block := next(sound, None)) is not None:
                    writer.write_audio(block)
                    written += len(block)
                if any(span.start <= t <= span.end for span in fill):
                    picture[:] = FILL
                writer.write_frame(t, picture)
        for block in sound:
            writer.write_audio(block)


def _quiet(source: Path, keep: list[Segment], settings: CaptureSettings) -> Iterator[FloatArray]:
    audio = AudioFile(source, sample_rate=None, mono=False, settings=settings)
    rate, at = audio.sample_rate, 0
    for block in audio.blocks(BLOCK_S):
        times = (at + np.arange(len(block))) / rate
        heard = np.zeros(len(block), bool)
        for span in keep:
            heard |= (span.start <= times) & (times < span.end)
        at += len(block)
        yield np.where(heard.reshape(-1, *[1] * (block.ndim - 1)), block, np.float32(0.0))
