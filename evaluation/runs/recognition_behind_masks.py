"""Recognise people behind masks: ``python -m evaluation.runs.recognition_behind_masks``.

The face is also restored first, as well as an attacker can.

The attacker knows the eight people of the media from photos, and knows where each face is: landmarks come from clean
frames of the composed meetings. The mask is drawn as by the product; the face is restored, aligned by the landmarks and
compared with the photos by ArcFace and by SFace. *Rank-1* is the share of faces whose most similar person is the right
one. *Chance* is the best result of always naming one person. Attempts: none; scaling to the mask's cells and smoothly
up again; unsharp masking against a Gaussian blur. For the interval, all faces of one person in one second count as one.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

from capture import VideoFile
from evaluation.attacks.reidentify import ArcFace, Scrfd
from evaluation.data.composed import MEETINGS, gallery, load
from evaluation.data.composed_faces import in_tile
from evaluation.metrics.intervals import wilson
from registered import Gallery
from vision import (
    Detections,
    FaceFinder,
    FaceRecogniser,
    Floats,
    Image,
    MaskSettings,
    VisionSettings,
    make_recogniser,
    masker,
)
from vision.detection import FaceSearch
from vision.masking import head
from vision.recognition import EnrolledFaces
from weights import Store

LOOKS: dict[str, MaskSettings | None] = {
    "clean": None,
    "mosaic": MaskSettings(),
    "mosaic, 6 cells": MaskSettings(cells=6),
    "mosaic, 8 cells": MaskSettings.model_construct(cells=8),
    "mosaic, head": MaskSettings(shape="head"),
    "solid": MaskSettings(style="solid"),
    "avatar": MaskSettings(style="avatar"),
    "blur": MaskSettings(style="blur"),
}


def plain(picture: Image, face: Floats) -> Image:
    """Unchanged."""
    return picture


def smooth(picture: Image, face: Floats) -> Image:
    """Scaled down to one pixel for each cell of the mask, and up again."""
    scale = 8.0 / max(float(face[2]), 1.0)
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, picture.shape[1::-1], interpolation=cv2.INTER_CUBIC), np.uint8)


def sharp(picture: Image, face: Floats) -> Image:
    """Unsharp masking at two scales."""
    out = picture.astype(np.float32)
    for sigma, much in ((float(face[2]) / 12, 2.0), (float(face[2]) / 6, 1.5)):
        out += much * (out - cv2.GaussianBlur(out, (0, 0), max(0.5, sigma)))
    return np.asarray(np.clip(out, 0, 255), np.uint8)


ATTEMPTS: dict[str, Callable[[Image, Floats], Image]] = {"none": plain, "scaled": smooth, "sharpened": sharp}


@dataclass
class Hits:
    """Counts: faces, recognised faces, the seconds they are from, and how often each person was the truth."""

    faces: int = 0
    right: int = 0
    seconds: set[tuple[str, str, int]] = field(default_factory=set)
    truth: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def probes(names: list[str], every: int, scrfd: Scrfd) -> Iterator[tuple[str, str, float, Image, Detections]]:
    """``(meeting, person, t, picture, face)`` of every ``every``-th clean picture."""
    for name in names:
        meeting = load(name)
        for index, (t, picture) in enumerate(VideoFile(meeting.path)):
            if index % every:
                continue
            faces = scrfd(picture, 0.6)
            for person in meeting.people:
                if index < len(meeting.tiles[person]) and not np.isnan(meeting.tiles[person][index, 0]):
                    own = in_tile(faces, meeting.tiles[person][index])
                    if len(own):
                        yield name, person, t, picture, own


def main() -> None:
    """Print a line for every look, attempt and recogniser."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("meetings", nargs="*", default=list(MEETINGS), help="of: " + " ".join(MEETINGS))
    parser.add_argument("--every", type=int, default=25, help="pictures from one probe to the next")
    options = parser.parse_args()
    store, settings = Store(), VisionSettings()
    scrfd = Scrfd(store)
    people = tuple(sorted({p for name in MEETINGS for p in load(name).people}))
    attackers: dict[str, tuple[FaceRecogniser, Gallery]] = {}
    for recogniser in (ArcFace(store), make_recogniser(store, "sface")):
        finder = FaceFinder(FaceSearch(scrfd, settings.detect), recogniser, 0.3)
        attackers[recogniser.id] = (recogniser, gallery(finder, people))
    counts: dict[tuple[str, str, str], Hits] = defaultdict(Hits)
    draws = {look: masker(mask) if mask is not None else None for look, mask in LOOKS.items()}
    for name, person, t, picture, face in probes(options.meetings, options.every, scrfd):
        regions = head(face.boxes, settings.mask)
        for look, draw in draws.items():
            masked = picture.copy()
            if draw is not None:
                draw(masked, regions)
            for attempt, restore in ATTEMPTS.items():
                part, moved = _around(masked, regions[0], face)
                restored = restore(part, face.boxes[0])
                for id, (recogniser, known) in attackers.items():
                    said = EnrolledFaces.of(known)
                    best = said.ids[int(said.similarity(recogniser(restored, moved)[0])[0].argmax())]
                    hits = counts[look, attempt, id]
                    hits.faces, hits.right = hits.faces + 1, hits.right + (best == person)
                    hits.seconds.add((name, person, int(t)))
                    hits.truth[person] += 1
    for (look, attempt, id), hits in counts.items():
        chance = max(hits.truth.values()) / hits.faces
        low, high = wilson(round(hits.right * len(hits.seconds) / hits.faces), len(hits.seconds))
        print(
            f"{look:16s} restored: {attempt:10s} {id:12s} rank-1 {hits.right / hits.faces:.1%} of {hits.faces}"
            f" ({low:.1%} to {high:.1%}), chance {chance:.1%}",
            flush=True,
        )


def _around(picture: Image, region: Floats, face: Detections) -> tuple[Image, Detections]:
    """The part of a picture around a region, and the face in its coordinates."""
    x, y, w, h = (float(v) for v in region)
    left, top = max(0, int(x - w / 4)), max(0, int(y - h / 4))
    part = picture[top : int(y + 1.25 * h), left : int(x + 1.25 * w)]
    return np.ascontiguousarray(part), face.moved(1.0, -left, -top)


if __name__ == "__main__":
    main()
