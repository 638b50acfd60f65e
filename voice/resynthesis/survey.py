"""Measures what resynthesis needs of a recording: levels, pitch contours and the room tone; no sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from timeline import Audio, FloatArray, Progress, silent
from voice.resynthesis.contour import USUAL, PitchRange, pitch_of, pitch_range
from voice.resynthesis.phrases import Phrase
from voice.resynthesis.room_tone import SILENT_ROOM, RoomTone, RoomToneMeter
from voice.resynthesis.settings import LEAST_SPEECH, LEVEL_STEP, LOW_BELOW, MOST_SPEECH

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SoundSurvey:
    """Everything about a recording's sound that goes into its resynthesis.

    Attributes:
        levels: ``[P]``, level of each phrase, RMS of full scale, in steps of 1 dB.
        pitches: pitch of each phrase every 12.5 ms, Hz; nan where there is none.
        ranges: person -> their pitch range; people without pitch are missing.
        room: the noise of the room.
    """

    levels: Numbers
    pitches: Sequence[Numbers]
    ranges: Mapping[str | None, PitchRange] = field(default_factory=dict)
    room: RoomTone = SILENT_ROOM

    def range(self, person: str | None) -> PitchRange:
        """A person's pitch range; :data:`USUAL` if nothing is known."""
        return self.ranges.get(person, USUAL)

    def low(self, person: str | None) -> bool:
        """Whether the person has a low voice."""
        return self.range(person).median < float(np.log(LOW_BELOW))


def survey(
    audio: Audio, phrases: Sequence[Phrase], progress: Progress = silent, before: SoundSurvey | None = None
) -> SoundSurvey:
    """Measure a recording in one pass.

    Args:
        audio: the recording.
        phrases: what is said, sorted by start.
        progress: called with the share done.
        before: an earlier survey of the recording. Its ranges and room are kept, so that phrases that did not change
            sound the same again.
    """
    meter = RoomToneMeter(audio.sample_rate)
    levels, pitches = np.zeros(len(phrases)), [np.zeros(0)] * len(phrases)
    for number, sound in _cut(audio, phrases, meter, progress):
        levels[number] = _stepped(loudness(sound, audio.sample_rate))
        pitches[number] = pitch_of(sound, audio.sample_rate)
    ranges: dict[str | None, PitchRange] = {}
    for person in {phrase.person for phrase in phrases}:
        own = [pitch for phrase, pitch in zip(phrases, pitches, strict=True) if phrase.person == person]
        found = pitch_range(np.concatenate(own))
        if found is not None:
            ranges[person] = found
    if before is not None:
        return SoundSurvey(levels, pitches, {**ranges, **before.ranges}, before.room)
    return SoundSurvey(levels, pitches, ranges, meter.tone())


def _cut(
    audio: Audio, phrases: Sequence[Phrase], meter: RoomToneMeter, progress: Progress
) -> Iterator[tuple[int, FloatArray]]:
    """Number and sound of each phrase, as soon as it was read; only what open phrases need is kept."""
    rate, at, waiting = audio.sample_rate, 0, list(range(len(phrases)))
    held: FloatArray = np.zeros(0, np.float32)
    for block in audio.blocks():
        meter(block)
        held = np.concatenate([held, block])
        read = at + len(held)
        still = []
        for number in waiting:
            first, last = round(phrases[number].start * rate), round(phrases[number].end * rate)
            if last <= read:
                yield number, held[max(0, first - at) : max(0, last - at)]
            else:
                still.append(number)
        waiting = still
        # Phrases are sorted by start: nothing before the first that is waiting is needed any more.
        need = min((round(phrases[number].start * rate) for number in waiting[:64]), default=read)
        drop = max(0, min(need, read) - at)
        held, at = held[drop:], at + drop
        progress(min(1.0, read / rate / max(audio.duration, 1e-9)))
    for number in waiting:
        yield number, held[max(0, round(phrases[number].start * rate) - at) :]


def loudness(samples: FloatArray, rate: int) -> float:
    """RMS of the louder half of the 20 ms frames: of the speech, not of its pauses."""
    hop = max(1, rate // 50)
    frames = np.asarray(samples[: len(samples) // hop * hop], np.float64).reshape(-1, hop)
    if not len(frames):
        return 0.0
    power = np.sort(np.square(frames).mean(axis=1))
    return float(np.sqrt(power[len(power) // 2 :].mean()))


def _stepped(level: float) -> float:
    decibels = 20 * np.log10(np.clip(level, LEAST_SPEECH, MOST_SPEECH))
    return float(10 ** (np.rint(decibels / LEVEL_STEP) * LEVEL_STEP / 20))
