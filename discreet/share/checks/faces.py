"""Bare faces of people who did not agree to be seen, in a recording that is about to leave.

Only the pictures decide whether a face is bare: what the document says of masks is not believed. A face may be seen
where the document shows somebody who may be seen, and, where people are enrolled, only if it is not more like
somebody else who may not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from capture import CaptureSettings, VideoFile, probe
from registered import Gallery
from sharing import Finding
from timeline import InputError, Timeline
from vision import Detections, FaceRecogniser, Floats, Image

STEP = 2
"""Every other picture is looked at, so that a face that is bare for five is looked at twice."""
SURE = 0.7
"""Score (scale of ``vision.make_detector``) from which a detection is taken for a bare face: CenterFace gives bare
faces of composed meetings .82 and more, masked ones .66 at most."""
LOOKS = 2
"""Looks at one place that make a finding: one alone may be noise of a mask, which changes with every picture."""
GAP = 2
"""Looks that a face may be missed for and still be the same sighting."""
NEAR = 0.2
"""Overlap (IoU) with the last sighting from which on it is the same face."""
GROWN = 0.35
"""Share by which the box of a shown face is larger to its sides: detectors differ in where a face ends."""
EDGE_S = 0.5
"""Seconds before and after a shown track in which a face in its place is still that person's: they turn away, and one
detector loses them earlier than the other."""
OTHER_LOOKS = 3
"""Looks in which a shown face has to be like somebody else: single pictures mislead recognisers."""
MORE_LIKE = 0.1
"""By how much more (cosine) a face has to be like them than like anybody who may be seen."""
REMEDY = "mask it: process the recording again, and watch that moment"

Search = Callable[[Image], Detections]
"""Finds faces in a picture, with scores on the scale of ``vision.make_detector``."""


@dataclass(frozen=True)
class Recognition:
    """How a face is compared with enrolled people.

    Attributes:
        recogniser: makes embeddings.
        gallery: templates of the same model.
        hidden: ids in it of people who may not be seen.
        same: cosine from which on two pictures show one person.
    """

    recogniser: FaceRecogniser
    gallery: Gallery
    hidden: frozenset[str]
    same: float

    def other(self, picture: Image, faces: Detections) -> Sequence[float]:
        """For each face how like it is to somebody who may not be seen; 0 where it is more like somebody else."""
        if not len(faces) or not len(self.gallery):
            return [0.0] * len(faces)
        embeddings, _ = self.recogniser(picture, faces)
        likeness = self.gallery.similarity(embeddings, top=2)
        mine = np.array([id in self.hidden for id in self.gallery.ids])
        hidden = likeness[:, mine].max(axis=1, initial=-1.0)
        allowed = likeness[:, ~mine].max(axis=1, initial=-1.0)
        told = (hidden >= self.same) & (hidden >= allowed + MORE_LIKE)
        return [float(score) for score in np.where(told, hidden, 0.0)]


@dataclass(frozen=True)
class BareFaces:
    """Looks for bare faces; a :class:`sharing.Checker`.

    Attributes:
        search: finds faces; another detector than the run's, if one is here.
        seen: ids in a document of those who may be seen.
        recognition: tells shown faces apart; None where nobody with a template may not be seen.
        settings: how recordings are read.
    """

    search: Search
    seen: Callable[[Timeline], frozenset[str]]
    recognition: Recognition | None = None
    settings: CaptureSettings = field(default_factory=CaptureSettings)

    def __call__(self, path: Path, name: str, timeline: Timeline) -> Sequence[Finding]:
        """One finding for each sighting. Raises InputError or ModelError if the pictures could not be looked at."""
        if path.suffix == ".wav":
            return []
        if path.suffix not in (".mp4", ".m4a"):
            raise InputError("this kind of file cannot be checked for faces", "leave it out")
        info = probe(path, self.settings)
        if not info.has_video:
            return []
        shown = Shown(timeline, self.seen(timeline), (info.width, info.height))
        bare, taken = Sightings(LOOKS), Sightings(OTHER_LOOKS)
        video = VideoFile(path, info=info, settings=self.settings)
        for t, picture in islice(video, 0, None, STEP):
            faces = self.search(picture)
            faces = faces.take(np.flatnonzero(faces.scores >= SURE))
            allowed = shown.hold(t, faces.boxes)
            bare.look(t, faces.boxes[~allowed], faces.scores[~allowed])
            taken.look(t, *self._others(picture, faces.take(np.flatnonzero(allowed))))
        if video.truncated or video.damaged:
            raise InputError("some of its pictures cannot be decoded", "make the file anew")
        reasons = ((bare, "a face is bare that nobody agreed to show"), (taken, "the face of somebody else is shown"))
        return [
            Finding(kind="face", file=name, place=place, score=score, reason=reason, remedy=REMEDY)
            for sightings, reason in reasons
            for place, score in sightings.found()
        ]

    def _others(self, picture: Image, faces: Detections) -> tuple[Floats, Floats]:
        likeness = np.array(self.recognition.other(picture, faces) if self.recognition else [0.0] * len(faces))
        return faces.boxes[likeness > 0], likeness[likeness > 0].astype(np.float32)


class Shown:
    """Where a document says that faces are shown of people who may be seen.

    Args:
        timeline: the document; its boxes are in px of its recording's picture.
        seen: ids in it of those who may be seen.
        size: width and height (px) of the picture that is looked at.
    """

    def __init__(self, timeline: Timeline, seen: frozenset[str], size: tuple[int, int]) -> None:
        of = timeline.recording
        self._scale = np.array([size[0] / (of.width or size[0]), size[1] / (of.height or size[1])] * 2)
        self._tracks = [
            np.array(track.boxes, np.float64)
            for track in timeline.tracks
            if not track.masked and track.person in seen and track.boxes
        ]

    def hold(self, t: float, boxes: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """``[N]`` whether each of ``boxes`` ``[N, 4]`` px is one of them at ``t`` (s)."""
        out = np.zeros(len(boxes), np.bool_)
        centres = boxes[:, :2] + boxes[:, 2:] / 2
        for rows in self._tracks:
            if rows[0, 0] - EDGE_S <= t <= rows[-1, 0] + EDGE_S:
                x, y, w, h = self._scale * [np.interp(t, rows[:, 0], rows[:, k]) for k in range(1, 5)]
                middle, reach = np.array([x + w / 2, y + h / 2]), (0.5 + GROWN) * np.array([w, h])
                near = (np.abs(centres - middle) <= reach).all(axis=1)
                out |= near & (boxes[:, 2] <= 2.2 * w) & (boxes[:, 3] <= 2.2 * h)
        return out


@dataclass
class _Sighting:
    box: Floats
    first: float
    last: float
    looks: int
    missed: int
    score: float


class Sightings:
    """Joins what single looks find into sightings, one a face and stretch of time.

    Args:
        least: looks that make one.
    """

    def __init__(self, least: int) -> None:
        self._least = least
        self._open: list[_Sighting] = []
        self._done: list[_Sighting] = []

    def look(self, t: float, boxes: Floats, scores: Floats) -> None:
        """Take in one look at ``t`` (s): ``boxes`` ``[N, 4]`` px and ``scores`` ``[N]``."""
        for sighting in self._open:
            sighting.missed += 1
        for box, score in zip(boxes, scores, strict=True):
            near = [one for one in self._open if _overlap(one.box, box) >= NEAR]
            if near:
                one = near[0]
                one.looks += one.missed > 0
                one.box, one.last, one.missed, one.score = box, t, 0, max(one.score, float(score))
            else:
                self._open.append(_Sighting(box, t, t, 1, 0, float(score)))
        self._done += [one for one in self._open if one.missed > GAP and one.looks >= self._least]
        self._open = [one for one in self._open if one.missed <= GAP]

    def found(self) -> Iterator[tuple[str, float]]:
        """Place and score of each, in the order of time."""
        every = [*self._done, *(one for one in self._open if one.looks >= self._least)]
        for one in sorted(every, key=lambda one: one.first):
            x, y, w, h = (round(float(v)) for v in one.box)
            yield f"{one.first:.1f} to {one.last:.1f} s, {w} x {h} px at {x}, {y}", min(1.0, one.score)


def _overlap(one: Floats, other: Floats) -> float:
    """Intersection over union of two boxes ``[4]``."""
    low = np.maximum(one[:2], other[:2])
    high = np.minimum(one[:2] + one[2:], other[:2] + other[2:])
    common = float(np.prod(np.maximum(high - low, 0.0)))
    return common / max(float(one[2] * one[3] + other[2] * other[3]) - common, 1e-9)
