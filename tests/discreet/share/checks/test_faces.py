"""Bare faces: looks join into sightings, shown faces are allowed where the document says so, and five pictures are
found.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture import CaptureSettings, Picture, SafeWriter
from discreet.share.checks.faces import GAP, LOOKS, BareFaces, Shown, Sightings
from timeline import InputError, Timeline
from vision import Detections

FACE = np.array([[20, 10, 16, 20]], np.float32)
SIZE = (64, 48)


def moved(by: float) -> np.ndarray:
    """The face so many px to the right."""
    return FACE + np.array([by, 0, 0, 0], np.float32)


def document(*, masked: bool = False, person: str = "p1") -> Timeline:
    """Somebody at 20, 10 px from 0 to 1 s."""
    track = {"id": "t1", "person": person, "start": 0, "end": 1, "masked": masked}
    return Timeline.model_validate(
        {
            "recording": {"duration": 2.0, "width": SIZE[0], "height": SIZE[1], "fps": 25.0},
            "people": [
                {"id": name, "pseudonym": name, "registered": True, "seen": name == "p1"} for name in ("p1", "p2")
            ],
            "tracks": [track | {"boxes": [[0, 20, 10, 16, 20], [1, 24, 10, 16, 20]]}],
        }
    )


def seen(timeline: Timeline) -> frozenset[str]:
    return frozenset(person.id for person in timeline.people if person.seen)


def bright(picture: np.ndarray) -> Detections:
    """Stands for a detector: the bright part of a picture."""
    rows, columns = np.nonzero(picture[:, :, 0] > 150)
    if not len(rows):
        return Detections.none()
    box = [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1]
    return Detections(np.array([box], np.float32), np.zeros((1, 5, 2), np.float32), np.array([0.9], np.float32))


def film(path: Path, bare: range, at: int = 20) -> Path:
    """Fifty pictures; in some a bright part stands for a face."""
    with SafeWriter(path, Picture(*SIZE, 25.0), None, 1, CaptureSettings(preset="ultrafast")) as out:
        for n in range(50):
            picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
            if n in bare:
                picture[10:30, at : at + 16] = 250
            out.write_frame(n / 25, picture)
    return path


@given(missed=st.integers(0, GAP), looks=st.integers(LOOKS, 8))
def test_looks_at_one_place_are_one_sighting_even_where_some_miss_it(missed: int, looks: int) -> None:
    sightings = Sightings(LOOKS)
    for n in range(looks):
        sightings.look(float(n), FACE, np.array([0.7], np.float32))
        for _ in range(missed):
            sightings.look(n + 0.5, FACE[:0], np.zeros(0, np.float32))
    ((place, score),) = sightings.found()
    assert place == f"0.0 to {looks - 1:.1f} s, 16 x 20 px at 20, 10"
    assert score == pytest.approx(0.7)


def test_a_single_look_is_none_and_another_place_is_another() -> None:
    sightings = Sightings(LOOKS)
    for n in range(6):
        sightings.look(float(n), moved(40 * n), np.array([0.7], np.float32))
    assert list(sightings.found()) == []


def test_a_face_may_be_shown_where_and_when_the_document_shows_somebody_who_agreed() -> None:
    shown = Shown(document(), frozenset({"p1"}), SIZE)
    assert shown.hold(0.5, moved(2)).all()
    assert not shown.hold(0.5, moved(25)).any(), "elsewhere"
    assert shown.hold(1.4, moved(4)).all(), "who has just turned away"
    assert not shown.hold(1.6, moved(4)).any(), "at another time"
    assert not shown.hold(0.5, FACE * 3).any(), "much larger"


def test_the_picture_may_have_another_size_than_the_document_says() -> None:
    assert Shown(document(), frozenset({"p1"}), (128, 96)).hold(0.0, FACE * 2).all()


@pytest.mark.parametrize("timeline", [document(masked=True), document(person="p2")])
def test_nothing_may_be_shown_of_who_is_masked_or_did_not_agree(timeline: Timeline) -> None:
    assert not Shown(timeline, seen(timeline), SIZE).hold(0.5, FACE).any()


@pytest.mark.parametrize(("bare", "found"), [(range(0), 0), (range(40, 45), 1), (range(41, 46), 1), (range(20), 0)])
def test_five_bare_pictures_are_found_and_shown_ones_are_not(tmp_path: Path, bare: range, found: int) -> None:
    path = film(tmp_path / "safe.mp4", bare)
    findings = BareFaces(bright, seen)(path, "safe.mp4", document())
    assert len(findings) == found
    if found:
        assert findings[0].place[:3] in ("1.6", "1.7")
        assert findings[0].kind == "face"
        assert findings[0].remedy


def test_a_picture_track_in_a_sound_file_is_looked_at(tmp_path: Path) -> None:
    film(tmp_path / "safe.mp4", range(40, 50))
    shutil.copy(tmp_path / "safe.mp4", tmp_path / "safe.m4a")
    assert BareFaces(bright, seen)(tmp_path / "safe.m4a", "safe.m4a", document())


def test_what_is_not_looked_at_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        BareFaces(bright, seen)(tmp_path / "photo.jpg", "photo.jpg", document())
    path = film(tmp_path / "safe.mp4", range(0))
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(InputError):
        BareFaces(bright, seen)(path, "safe.mp4", document())
