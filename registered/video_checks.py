"""Choosing the best frames of a video to enrol from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from registered.enrolment_problems import Problem
from registered.face_checks import GoodFace, check_faces, one_person
from registered.finder_protocols import FaceFinder, Image
from registered.settings import FaceQuality
from timeline import DiscreetError

_ALIKE = 0.97


@dataclass(frozen=True, slots=True, eq=False)
class Video:
    """A video: the user's name for it, and its frames: seconds and uint8 ``[H, W, 3]`` BGR, upright."""

    source: str
    frames: Iterable[tuple[float, Image]]


def check_video(video: Video, find: FaceFinder, settings: FaceQuality) -> tuple[list[GoodFace], list[Problem]]:
    """The best and most varied good frames of one person, or one problem that sums up what is wrong.

    At most ``settings.max_frames`` frames, ``settings.frame_step`` seconds apart, are examined.
    """
    good: list[GoodFace] = []
    wrong: list[Problem] = []
    looked, next_time = 0, float("-inf")
    try:
        for t, image in video.frames:
            if t < next_time:
                continue
            if looked >= settings.max_frames:
                break
            looked, next_time = looked + 1, t + settings.frame_step
            found = check_faces(video.source, image, find(image), settings)
            if isinstance(found, GoodFace):
                good.append(found)
                # A frame in memory is large: hold only as many as may be chosen, plus some in reserve.
                if len(good) > 2 * settings.templates:
                    good.remove(min(good, key=lambda face: face.quality))
            else:
                wrong.append(found[0])
    except DiscreetError as error:
        wrong.append(Problem(video.source, "unreadable", str(error), error.remedy or "choose another video"))
    if not looked:
        wrong = wrong or [Problem(video.source, "unreadable", "holds no picture", "choose another video")]
        return [], wrong[-1:]
    if not good:
        counts = Counter(problem.code for problem in wrong).most_common()
        common = next(problem for problem in wrong if problem.code == counts[0][0])
        summary = ", ".join(f"{code} {count}" for code, count in counts)
        return [], [Problem(video.source, common.code, f"none of {looked} frames is good ({summary})", common.remedy)]
    same, _ = one_person(good, find, settings)
    if not same:
        return [], [Problem(video.source, "another-person", "shows more than one person", "cut it to one person")]
    return _various(same, settings.templates), []


def _various(faces: list[GoodFace], most: int) -> list[GoodFace]:
    """The best faces, without near-duplicates."""
    chosen: list[GoodFace] = []
    for face in sorted(faces, key=lambda face: -face.quality):
        unit = face.embedding / np.linalg.norm(face.embedding)
        if all(float(unit @ c.embedding) < _ALIKE * float(np.linalg.norm(c.embedding)) for c in chosen):
            chosen.append(face)
    return chosen[:most]
