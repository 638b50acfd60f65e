"""In which frames a face may be shown: only where it was sighted, recognised, and its person agreed."""

import numpy as np
import pytest

from timeline import FaceTrack
from vision.offline.segment_chains import IdentifiedSegment, TrackChain
from vision.offline.visibility import face_track
from vision.recognition.identification import Identification
from vision.settings import SHOWN_REACH, VisionSettings
from vision.tracking.tracklet import Tracklet, tracklet_segments

FRAMES = np.arange(0, 10, 0.04)


def chain(agrees: list[bool], sightings: np.ndarray, person: str | None = "anna") -> TrackChain:
    """A face with one crop a second; each either agrees with ``person`` or contradicts."""
    record = Tracklet(1)
    for t in sightings:
        record.see(float(t), np.array([10, 10, 20, 20], np.float32), 0.9, False)
    for t in range(len(agrees)):
        record.recognise(float(t), np.eye(4, dtype=np.float32)[0], 0.9)
    (stretch,) = tracklet_segments(record, 99.0)
    right = np.array(agrees)
    verdict = Identification(person, 0.6, None, right, ~right, "recognised")
    return TrackChain([IdentifiedSegment(stretch, verdict)], person)


def track(made: TrackChain, consent: dict[str, bool]) -> FaceTrack:
    found = face_track(made, FRAMES, consent, VisionSettings())
    assert found is not None
    return found


EVERY_TENTH = np.arange(0, 9.01, 0.1)


def test_somebody_recognised_throughout_is_shown_throughout() -> None:
    assert track(chain([True] * 10, EVERY_TENTH), {"anna": True}).shown.all()


@pytest.mark.parametrize("consent", [{}, {"anna": False}, {"ben": True}])
def test_without_the_consent_of_this_person_nothing_is_shown(consent: dict[str, bool]) -> None:
    found = track(chain([True] * 10, EVERY_TENTH), consent)
    assert not found.shown.any()
    assert found.enrolled == "anna"
    assert "not agreed" in found.reason


def test_nobody_known_is_never_shown() -> None:
    assert not track(chain([True] * 10, EVERY_TENTH, person=None), {"anna": True}).shown.any()


def test_a_crop_that_contradicts_masks_up_to_its_neighbours() -> None:
    found = track(chain([True] * 4 + [False] + [True] * 5, EVERY_TENTH), {"anna": True})
    masked = found.times[~found.shown]
    assert 3.0 <= masked.min() <= 3.04
    assert 4.96 <= masked.max() <= 5.0


def test_no_frame_is_shown_that_is_far_from_every_sighting() -> None:
    seen = EVERY_TENTH[(EVERY_TENTH < 3.95) | (EVERY_TENTH > 5.95)]
    found = track(chain([True] * 10, seen), {"anna": True})
    away = np.abs(found.times[:, None] - seen[None]).min(axis=1)
    assert (away[found.shown] <= SHOWN_REACH).all()
    assert not found.shown[away > SHOWN_REACH].any()


def test_a_face_between_two_pictures_has_no_track() -> None:
    assert face_track(chain([True], np.array([0.01])), np.array([0.0, 5.0]), {}, VisionSettings()) is None
