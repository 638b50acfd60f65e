"""Masking in worse pictures: ``python -m evaluation.runs.masking_conditions [MEETING ...] [--seconds S]``.

The first seconds of each composed meeting are changed as another camera, light or connection would: dim, dark,
back-lit, flat, noisy, out of focus, badly compressed, grey, small, large, few frames a second, mirrored, tilted, lying
on the side. Half of the people are enrolled from unchanged photos.

The attacker knows where each face is, from the unchanged frame. Counted are frames:

* *leaks*: a stranger is recognised in the masked frame, as it is or brightened (ArcFace, cosine >= 0.3 to clean crops
  of the same recording), aligned by the known landmarks or as SCRFD finds the face;
* *bare*: less than nine tenths of a stranger's face is masked, recognisable or not;
* *could*: the stranger would be recognised without any mask;
* *visible*: less than a tenth of an enrolled person's face is masked.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np
import numpy.typing as npt

from capture import AudioFile, VideoFile
from evaluation.attacks.reidentify import SAME, ArcFace, Scrfd, known_templates
from evaluation.data.composed import MEETINGS, Composed, gallery, load
from evaluation.data.composed_faces import in_tile
from evaluation.data.picture_conditions import CONDITIONS, Condition, gamma
from evaluation.runs.faces import covered_share
from timeline import FaceTrack
from vision import Detections, FaceFinder, FaceStage, Floats, Image, MaskPlan, VisionSettings, calibrated, masker
from weights import Store

EVERY = 3
"""The attacker analyses every third picture."""
_DARK = 90.0
"""Mean grey value below which the attacker brightens a face."""


def _pictures(meeting: Composed, condition: Condition, count: int) -> Iterator[tuple[int, float, Image, Image]]:
    """Number, time, the picture and the changed one."""
    for index, (t, picture) in enumerate(islice(VideoFile(meeting.path), count)):
        if index % condition.step == 0:
            yield index, t, picture, condition(picture, index)


def _moved(faces: Detections, matrix: npt.NDArray[np.float64]) -> Detections:
    """The faces at their new positions; a box is that around its turned corners."""
    x, y, w, h = faces.boxes.T.astype(np.float64)
    corners = np.stack(
        [np.stack([x, y], 1), np.stack([x + w, y], 1), np.stack([x, y + h], 1), np.stack([x + w, y + h], 1)]
    )
    at = corners @ matrix[:, :2].T + matrix[:, 2]
    low, high = at.min(axis=0), at.max(axis=0)
    points = faces.landmarks @ matrix[:, :2].T + matrix[:, 2]
    return Detections(
        np.concatenate([low, high - low], axis=1).astype(np.float32), points.astype(np.float32), faces.scores
    )


def _brightened(picture: Image, box: Floats) -> Image | None:
    """The picture with the face at a medium grey; None if it is bright enough."""
    x, y, w, h = (int(v) for v in box)
    part = picture[max(0, y) : y + h, max(0, x) : x + w]
    if not part.size or part.mean() >= _DARK:
        return None
    power = np.log(0.45) / np.log(max(part.mean(), 2.0) / 255)
    return gamma(float(power))(picture, 0)


def _recognised(picture: Image, faces: Detections, template: Floats, scrfd: Scrfd, arcface: ArcFace) -> float:
    """The best cosine of the one face in ``faces``, or of what is found at its place, to the template."""
    best = -1.0
    for seen in (picture, _brightened(picture, faces.boxes[0])):
        if seen is None:
            continue
        found = in_tile(scrfd(seen, 0.3), _around(faces.boxes[0]))
        rows = np.concatenate([arcface(seen, faces)[0], arcface(seen, found)[0]])
        best = max(best, float((rows @ template).max()))
    return best


def _around(box: Floats) -> Floats:
    x, y, w, h = box
    return np.array([x - w / 2, y - h / 2, 2 * w, 2 * h], np.float32)


@dataclass
class Row:
    """Counts in frames of one condition."""

    strangers: int = 0
    could: int = 0
    leaks: int = 0
    bare: int = 0
    enrolled: int = 0
    visible: int = 0

    def __str__(self) -> str:
        """The row of the table."""
        share = self.visible / max(1, self.enrolled)
        return f"{self.leaks:6d} {self.bare:6d} {self.could:6d} {self.strangers:6d}   {share:6.1%}"


def measure(
    meeting: Composed,
    condition: Condition,
    store: Store,
    settings: VisionSettings,
    clean: Sequence[Detections],
    templates: Mapping[str, Floats],
) -> Row:
    """Measure one condition: find, mask and attack the faces.

    Args:
        meeting: as many of its pictures are used as there are in ``clean``.
        condition: how they are changed.
        store: with the models.
        settings: of the face stage.
        clean: the faces of every unchanged picture.
        templates: the attacker's templates of the strangers.
    """
    count = len(clean)
    enrolled = meeting.registered()
    known = gallery(FaceFinder.from_store(store, settings), enrolled)
    stage = FaceStage.from_store(store, settings, known, dict.fromkeys(enrolled, True))
    width, height = meeting.size
    size, matrix = condition.size(width, height), condition.matrix(width, height)
    given = ((t, spoilt) for _, t, _, spoilt in _pictures(meeting, condition, count))
    tracks: Sequence[FaceTrack] = stage.run(given, size, meeting.fps / condition.step, AudioFile(meeting.path, 16000))
    scrfd, arcface = Scrfd(store), ArcFace(store)
    plan, draw, row = MaskPlan(tracks, size, settings.mask), masker(settings.mask), Row()
    for number, (index, t, _, spoilt) in enumerate(_pictures(meeting, condition, count)):
        if number % EVERY:
            continue
        boxes = plan.boxes(t)
        covered = np.zeros(spoilt.shape[:2], np.bool_)
        for x, y, w, h in boxes:
            covered[int(y) : int(np.ceil(y + h)), int(x) : int(np.ceil(x + w))] = True
        masked = spoilt.copy()
        draw(masked, boxes)
        for person in meeting.people:
            if index >= len(meeting.tiles[person]) or np.isnan(meeting.tiles[person][index, 0]):
                continue
            face = _moved(in_tile(clean[index], meeting.tiles[person][index]), matrix)
            if not len(face):
                continue
            share = covered_share(covered, face.boxes[0])
            if person in enrolled:
                row.enrolled += 1
                row.visible += share < 0.1
                continue
            row.strangers += 1
            row.bare += share < 0.9
            row.could += _recognised(spoilt, face, templates[person], scrfd, arcface) >= SAME
            if share < 0.999:
                row.leaks += _recognised(masked, face, templates[person], scrfd, arcface) >= SAME
    return row


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("meetings", nargs="*", help="of: " + " ".join(MEETINGS))
    parser.add_argument("--seconds", type=float, default=20.0, help="of each meeting")
    parser.add_argument("--only", action="append", help="a condition, e.g. dark; may be repeated")
    options = parser.parse_args(argv)
    cv2.setNumThreads(1)
    store = Store()
    settings = calibrated(store, VisionSettings())
    settings = settings.model_copy(update={"speaker": settings.speaker.model_copy(update={"scorer": "none"})})
    print(f"{'meeting':14s} {'condition':14s}  leaks   bare  could     of  visible")
    for name in options.meetings or MEETINGS:
        meeting = load(name)
        count = round(options.seconds * meeting.fps)
        scrfd, arcface = Scrfd(store), ArcFace(store)
        clean = [scrfd(picture, 0.5) for _, picture in islice(VideoFile(meeting.path), count)]
        strangers = [person for person in meeting.people if person not in meeting.registered()]
        templates = known_templates(meeting, strangers, scrfd, arcface)
        for condition in CONDITIONS:
            if not options.only or condition.name in options.only:
                row = measure(meeting, condition, store, settings, clean, templates)
                print(f"{name:14s} {condition.name:14s} {row}", flush=True)


if __name__ == "__main__":
    main()
