"""Attacks a finished recording: who can be recognised in ``safe.mp4``, and who is visible.

The attacker uses another detector (SCRFD) and another recogniser (ArcFace), knows the strangers from photos and from
clean frames of the same meeting, and checks every frame in two ways: the faces that the detector finds in the masked
frame, and the place where the clean frame shows the face.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from capture import VideoFile
from evaluation.attacks.reidentify import SAME, ArcFace, Scrfd, known_templates, most_alike
from evaluation.data.composed import Composed
from evaluation.data.composed_faces import FIRST, in_tile, on_screen_since
from vision import Detections, Image
from vision.recognition import align
from weights import Store

UNCHANGED = 0.5
"""ArcFace cosine of the same place in the safe and the clean picture from which on the face counts as visible."""

EYES = np.s_[28:58, 20:92]
"""Where the eyes are in an aligned crop, above the covered part of a mouth."""
CODED = 6.0
"""Greatest mean difference (grey levels of 255) at which that part counts as the same: video coding makes 2 to 4, a
mosaic of 4 cells makes 8 and more, also in the dark.
"""


@dataclass(slots=True)
class SafePicture:
    """The result; counts are frames of one face.

    Attributes:
        strangers: frames with a stranger's face on screen.
        first, later: those of them in which the stranger was recognised, within 0.3 s of coming on screen or after.
        enrolled: frames with the face of somebody who agreed to be seen.
        visible: those of them in which the face can be recognised as in the clean picture.
        mouths: those that are not visible, but show the same eyes as the clean picture: the mouth is covered while
            something private is said.
        frames: pictures compared.
        where: the leaks, one line each.
    """

    strangers: int = 0
    first: int = 0
    later: int = 0
    enrolled: int = 0
    visible: int = 0
    mouths: int = 0
    frames: int = 0
    where: list[str] | None = None

    @property
    def leaked(self) -> float:
        """Leaks per frame of a stranger's face."""
        return (self.first + self.later) / max(1, self.strangers)

    @property
    def shown(self) -> float:
        """Visible share of the frames of those who agreed."""
        return self.visible / max(1, self.enrolled)


def eyes_alike(one: Image, two: Image, face: Detections) -> bool:
    """Whether two pictures show the same around the eyes of one ``face``."""
    crops = [align(picture, face.landmarks[0])[EYES].astype(np.float32) for picture in (one, two)]
    return float(np.abs(crops[0] - crops[1]).mean()) <= CODED


def reidentify_faces(meeting: Composed, safe: Path, enrolled: tuple[str, ...], store: Store) -> SafePicture:
    """Attack ``safe``, made from ``meeting`` with ``enrolled`` agreeing to be seen.

    Raises:
        ModelError: the attacker's models are missing: ``discreet weights fetch --profile bench``.
        ValueError: the two recordings do not have the same pictures.
    """
    scrfd, arcface = Scrfd(store), ArcFace(store)
    strangers = [person for person in meeting.people if person not in enrolled]
    known = known_templates(meeting, strangers, scrfd, arcface)
    out = SafePicture(where=[])
    both = zip(VideoFile(meeting.path), VideoFile(safe), strict=True)
    for index, ((t, clean), (safe_t, picture)) in enumerate(both):
        if abs(t - safe_t) > 0.5 / meeting.fps:
            raise ValueError(f"picture {index} is at {safe_t:.3f} s, not at {t:.3f} s")
        out.frames += 1
        faces = scrfd(clean, 0.5)
        found: Detections | None = None
        for person in meeting.people:
            if index >= len(meeting.tiles[person]) or np.isnan(meeting.tiles[person][index, 0]):
                continue
            own = in_tile(faces, meeting.tiles[person][index])
            if person in enrolled:
                if len(own):
                    out.enrolled += 1
                    likeness = float(arcface(picture, own)[0][0] @ arcface(clean, own)[0][0])
                    out.visible += likeness >= UNCHANGED
                    out.mouths += likeness < UNCHANGED and eyes_alike(picture, clean, own)
                continue
            out.strangers += 1
            found = scrfd(picture, 0.3) if found is None else found
            places = (own, in_tile(found, meeting.tiles[person][index]))
            cosine = most_alike(arcface, picture, places, known[person])
            if cosine >= SAME:
                early = on_screen_since(meeting, person, index) < FIRST
                out.first += early
                out.later += not early
                out.where = [*(out.where or []), f"{person} at {t:.2f} s, cosine {cosine:.2f}"]
    return out
