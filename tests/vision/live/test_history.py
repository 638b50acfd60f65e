"""What the live masker leaves: tracks of what was drawn, and when and why the whole picture was masked."""

import numpy as np

from vision.live.history import LiveHistory, WholePictureMask
from vision.live.messages import FaceObservation, FrameResult
from vision.live.scene import LiveFace
from vision.live.settings import LAPSE_BREAK, MOST_LAPSES

BOX = np.array([10, 10, 20, 20], np.float32)


def face(number: int = 1, epoch: int = 1, person: str | None = None, told: bool | None = None) -> FaceObservation:
    return FaceObservation(number, epoch, BOX, True, person=person, told=told, similarity=0.6, reason="recognised")


def history(*rows: tuple[float, FaceObservation, bool]) -> LiveHistory:
    made = LiveHistory()
    for t, seen, shown in rows:
        made.look(FrameResult(t, (seen,), 0.01))
        made.drawn(t, [LiveFace(seen, BOX, shown)])
    return made


def test_ten_rows_a_second_and_one_at_every_change() -> None:
    made = history(*((0.01 * i, face(person="anna"), i >= 55) for i in range(100)))
    (track,) = made.tracks((100, 100), {"anna": True})
    assert 10 <= len(track.times) <= 12
    first = track.times[track.shown][0]
    assert round(float(first), 2) == 0.55


def test_a_track_bears_the_person_and_why_they_are_masked() -> None:
    (track,) = history((0.0, face(person="anna"), False)).tracks((100, 100), {"anna": False})
    assert track.enrolled == "anna"
    assert "not agreed" in track.reason


def test_one_track_with_two_people_becomes_two() -> None:
    made = history((0.0, face(epoch=1, person="anna"), True), (0.2, face(epoch=2, person="ben"), False))
    assert [track.enrolled for track in made.tracks((100, 100), {})] == ["anna", "ben"]


def test_an_epoch_without_a_name_goes_on_unless_something_spoke_against_it() -> None:
    same = history((0.0, face(epoch=1, person="anna"), True), (0.2, face(epoch=2), False))
    assert len(same.tracks((100, 100), {})) == 1
    other = history((0.0, face(epoch=1, person="anna"), True), (0.2, face(epoch=2, told=False), False))
    assert len(other.tracks((100, 100), {})) == 2


def test_lapses_with_one_reason_are_one_until_a_break() -> None:
    made = LiveHistory()
    for t in (0.0, 0.5, 0.5 + LAPSE_BREAK, 2.0 + 2 * LAPSE_BREAK):
        made.lapsed(t, "slow")
    made.lapsed(2.1 + 2 * LAPSE_BREAK, "failed")
    assert made.lapses == (
        WholePictureMask(0.0, 0.5 + LAPSE_BREAK, "slow"),
        WholePictureMask(2.0 + 2 * LAPSE_BREAK, 2.0 + 2 * LAPSE_BREAK, "slow"),
        WholePictureMask(2.1 + 2 * LAPSE_BREAK, 2.1 + 2 * LAPSE_BREAK, "failed"),
    )
    tracks = made.tracks((100, 50), {})
    assert [track.boxes[0].tolist() for track in tracks] == [[0, 0, 100, 50]] * 3


def test_lapses_stay_bounded_and_cover_the_end() -> None:
    made = LiveHistory()
    for i in range(MOST_LAPSES + 50):
        made.lapsed(2.0 * i, "slow")
    assert len(made.lapses) == MOST_LAPSES
    assert made.lapses[-1].end == 2.0 * (MOST_LAPSES + 49)
