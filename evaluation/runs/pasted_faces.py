"""Does a real face within another one pass for a part of it? ``python -m evaluation.runs.pasted_faces [--count N]``.

Faces of the media's photos, small, blurred or dark, are pasted onto the faces of other people. Counted is how many are
found as a second face, how many of those lie and score as a part of the first face would (its own score must stay
high), and how many would, by their crop, be taken for one: those that :mod:`vision.offline.false_faces` would let go
if they kept still for as long as they are seen. There must be none.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from evaluation.data import composed
from vision import Detector, FaceRecogniser, Floats, Image, VisionSettings, make_detector, make_recogniser
from vision.offline import without_false_faces
from vision.tracking import Tracklet
from weights import Store

SIDE = 448
"""Side of the pictures, px."""
SHARES = (0.25, 0.65)
"""Side of a pasted face, in sides of the face it is pasted onto."""
_AROUND = 0.25
_LOOKS = 4


@dataclass(frozen=True, slots=True, eq=False)
class PastedFace:
    """A face in a picture: whose, and its box (px)."""

    person: str
    picture: Image
    box: Floats


def _faces(detector: Detector) -> list[PastedFace]:
    out = []
    for person in composed.everybody():
        for path in sorted(composed.person_folder(person).glob("face*.jpg")):
            photo = cv2.imread(str(path))
            if photo is None:
                continue
            picture = np.asarray(cv2.resize(photo, (SIDE, SIDE)), np.uint8)
            found = detector(picture, 0.5)
            if len(found):
                out.append(PastedFace(person, picture, found.boxes[0]))
    return out


def pasted(host: PastedFace, guest: PastedFace, dice: np.random.Generator) -> tuple[Image, Floats]:
    """``guest``'s face somewhere within ``host``'s, worsened at random: the picture, and the pasted face's box (px)."""
    x, y, w, h = guest.box
    top, left = max(0, int(y - _AROUND * h)), max(0, int(x - _AROUND * w))
    crop = guest.picture[top : int(y + h * (1 + _AROUND)), left : int(x + w * (1 + _AROUND))]
    scale = dice.uniform(*SHARES) * np.sqrt(host.box[2:].prod() / (w * h))
    crop = np.asarray(cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    if dice.random() < 0.5:
        crop = np.asarray(cv2.GaussianBlur(crop, (0, 0), dice.uniform(0.5, 3)), np.uint8)
    if dice.random() < 0.5:
        crop = (crop * dice.uniform(0.2, 0.8)).astype(np.uint8)
    size = np.array([w, h]) * scale
    middle = host.box[:2] + size / 2 + dice.uniform(0, 1, 2) * np.maximum(host.box[2:] - size, 1)
    high, wide = crop.shape[:2]
    mask = np.zeros((high, wide), np.float32)
    cv2.ellipse(mask, (wide // 2, high // 2), (wide // 2, high // 2), 0, 0, 360, 1, -1)
    x0, y0 = (int(v) for v in middle - np.array([wide, high]) / 2)
    rows, columns = slice(max(0, y0), min(SIDE, y0 + high)), slice(max(0, x0), min(SIDE, x0 + wide))
    inside = slice(rows.start - y0, rows.stop - y0), slice(columns.start - x0, columns.stop - x0)
    picture, share = host.picture.copy(), mask[inside][..., None]
    picture[rows, columns] = (picture[rows, columns] * (1 - share) + crop[inside] * share).astype(np.uint8)
    return picture, np.asarray([*(middle - size / 2), *size], np.float32)


def _let_go(
    picture: Image, host: PastedFace, at: Floats, detector: Detector, recogniser: FaceRecogniser
) -> tuple[int, int]:
    """Whether the pasted face at box ``at`` is found as a second one, and whether it is let go."""
    found = detector(picture, 0.3)
    middle = found.boxes[:, :2] + found.boxes[:, 2:] / 2
    first = (np.abs(found.boxes[:, 2] / host.box[2] - 1) < 0.35) & (
        np.abs(found.boxes[:, :2] - host.box[:2]).max(axis=1, initial=0) < 0.4 * host.box[2]
    )
    second = ~first & (np.linalg.norm(middle - at[:2] - at[2:] / 2, axis=1) < 0.5 * at[2])
    if not second.any():
        return 0, 0
    if not first.any():
        return 1, 0
    rows = [int(first.argmax()), int(second.argmax())]
    embeddings, quality = recogniser(picture, found.take(rows))
    own, _ = recogniser(host.picture, detector(host.picture, 0.5).take([0]))
    face, part = Tracklet(1), Tracklet(2)
    for look in range(6 * _LOOKS):
        score = float(found.scores[rows[0]])
        face.see(0.12 * look, found.boxes[rows[0]], score, False)
        face.recognise(0.12 * look, own[0], 1.0)
        if 2 * _LOOKS <= look < 3 * _LOOKS:
            part.see(0.12 * look, found.boxes[rows[1]], float(found.scores[rows[1]]), False)
            part.recognise(0.12 * look, embeddings[1], float(quality[1]))
    return 1, int(len(without_false_faces([face, part])) == 1)


def main(argv: Sequence[str] | None = None) -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(prog="evaluation.runs.pasted_faces", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=300, help="faces to paste (default 300)")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    store, settings, dice = Store(), VisionSettings(), np.random.default_rng(args.seed)
    detector, recogniser = make_detector(store, "yunet", settings), make_recogniser(store, "sface", settings)
    faces = _faces(detector)
    seen = gone = tried = 0
    while tried < args.count:
        host, guest = (faces[i] for i in dice.integers(len(faces), size=2))
        if host.person == guest.person:
            continue
        picture, at = pasted(host, guest, dice)
        found, lost = _let_go(picture, host, at, detector, recogniser)
        tried, seen, gone = tried + 1, seen + found, gone + lost
    print(f"{tried} faces pasted onto others: {seen} found as a second face, {gone} taken for a part of the first")


if __name__ == "__main__":
    main()
