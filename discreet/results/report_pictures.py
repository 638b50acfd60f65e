"""A picture of each person as the safe recording shows them: people masked there are masked here."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from capture import CaptureSettings, Image, VideoFile, probe
from timeline import Segment, Timeline, Track, union

SIDE = 128
"""Height and width of a picture, px."""
GRID = 8
"""The frame of a picture is rounded to this many px, so that it does not reveal a masked face's exact place."""
AROUND = 2.2
"""Side of a picture relative to the face's."""
MOST = 60
"""Most people with a picture; reading one takes a second."""
QUALITY = 85
AWAY = 0.5
"""Seconds from words that were taken out, over which mouths are covered: a picture is taken elsewhere if it can be."""
Frame = tuple[int, int, int, int]
"""x, y, width, height in px of the recording."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """One picture: whose, when (s), where in the safe recording, and the JPEG file itself."""

    person: str
    at: float
    frame: Frame
    jpeg: bytes


def portraits(safe: Path, timeline: Timeline, settings: CaptureSettings) -> list[Portrait]:
    """A picture of everybody whose face is known, taken from the safe recording alone.

    Args:
        safe: the recording.
        timeline: its document with the boxes of all faces; without them, masked people have no picture.
        settings: how the recording is read.

    Raises:
        InputError: the recording cannot be read.
    """
    if not timeline.recording.width:
        return []
    info = probe(safe, settings)
    video = VideoFile(safe, info=info, settings=settings)
    covered = union(Segment(r.start, r.end).grown(AWAY) for r in timeline.redactions if r.kind == "word")
    found = []
    for person in timeline.people[:MOST]:
        chosen = _best([track for track in timeline.tracks if track.person == person.id], covered)
        if chosen is None:
            continue
        at, frame = chosen[0], _around(chosen[1:], (info.width, info.height))
        picture = picture_at(video, at)
        if picture is None:
            continue
        done, jpeg = cv2.imencode(".jpg", cut(picture, frame), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        if done:
            found.append(Portrait(person.id, at, frame, jpeg.tobytes()))
    return found


def picture_at(video: VideoFile, at: float) -> Image | None:
    """The picture that is shown at a time, s; None if there is none. Raises InputError if it cannot be read."""
    pictures = video.frames(start=max(0.0, at - 0.002))
    found = next(pictures, None)
    pictures.close()  # type: ignore[attr-defined]
    return None if found is None else found[1]


def cut(picture: Image, frame: Frame) -> Image:
    """The part of a picture within ``frame``, resized to ``SIDE`` px square; black beyond the picture's edges."""
    x, y, width, height = frame
    part = np.zeros((height, width, 3), np.uint8)
    tall, wide = picture.shape[:2]
    left, top, right, bottom = max(x, 0), max(y, 0), min(x + width, wide), min(y + height, tall)
    if right > left and bottom > top:
        part[top - y : bottom - y, left - x : right - x] = picture[top:bottom, left:right]
    return np.asarray(cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def _best(tracks: Sequence[Track], covered: Sequence[Segment] = ()) -> tuple[float, float, float, float, float] | None:
    """Time and box of the largest face, in tracks that are shown if there are any, else in masked ones.

    Faces at times that are ``covered`` (s; disjoint, in order) are taken where there are no others.
    """
    shown = [track for track in tracks if not track.masked and track.boxes]
    boxes = [box for track in shown or tracks for box in track.boxes if box[3] > 0 and box[4] > 0]
    starts = [span.start for span in covered]
    free = [box for box in boxes if not (at := bisect_right(starts, box[0])) or box[0] > covered[at - 1].end]
    return max(free or boxes, key=lambda box: (box[3] * box[4], -box[0]), default=None)


def _around(box: Sequence[float], size: tuple[int, int]) -> Frame:
    x, y, width, height = box
    side = max(GRID, round(AROUND * max(width, height) / GRID) * GRID)
    left = round((x + width / 2 - side / 2) / GRID) * GRID
    top = round((y + height / 2 - side / 2) / GRID) * GRID
    # Within the picture, as far as possible.
    left, top = (max(0, min(at, most - side)) for at, most in ((left, size[0]), (top, size[1])))
    return left, top, side, side
