"""Faces: are any bare that the document does not show, and does a masked face still look like somebody known?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from capture import VideoFile, probe
from discreet.config.settings import Settings
from discreet.redteam.attack import Attacked, counted, not_attacked
from discreet.redteam.known_people import Known
from discreet.redteam.target import Session, Target
from discreet.share import HiddenPeople, checks_for
from registered import Gallery
from timeline import FloatArray
from vision import Image

BARE, MASKED = "bare faces", "masked faces"
EVERY_S = 0.5
"""Seconds between two looks at masked faces."""


def bare_faces(targets: Sequence[Target], store: Any, settings: Settings) -> Attacked:
    """Faces that can be seen where the document shows nobody; by another detector than the usual one."""
    # Nobody is enrolled here, so that the only checker is the one for faces.
    hidden = HiddenPeople(
        (), frozenset(), frozenset(), lambda document: frozenset(one.id for one in document.people if one.seen)
    )
    (look,) = checks_for(store, settings, hidden).checkers
    places, tried = [], 0
    for name, session in _recorded(targets):
        assert session.recording is not None
        tried += 1
        places += [f"{name}, {found.place}" for found in look(session.recording, name, session.timeline)]
    if not tried:
        return not_attacked(BARE, "there are no recordings")
    return counted(BARE, places, tried, "sightings of a bare face (recordings looked at)")


@dataclass(frozen=True)
class Recogniser:
    """Finds faces in a picture and says how they look.

    Attributes:
        finder: of a photograph: :class:`vision.FaceFinder`.
        same: cosine from which on two pictures show one person.
    """

    finder: Any
    same: float


def masked_faces(targets: Sequence[Target], known: Known, recogniser: Recogniser) -> Attacked:
    """Whatever a recogniser makes of the places at which a face is found or masked, compared with photographs.

    The attacker takes every face that a detector reports at any score, masked or not, outside of shown faces.
    """
    if not known.photos:
        return not_attacked(MASKED, "no photographs to compare with were given (--known)")
    gallery = _gallery(known, recogniser)
    places, tried = [], 0
    for name, session in _recorded(targets):
        assert session.recording is not None
        for t, embedding in _embedded(session.recording, session, recogniser):
            tried += 1
            if float(gallery.similarity(embedding).max(initial=-1.0)) >= recogniser.same:
                places.append(f"{name}, {t:.1f} s")
    if not tried:
        return counted(MASKED, [], 0, "masked faces that look like somebody known (no detector saw a face in a mask)")
    return counted(MASKED, places, tried, "looks at a masked face that recognised somebody known")


def _gallery(known: Known, recogniser: Recogniser) -> Gallery:
    rows = []
    for person, paths in known.photos.items():
        found = [faces[0].embedding for path in paths if (faces := recogniser.finder(_photo(path)))]
        if found:
            matrix = np.stack([one / np.linalg.norm(one) for one in found]).astype(np.float32)
            rows.append((person, {"attack": matrix}, {"attack": np.ones(len(found), np.float32)}))
    return Gallery.of("attack", rows)


def _photo(path: Path) -> Image:
    picture = cv2.imread(str(path))
    return np.asarray(picture, np.uint8) if picture is not None else np.zeros((32, 32, 3), np.uint8)


def _embedded(recording: Path, session: Session, recogniser: Recogniser) -> Iterator[tuple[float, FloatArray]]:
    """Time and embedding of each face that is found outside of shown ones."""
    from discreet.share import Shown

    info = probe(recording)
    seen = frozenset(person.id for person in session.timeline.people if person.seen)
    shown = Shown(session.timeline, seen, (info.width, info.height))
    step = max(1, round(EVERY_S * (info.fps or 25.0)))
    for t, picture in islice(VideoFile(recording, info=info), 0, None, step):
        faces = recogniser.finder(picture)
        allowed = shown.hold(t, np.array([face.box for face in faces], np.float32).reshape(-1, 4))
        yield from ((t, face.embedding) for face, one in zip(faces, allowed, strict=True) if not one)


def _recorded(targets: Sequence[Target]) -> Iterator[tuple[str, Session]]:
    for target in targets:
        for session in target.sessions:
            if session.recording is not None and session.recording.suffix == ".mp4":
                yield f"{target.folder.name}/{session.name}", session
