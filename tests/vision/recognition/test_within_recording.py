"""Somebody recognised for certain is recognised elsewhere in the same recording by their looks; nobody else is."""

import numpy as np
import pytest

from timeline import FaceTrack
from vision.geometry import Floats
from vision.offline.association import associate
from vision.recognition.identification import EnrolledFaces
from vision.settings import RecogniseSettings, VisionSettings
from vision.tracking.tracklet import Tracklet

SETTINGS = VisionSettings()
BAR = SETTINGS.recognise.track
DIM = 16
UNLIKE = BAR - 0.08
"""Too little like the photos, and more so than strangers are."""


def look(cosine: float, pose: int) -> Floats:
    """A crop with this cosine to the enrolled person; what is left of it depends on the ``pose``."""
    out = np.zeros(DIM, np.float32)
    out[0], out[pose] = cosine, np.sqrt(1 - cosine**2)
    return out


def film(number: int, start: float, crops: list[Floats], x: float = 100) -> Tracklet:
    """A face sighted every 0.1 s at ``x`` from ``start`` on, with one of these crops every 0.4 s."""
    out = Tracklet(number)
    for i in range(len(crops) * 4):
        t = start + i * 0.1
        out.see(t, np.array([x, 100, 80, 100], np.float32), 0.9, False)
        if i % 4 == 0:
            out.recognise(t, crops[i // 4], 0.9)
    return out


def decided(*records: Tracklet, settings: VisionSettings = SETTINGS) -> list[FaceTrack]:
    times = np.arange(0, max(r.times[-1] for r in records) + 0.01, 0.04)
    person = np.eye(DIM, dtype=np.float32)[0]
    return associate(
        list(records), times, EnrolledFaces(("p-anna",), person[None], np.array([2])), {"p-anna": True}, settings
    )


def seen(tracks: list[FaceTrack], start: float, end: float, x: float = 100) -> bool:
    """Whether a face at ``x`` is shown at any time between."""
    return any(
        bool(track.shown[(track.times >= start) & (track.times <= end)].any())
        for track in tracks
        if len(track.shown) and abs(track.boxes[0, 0] - x) < 50
    )


SURE = film(1, 0.0, [look(0.6, 1)] * 8)
LATER = film(2, 20.0, [look(UNLIKE, 1)] * 8, x=600)


def test_who_was_recognised_is_recognised_again_by_how_they_looked() -> None:
    assert not seen(decided(LATER), 20.0, 24.0, 600), "by the photos alone nobody is recognised"
    assert seen(decided(SURE, LATER), 20.0, 24.0, 600)
    earlier = film(1, 0.0, [look(UNLIKE, 1)] * 8)
    assert seen(decided(earlier, film(2, 20.0, [look(0.6, 1)] * 8, x=600)), 0.0, 3.0)


@pytest.mark.parametrize("cosine", [-0.2, 0.0, 0.2, 0.29])
def test_looking_alike_is_not_enough_without_the_photos(cosine: float) -> None:
    assert not seen(decided(SURE, film(2, 20.0, [look(cosine, 1)] * 8, x=600)), 20.0, 24.0, 600)


def test_somebody_as_like_the_photos_who_looks_different_is_not_shown() -> None:
    assert not seen(decided(SURE, film(2, 20.0, [look(UNLIKE, 2)] * 8, x=600)), 20.0, 24.0, 600)


def test_nobody_is_in_two_places_at_once() -> None:
    assert not seen(decided(SURE, film(2, 1.0, [look(UNLIKE, 1)] * 8, x=600)), 1.0, 5.0, 600)


def test_a_face_as_like_somebody_who_was_beside_the_person_is_not_shown() -> None:
    """Known to be someone else, having been in the picture at the same time."""
    beside = film(3, 0.0, [look(UNLIKE, 1)] * 8, x=900)
    made = decided(SURE, beside, LATER)
    assert not seen(made, 20.0, 24.0, 600)
    assert not seen(made, 0.0, 4.0, 900)
    assert seen(made, 0.0, 3.0), "the person stays recognised"


def test_what_was_recognised_by_looks_lends_no_looks() -> None:
    def blend(share: float) -> Floats:
        out = UNLIKE * np.eye(DIM, dtype=np.float32)[0]
        out[1] = share
        out[2] = np.sqrt(1 - UNLIKE**2 - share**2)
        return np.asarray(out, np.float32)

    first, second, third = look(0.6, 1), blend(0.6), blend(0.3)
    assert float(first @ second) >= SETTINGS.recognise.familiar > float(first @ third)
    assert float(second @ third) > 0.9, "alike enough, were a second to lend"
    made = decided(SURE, film(2, 20.0, [second] * 8, x=600), film(3, 40.0, [third] * 8, x=900))
    assert seen(made, 20.0, 24.0, 600)
    assert not seen(made, 40.0, 44.0, 900)


def test_a_few_crops_lend_nothing() -> None:
    assert not seen(decided(film(1, 0.0, [look(0.6, 1)] * 5), LATER), 20.0, 24.0, 600)


def test_it_can_be_turned_off_and_not_loosened() -> None:
    off = VisionSettings(recognise=RecogniseSettings(familiar=1))
    assert not seen(decided(SURE, LATER, settings=off), 20.0, 24.0, 600)
    with pytest.raises(ValueError, match="familiar"):
        RecogniseSettings(familiar=0.59)
