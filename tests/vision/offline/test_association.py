"""What a whole recording tells of a face: turns of the head do not hide somebody, and nobody else gains by it."""

import numpy as np
import pytest

from timeline import FaceTrack
from vision.geometry import Floats
from vision.offline.association import associate
from vision.recognition.identification import EnrolledFaces
from vision.settings import VisionSettings
from vision.tracking.tracklet import Tracklet

SETTINGS = VisionSettings()
BAR = SETTINGS.recognise.track
DIM = 16


def axis(index: int) -> Floats:
    return np.eye(DIM, dtype=np.float32)[index]


def look(cosine: float, pose: int) -> Floats:
    """A crop with this cosine to the enrolled person; what is left of it depends on the ``pose``."""
    return np.asarray(cosine * axis(0) + np.sqrt(1 - cosine**2) * axis(pose), np.float32)


def film(crops: list[Floats], every: float = 0.4) -> Tracklet:
    """A face sighted every 0.1 s with these crops, one every 0.4 s."""
    out = Tracklet(1)
    box = np.array([100, 100, 80, 100], np.float32)
    for i in range(round(len(crops) * every / 0.1)):
        out.see(i * 0.1, box, 0.9, False)
        if i % 4 == 0:
            out.recognise(i * 0.1, crops[i // 4], 0.9)
    return out


def tracks(*records: Tracklet) -> list[FaceTrack]:
    times = np.arange(0, records[-1].times[-1] + 0.01, 0.04)
    known = EnrolledFaces(("p-anna",), axis(0)[None], np.array([2]))
    return associate(list(records), times, known, {"p-anna": True}, SETTINGS)


def shown(made: list[FaceTrack], start: float, end: float) -> float:
    """Share of the frames between two times that show the face."""
    flags = [track.shown[(track.times >= start) & (track.times <= end)] for track in made]
    return float(np.concatenate(flags).mean())


def test_a_turn_of_the_head_between_two_recognised_parts_is_shown() -> None:
    made = tracks(film([look(0.6, 1)] * 6 + [look(0.5, 2)] * 6))
    assert shown(made, 0.0, 4.6) == 1.0


def test_a_part_nearly_as_like_is_shown_between_two_parts_and_not_alone() -> None:
    near = BAR - SETTINGS.recognise.slack + 0.005
    side = [look(near, 2)] * 6
    assert shown(tracks(film([look(0.6, 1)] * 6 + side + [look(0.6, 1)] * 6)), 2.9, 4.3) == 1.0
    assert shown(tracks(film(side)), 0.0, 2.0) == 0.0
    assert shown(tracks(film([look(0.6, 1)] * 6 + side)), 2.9, 4.3) == 0.0, "one side is half as much"


@pytest.mark.parametrize("cosine", [-0.2, 0.0, 0.2, 0.3, 0.36])
@pytest.mark.parametrize("length", [3, 6, 10])
def test_somebody_else_between_two_recognised_parts_is_not_shown(cosine: float, length: int) -> None:
    """As like as strangers are at most (0.36 of 411 stretches), and nothing noticed the exchange."""
    made = tracks(film([look(0.6, 1)] * 6 + [look(cosine, 2)] * length + [look(0.6, 1)] * 6))
    first = 2.4
    assert shown(made, first, first + (length - 1) * 0.4) == 0.0
    assert shown(made, 0.0, 1.9) == 1.0


def test_slack_is_not_handed_on_from_part_to_part() -> None:
    near = BAR - SETTINGS.recognise.slack / 2 + 0.005
    crops = [look(0.6, 1)] * 6
    for pose in (2, 3, 4):
        crops += [look(near, pose)] * 6
    made = tracks(film(crops))
    assert shown(made, 2.9, 4.3) == 1.0
    assert shown(made, 5.3, 9.4) == 0.0


def test_the_frames_where_a_crossing_begins_are_shown_only_with_crops_on_both_sides() -> None:
    for recognised in (True, False):
        record = Tracklet(1)
        box = np.array([100, 100, 80, 100], np.float32)
        for i in range(40):
            record.see(i * 0.12, box, 0.9, 15 <= i < 25)
            if recognised or i not in (14, 15):
                record.recognise(i * 0.12, look(0.7, 1), 0.9)
        made = tracks(record)
        assert shown(made, 14 * 0.12 + 0.01, 15 * 0.12 - 0.01) == float(recognised)
