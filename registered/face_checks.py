"""Checking whether a face in a photo is good enough for recognition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from registered.enrolment_problems import Problem
from registered.finder_protocols import FaceFinder, FoundFace, Image
from registered.same_person import ratios, sort_samples
from registered.settings import FaceQuality
from timeline import FloatArray

_SIZE = 112
_ANOTHER = "take another photo"


@dataclass(frozen=True, slots=True, eq=False)
class GoodFace:
    """A face that passed: ``embedding`` ``[D]``, its quality in (0, 1], and its picture.

    ``tells``: how much the embedding tells about the identity, 0..1 (see ``FoundFace.quality``).
    """

    source: str
    embedding: FloatArray
    quality: float
    image: Image
    turn: float = 0.0
    tells: float = 1.0


def turn(landmarks: npt.ArrayLike) -> float:
    """How far a face is turned sideways: 0 from the front, about 0.4 at 45 degrees, 0.7 at 60.

    This is the distance of the nose tip from the line between the middle of the eyes and the middle of the mouth, in
    eye distances, so tilting the head does not count. ``landmarks`` are ``[5, 2]`` as in ``FoundFace``.
    """
    left, right, nose, mouth_left, mouth_right = np.asarray(landmarks, np.float64)
    axis = right - left
    # In profile the eyes coincide; the height of the face then sets the scale.
    eyes, mouth = (left + right) / 2, (mouth_left + mouth_right) / 2
    scale = max(float(np.hypot(*axis)), 0.5 * float(np.hypot(*(mouth - eyes))), 1e-6)
    down = mouth - eyes
    length = max(float(np.hypot(*down)), 1e-6)
    across = np.array([-down[1], down[0]]) / length
    return abs(float((nose - eyes) @ across)) / scale


def _crop(image: Image, face: FoundFace) -> npt.NDArray[np.float32]:
    """The inner face, grey, ``[112, 112]``, without the background at the box's edges."""
    import cv2

    x, y, w, h = face.box
    left, top = max(0, round(x + 0.1 * w)), max(0, round(y + 0.1 * h))
    right, bottom = min(image.shape[1], round(x + 0.9 * w)), min(image.shape[0], round(y + 0.9 * h))
    if right - left < 2 or bottom - top < 2:
        return np.zeros((_SIZE, _SIZE), np.float32)
    grey = cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_BGR2GRAY)
    shrink = cv2.INTER_AREA if min(grey.shape) > _SIZE else cv2.INTER_CUBIC
    return cv2.resize(grey, (_SIZE, _SIZE), interpolation=shrink).astype(np.float32)


def sharpness(crop: npt.NDArray[np.float32]) -> float:
    """Sharpness: variance of the Laplacian over variance of the picture, so that exposure and contrast cancel out.

    After Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000, normalised.
    """
    import cv2

    return float(cv2.Laplacian(crop, cv2.CV_32F).var() / max(float(crop.var()), 1.0))


def check_faces(
    source: str, image: Image, faces: Sequence[FoundFace], settings: FaceQuality
) -> GoodFace | list[Problem]:
    """The one good face in ``image``, or everything that is wrong with it (at least one problem)."""
    faces = sorted((f for f in faces if f.score >= settings.min_score), key=lambda f: -f.side)
    if not faces:
        return [
            Problem(source, "no-face", "no face was found", "take a photo of the face from the front, in good light")
        ]
    near = [f for f in faces if f.side >= settings.bystander * faces[0].side]
    if len(near) > 1:
        boxes = ", ".join(f"{f.box[2]:.0f}x{f.box[3]:.0f} at {f.box[0]:.0f},{f.box[1]:.0f}" for f in near)
        return [Problem(source, "many-faces", f"{len(near)} faces were found ({boxes})", "cut the photo to one person")]
    face, crop = faces[0], _crop(image, faces[0])
    problems: list[Problem] = []

    def wrong(code: str, message: str, remedy: str) -> None:
        problems.append(Problem(source, code, message, remedy))

    if face.side < settings.min_side:
        wrong(
            "too-small",
            f"the face is {face.side:.0f} px wide, {settings.min_side} are needed",
            "go nearer, or use a larger version of the photo",
        )
    # The brightest parts, not the mean: light and dark skin have the same highlights in the same light.
    highlight = float(np.percentile(crop, 95))
    if highlight < settings.min_highlight:
        wrong("too-dark", f"the face is too dark (brightest parts {highlight:.0f} of 255)", "turn on a light in front")
    burnt = float((crop >= 250).mean())
    if burnt > settings.max_burnt:
        wrong("too-bright", f"{burnt:.0%} of the face is plain white", "take away the light that shines on it")
    sharp = sharpness(crop)
    if sharp < settings.min_sharpness and highlight >= settings.min_highlight:
        wrong(
            "blurred",
            f"the face is not sharp ({sharp:.3f}, {settings.min_sharpness:.3f} are needed)",
            "hold still, wipe the lens, and " + _ANOTHER,
        )
    turned = turn(face.landmarks)
    if turned > settings.max_turn:
        wrong("turned", "the face is turned too far to the side", "look into the camera and " + _ANOTHER)
    if not np.isfinite(face.embedding).all() or not np.any(face.embedding):
        wrong("no-template", "the face gave no usable template", _ANOTHER)
    if problems:
        return problems
    size = min(1.0, face.side / 112)
    frontal = 1.0 - 0.5 * turned / max(settings.max_turn, 1e-6)
    crispness = min(1.0, 0.5 + 0.5 * sharp / max(4 * settings.min_sharpness, 1e-6))
    return GoodFace(source, face.embedding, max(0.05, size * frontal * crispness), image, turned, face.quality)


def one_person(
    good: Sequence[GoodFace], find: FaceFinder, settings: FaceQuality
) -> tuple[list[GoodFace], list[Problem]]:
    """The faces that are or may be of one person, and a problem for each of the others.

    Recognition joins no photos that are little alike: a face is shown only where it resembles each of them.
    """
    if len(good) < 2:
        return list(good), []
    table = ratios(find, np.stack([g.embedding for g in good]), [g.tells for g in good])
    found = sort_samples(table, settings.one_person, settings.two_people)
    about = "does not show the same person as the other photos"
    remedy = "leave it out, or enrol that person under another name"
    problems = [Problem(good[index].source, "another-person", about, remedy) for index in found.others]
    return [good[index] for index in sorted((*found.same, *found.unsure))], problems
