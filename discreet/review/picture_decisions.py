"""Decisions about the picture: a face or a region masked, the face of somebody shown who agreed to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from discreet.pipeline import Faces
from discreet.review.decision_kinds import Box, Mask, Show
from discreet.review.decisions_file import DecisionsError
from discreet.review.draft import Draft, ReviewScene
from discreet.review.people_decisions import shown_nowhere
from timeline import FaceTrack

MASKED = "masked in a review"
SHOWN = "shown: decided in a review"


def masked(draft: Draft, scene: ReviewScene, id: str, decision: Mask) -> Draft:
    """With a face or a region masked over time."""
    (span,) = scene.spans([decision])
    tracks = list(draft.faces.tracks)
    if decision.box is not None:
        times = draft.faces.times
        times = times[(times >= span.start) & (times <= span.end)]
        if len(times):
            boxes = np.tile(_pixels(decision.box, scene.size), (len(times), 1))
            tracks.append(FaceTrack(id, times, boxes, shown=np.zeros(len(times), np.bool_), reason=MASKED))
        return replace(draft, faces=Faces(tracks, draft.faces.times))
    for at, track in enumerate(tracks):
        if track.id == decision.track and track.ever_shown:
            outside = (track.times < span.start) | (track.times > span.end)
            tracks[at] = replace(track, shown=track.shown & outside, reason=MASKED)
    return replace(draft, faces=Faces(tracks, draft.faces.times))


def covered(draft: Draft, track: str) -> Draft:
    """With the face of a track masked throughout."""
    tracks = [shown_nowhere(each, MASKED) if each.id == track else each for each in draft.faces.tracks]
    return replace(draft, faces=Faces(tracks, draft.faces.times))


def shown(draft: Draft, scene: ReviewScene, decision: Show) -> Draft:
    """With the face of a track shown, as that of somebody who agrees to be seen.

    Raises:
        DecisionsError: the track stands for the whole picture, or the person is not to be seen any more.
    """
    person = next((p for p in draft.people.people if p.id == decision.person), None)
    if person is None or not person.seen or not scene.ground.agrees(decision.person).seen:
        raise DecisionsError(f"{decision.person} is not to be seen", "undo that, or leave the face masked")
    tracks = list(draft.faces.tracks)
    for at, track in enumerate(tracks):
        if track.id != decision.track:
            continue
        if track.covers_picture:
            raise DecisionsError(f"{track.id} stands for the whole picture", "nobody knows what is in it")
        enrolled = scene.ground.enrolled[decision.person]
        tracks[at] = replace(track, shown=np.ones(len(track.times), np.bool_), enrolled=enrolled, reason=SHOWN)
    people = replace(draft.people, track_person={**draft.people.track_person, decision.track: decision.person})
    return replace(draft, faces=Faces(tracks, draft.faces.times), people=people)


def _pixels(box: Box, size: tuple[int, int]) -> np.ndarray:
    width, height = size
    return np.array([[box.x * width, box.y * height, box.width * width, box.height * height]], np.float32)
