"""The recording of an export: silent and filled where somebody is who did not agree to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from capture import AudioFile, CaptureSettings, VideoFile
from discreet.share.recording import as_made, audible, filled, write_further_masked
from sharing.gate import check_mp4
from sharing.levels import Included
from tests.discreet.share.conftest import timeline
from timeline import Segment

ALL = Included("P-1", seen=True, heard=True, quoted=True)
EVERYBODY = {"p1": ALL, "p2": ALL, "p3": ALL}
WITHOUT = {"p1": ALL, "p2": ALL}
UNSEEN = {**EVERYBODY, "p1": Included("P-1", heard=True, quoted=True)}
UNHEARD = {**EVERYBODY, "p1": Included("P-1", seen=True, quoted=True)}
UNQUOTED = {**EVERYBODY, "p2": Included("P-1")}


@pytest.mark.parametrize(
    ("people", "same"), [(EVERYBODY, True), (WITHOUT, False), (UNSEEN, False), (UNHEARD, False), (UNQUOTED, False)]
)
def test_it_leaves_as_it_is_only_if_everybody_agrees_to_all_that_is_in_it(
    people: dict[str, Included], same: bool
) -> None:
    assert as_made(timeline(1), people) == same


def test_nothing_is_heard_of_who_is_left_out_nor_close_by() -> None:
    assert audible(timeline(1), WITHOUT) == [Segment(0, 0.9), Segment(1, 1.75)]
    assert audible(timeline(1), UNHEARD) == [Segment(1.15, 1.9), Segment(2, 2.9)]
    assert audible(timeline(1), UNQUOTED) == [Segment(0, 0.75), Segment(2.15, 2.9)]
    assert audible(timeline(1), {}) == []


def test_the_picture_is_filled_while_a_face_is_shown_that_may_not_be() -> None:
    assert filled(timeline(1), EVERYBODY) == []
    assert filled(timeline(1), UNSEEN) == [Segment(0, 2)]
    assert filled(timeline(1), {}) == [Segment(0, 2)]


def test_pictures_and_sound_are_as_decided(recording: Path, tmp_path: Path) -> None:
    target, settings = tmp_path / "out.mp4", CaptureSettings(preset="ultrafast")
    write_further_masked(recording, target, timeline(1), UNSEEN | {"p3": Included("P-3")}, settings)
    pictures = {round(t, 1): float(picture.mean()) for t, picture in VideoFile(target, settings=settings)}
    assert len(pictures) == 20
    assert max(mean for t, mean in pictures.items() if t <= 2.0) < 40
    assert min(mean for t, mean in pictures.items() if t > 2.0) > 150
    audio = AudioFile(target, sample_rate=None, mono=True, settings=settings)
    sound = np.concatenate([np.asarray(block).reshape(-1) for block in audio.blocks(0.5)])
    rate = audio.sample_rate

    def level(start: float, end: float) -> float:
        return float(np.abs(sound[int(start * rate) : int(end * rate)]).max())

    assert level(0.1, 0.8) > 0.1
    assert level(1.1, 1.6) > 0.1
    assert level(1.85, 3.9) < 0.02
    assert check_mp4(target, "out.mp4") == []
