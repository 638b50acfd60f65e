"""Writes the safe recording: faces masked, voices changed, private words removed, synchronous with the input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from capture import Image, MediaInfo, SafeWriter, SoundMarks, StreamResampler, VideoFile
from capture.writing import AviWriter
from discreet.config.settings import Settings
from discreet.pipeline.serialise import Faces
from discreet.pipeline.sound_thread import SoundAhead
from discreet.pipeline.source import Source
from redaction import Clip, Redactor, cuts_of
from timeline import Audio, FloatArray, Progress, Redaction, TimeMap, UnsafeError
from vision import MaskPlan, MouthPlan, masker
from voice import Renderer, VoicePlan
from voice.resynthesis import SpokenTrack

BLOCK_SECONDS = 0.5
SAME = 1e-4
"""Seconds by which the times of one picture may differ between two passes."""
LEAST_RATE, MOST_RATE = 8000, 48000
"""Range of the sample rate that is written, Hz. Anything above is inaudible."""
LEAST_LEFT = 0.1
"""Least seconds that must be left of a recording."""
AHEAD = 1.0
"""Seconds by which sound is written ahead of the picture, so that the two are closely interleaved."""


@dataclass(frozen=True, slots=True, eq=False)
class RenderPlan:
    """What is done to a recording.

    Attributes:
        faces: every face; faces that are not shown are masked, with margins in space and time. A picture that was not
            analysed is masked whole.
        voices: who is heard in which voice and when.
        redactions: the words that must not be heard. Those to be removed are cut from both picture and sound.
        clips: what is said in place of redacted names, by redaction's id.
        mouths: which mouths of shown faces are covered, and when; None: none.
        track: what is said again in other voices; None: nothing.
        overlay: draws on each masked picture, BGR ``[H, W, 3]``, at its time in seconds; None: nothing.
    """

    faces: Faces
    voices: VoicePlan
    redactions: Sequence[Redaction] = ()
    clips: Mapping[str, Clip] = field(default_factory=dict)
    mouths: MouthPlan | None = None
    track: SpokenTrack | None = None
    overlay: Callable[[Image, float], None] | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many pictures were not analysed, and the marks of the sound."""

    unseen: int = 0
    sound: bytes = field(default=b"", repr=False)


def render(source: Source, target: Path, settings: Settings, plan: RenderPlan, progress: Progress) -> Written:
    """Make the safe recording.

    Args:
        source: the recording. Of its sound, only the mix that was analysed is written.
        target: the output file; it appears complete or not at all. With the suffix .avi it has 25 frames per second.
        settings: masks, voices, operators, encoder.
        plan: what is masked, changed and redacted.
        progress: called with the share done; may raise to stop.

    Raises:
        InputError: the recording turns out to be unreadable.
        OutputError: the result cannot be written; nothing of it is left.
        UnsafeError: the whole recording would be removed.
    """
    info, cuts = source.info, cuts_of(plan.redactions)
    if cuts and cuts(info.duration) < LEAST_LEFT:
        raise UnsafeError(
            "the policy removes private words, and the whole recording is private",
            "choose beep or silence in the policy",
        )
    rate = rate_of(info) if info.has_audio else None
    channels = min(2, max(1, info.channels))
    make = AviWriter if target.suffix == ".avi" else SafeWriter
    marks, unseen = SoundMarks(), 0
    with make(target, info, rate, channels, settings.capture) as writer:
        sound: Iterator[tuple[float, FloatArray]] = iter(())
        if rate:
            safe = safe_sound(source.sound, plan.redactions, settings, plan.clips, plan.voices, plan.track)
            sound = in_channels(safe, source.sound.sample_rate, rate, channels)

        def write(block: FloatArray) -> None:
            marks.add(block[:, 0])
            writer.write_audio(block)

        if info.has_video:
            with SoundAhead(sound, write) as ahead:
                unseen = _pictures(source, settings, plan, _Output(writer, ahead, cuts), progress)
        for start, block in sound:  # all of it, where there are no pictures
            write(block)
            progress(min(1.0, start / info.duration) if info.duration else 0.0)
    return Written(unseen, marks.all())


@dataclass(frozen=True, slots=True)
class _Output:
    """Where pictures go: to ``writer``, after the sound, at the times given by ``cuts``."""

    writer: SafeWriter | AviWriter
    sound: SoundAhead
    cuts: TimeMap


def _pictures(source: Source, settings: Settings, plan: RenderPlan, output: _Output, progress: Progress) -> int:
    """Write all pictures, masked; returns how many of them were not analysed."""
    info, cuts, unseen = source.info, output.cuts, 0
    for t, picture, looked in masked_pictures(source, settings, plan):
        unseen += not looked
        output.sound.until(cuts(t) + AHEAD)
        output.writer.write_frame(cuts(t), picture)
        progress(min(0.99, t / info.duration) if info.duration else 0.0)
    output.sound.until(float("inf"))
    return unseen


def masked_pictures(
    source: Source, settings: Settings, plan: RenderPlan, span: tuple[float, float | None] = (0.0, None)
) -> Iterator[tuple[float, Image, bool]]:
    """The pictures as they are written: time (s) in ``source``, picture, and whether it was analysed.

    Args:
        source: the recording.
        settings: masks, decoder.
        plan: what is masked. Pictures that it cuts out are left out.
        span: from when to when, s; None: to the end.
    """
    cuts = cuts_of(plan.redactions)
    video = VideoFile(source.path, info=source.info, settings=settings.capture)
    masks, mask = MaskPlan(plan.faces.tracks, video.size, settings.vision.mask), masker(settings.vision.mask)
    whole = np.array([[0, 0, *video.size]], np.float32)
    # Solid, whatever the faces' mask is: mosaic cells that brighten and darken with the mouth can be read.
    cover = masker(settings.vision.mask.model_copy(update={"style": "solid"}))
    for t, picture in video.frames(start=max(0.0, span[0]), stop=span[1]):
        if not cuts.keeps(t):
            continue
        # A decoder that stopped early in the first pass may not do so in this one.
        looked = _looked_at(plan.faces.times, t)
        mask(picture, *(masks.regions(t) if looked else (whole,)))
        if plan.mouths is not None:
            cover(picture, plan.mouths.boxes(t))
        if plan.overlay is not None:
            plan.overlay(picture, t)
        yield t, picture, looked


def _looked_at(times: npt.NDArray[np.float64], t: float) -> bool:
    """Whether a picture at ``t`` is among ``times`` ``[F]``, both seconds."""
    at = int(np.searchsorted(times, t - SAME))
    return at < len(times) and float(times[at]) <= t + SAME


def rate_of(info: MediaInfo) -> int:
    """Samples per second of the safe sound: the recording's own, within what AAC allows."""
    return min(max(info.sample_rate, LEAST_RATE), MOST_RATE) if info.sample_rate else MOST_RATE


def safe_sound(
    audio: Audio,
    redactions: Sequence[Redaction],
    settings: Settings,
    clips: Mapping[str, Clip] | None = None,
    voices: VoicePlan | None = None,
    track: SpokenTrack | None = None,
) -> Iterator[FloatArray]:
    """The safe form of the analysed sound: consecutive blocks ``[n]`` at its rate, without removed parts.

    Args:
        audio: the sound that was analysed. Nothing else is ever written.
        redactions: the words that must not be heard.
        settings: operators and voices.
        clips: what is said in place of redacted names, by redaction's id.
        voices: who is heard in which voice and when; None: everybody in their own.
        track: what is said again in other voices; only used with ``voices``.
    """
    rate = audio.sample_rate
    redact, cuts = Redactor(redactions, settings.redaction, clips), cuts_of(redactions)
    at = 0
    for block in _voiced(audio, redactions, settings, voices, track):
        # Voices first: a beep is not a voice, and must not be converted.
        done = redact(block, at / rate, rate)
        kept = cuts.samples(at, len(block), rate)
        at += len(block)
        yield done if kept is None else done[kept]


def _voiced(
    audio: Audio,
    redactions: Sequence[Redaction],
    settings: Settings,
    voices: VoicePlan | None,
    track: SpokenTrack | None,
) -> Iterator[FloatArray]:
    if voices is None:
        yield from audio.blocks(BLOCK_SECONDS)
        return
    rate = audio.sample_rate
    voice = Renderer(voices, rate, settings.voice)
    # Silence before the voices, too: a converter spreads its input over about 50 ms, beyond the edges of a span.
    hush = Redactor([r.model_copy(update={"operator": "silence"}) for r in redactions], settings.redaction)
    taken = given = 0

    def spoken(block: FloatArray) -> FloatArray:
        nonlocal given
        start, given = given, given + len(block)
        return block if track is None else track(block, start)

    for block in audio.blocks(BLOCK_SECONDS):
        quiet = hush(block, taken / rate, rate)
        taken += len(block)
        yield spoken(voice(quiet))
    yield spoken(voice.flush())


def in_channels(blocks: Iterable[FloatArray], rate: int, to: int, channels: int) -> Iterator[tuple[float, FloatArray]]:
    """Convert mono ``blocks`` at ``rate`` Hz for the file: ``(start in s, [n, channels])`` at ``to`` Hz.

    All channels hold the same sound, so comparing them reveals nothing.
    """
    resample = StreamResampler(rate, to)
    given = 0

    def shaped(block: FloatArray) -> tuple[float, FloatArray]:
        nonlocal given
        start, given = given / to, given + len(block)
        return start, np.repeat(block[:, None], channels, axis=1)

    for block in blocks:
        yield shaped(resample(block))
    yield shaped(resample.flush())
