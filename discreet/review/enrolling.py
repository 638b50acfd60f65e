"""Enrolling somebody from the recording they are in: their best pictures and turns, kept in memory alone.

The templates come from the recording itself, for in the result a stranger is masked and has another voice. Other faces
in a picture are blanked, and a turn in which somebody else speaks as well is left out: templates are of one person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from capture import Image, VideoFile
from discreet.pipeline.source import Source
from registered import Clip, Video
from timeline import REMOVE, ArrayAudio, Audio, InputError, Segment, Timeline, Track, subtract, union

MOST_PICTURES = 24
"""Pictures that are looked at; the enrolment keeps the best and most varied of them."""
APART = 0.5
"""Seconds between two pictures: neighbours are alike."""
AROUND = 1.5
"""Sides of what is cut out, in those of the face: enough for the recogniser's alignment."""
MOST_SOUND = 60.0
"""Seconds of speech; voiceprints hardly gain from more."""
LEAST_TURN = 1.0
"""Seconds that a turn must last: shorter ones tell little about a voice."""
LEAST_CONFIDENCE = 0.5
"""Confidence that a turn is this person's."""
Row = tuple[float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Samples:
    """What somebody can be enrolled from; empty lists where nothing fits."""

    videos: Sequence[Video]
    clips: Sequence[Clip]


def samples_of(person: str, timeline: Timeline, source: Source) -> Samples:
    """The best of somebody in a recording.

    Args:
        person: id in ``timeline``.
        timeline: the whole document of the result, with the boxes of masked faces.
        source: the recording that it was made from.

    Raises:
        InputError: nobody has that id or they are enrolled already, parts were cut out of the recording, or it
            cannot be read.
    """
    found = next((one for one in timeline.people if one.id == person), None)
    if found is None or found.registered:
        raise InputError("nobody in this recording can be enrolled by that id", "choose somebody who is not enrolled")
    if any(redaction.operator == REMOVE for redaction in timeline.redactions):
        raise InputError(
            "parts were cut out of this recording, so its times are not those of the results",
            "enrol from photos and a voice clip: discreet enroll",
        )
    boxes = best_boxes([track for track in timeline.tracks if track.person == person])
    others = [track for track in timeline.tracks if track.person != person]
    videos = [Video("the recording", Pictures(boxes, others, source))] if boxes and source.info.has_video else []
    turns = own_turns(person, timeline) if source.info.has_audio else []
    return Samples(videos, [Clip("the recording", heard(turns, source.sound))] if turns else [])


def best_boxes(tracks: Sequence[Track]) -> list[Row]:
    """The largest boxes of a face, ``APART`` seconds from each other, by time."""
    chosen: list[Row] = []
    for box in sorted((box for track in tracks for box in track.boxes), key=lambda box: (-box[3] * box[4], box[0])):
        if box[3] > 0 and box[4] > 0 and all(abs(box[0] - other[0]) >= APART for other in chosen):
            chosen.append(box)
            if len(chosen) == MOST_PICTURES:
                break
    return sorted(chosen)


@dataclass(frozen=True, slots=True)
class Pictures:
    """The face in each box, cut out of the recording, with other faces blanked; read anew by every pass.

    Attributes:
        boxes: of the face.
        others: tracks of all other faces.
        source: the recording. A pass raises InputError if it is damaged.
    """

    boxes: Sequence[Row]
    others: Sequence[Track]
    source: Source

    def __iter__(self) -> Iterator[tuple[float, Image]]:
        """Time and picture."""
        video = VideoFile(self.source.path, info=self.source.info, settings=self.source.settings)
        for box in self.boxes:
            frames = video.frames(start=max(0.0, box[0] - 0.002))
            found = next(frames, None)
            frames.close()  # type: ignore[attr-defined]
            if found is not None:
                beside = [b for track in self.others if (b := _box_at(track, box[0])) is not None]
                yield box[0], cut_out(found[1], box, beside)


def cut_out(picture: Image, box: Row, others: Sequence[Row]) -> Image:
    """The surroundings of ``box``, black where another face is."""
    plain = picture.copy()
    for other in others:
        left, top, right, bottom = _sides(other, 1.0, plain.shape)
        plain[top:bottom, left:right] = 0
    own = _sides(box, 1.0, plain.shape)  # what lies upon the face itself stays: it is in front
    plain[own[1] : own[3], own[0] : own[2]] = picture[own[1] : own[3], own[0] : own[2]]
    left, top, right, bottom = _sides(box, AROUND, plain.shape)
    return np.ascontiguousarray(plain[top:bottom, left:right])


def own_turns(person: str, timeline: Timeline) -> list[Segment]:
    """Where this person speaks alone, the longest turns first until there is enough, by time."""
    others = union(Segment(turn.start, turn.end) for turn in timeline.turns if turn.person != person)
    sure = [
        Segment(turn.start, turn.end)
        for turn in timeline.turns
        if turn.person == person and turn.confidence >= LEAST_CONFIDENCE
    ]
    alone = [part for part in subtract(union(sure), others) if part.duration >= LEAST_TURN]
    chosen: list[Segment] = []
    for part in sorted(alone, key=lambda part: -part.duration):
        if sum(one.duration for one in chosen) >= MOST_SOUND:
            break
        chosen.append(part)
    return sorted(chosen, key=lambda part: part.start)


def heard(spans: Sequence[Segment], audio: Audio) -> ArrayAudio:
    """The sound of spans, one after the other. Raises InputError if it cannot be read."""
    rate, at, parts = audio.sample_rate, 0, [np.zeros(0, np.float32)]
    for block in audio.blocks(10.0):
        for span in spans:
            first, last = round(span.start * rate) - at, round(span.end * rate) - at
            parts.append(block[max(0, first) : max(0, last)].copy())
        at += len(block)
        if at >= spans[-1].end * rate:
            break
    return ArrayAudio(np.concatenate(parts), rate)


def _box_at(track: Track, t: float) -> Row | None:
    if not track.boxes or not track.start <= t <= track.end:
        return None
    return min(track.boxes, key=lambda box: abs(box[0] - t))


def _sides(box: Row, around: float, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    _, x, y, width, height = box
    side_x, side_y = around * width / 2, around * height / 2
    middle_x, middle_y = x + width / 2, y + height / 2
    left, right = round(middle_x - side_x), round(middle_x + side_x)
    top, bottom = round(middle_y - side_y), round(middle_y + side_y)
    return max(left, 0), max(top, 0), min(max(right, 0), shape[1]), min(max(bottom, 0), shape[0])
