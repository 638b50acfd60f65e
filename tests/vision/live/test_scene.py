"""The delay line's scene: a face is shown only between two analyses that found it, surely one person, who agrees."""

from dataclasses import replace

import numpy as np
import pytest

from vision.live.messages import FaceObservation, Failure, FrameResult
from vision.live.scene import UNSEEN, LiveScene
from vision.live.settings import LiveMaskingSettings
from vision.settings import MaskSettings

LIVE = LiveMaskingSettings()
FACE = FaceObservation(1, 1, np.array([10, 10, 20, 20], np.float32), True, person="anna", since=0.0, told=True)


def scene(*looks: tuple[float, FaceObservation | None]) -> LiveScene:
    made = LiveScene(MaskSettings(), LIVE)
    for t, face in looks:
        made.add(FrameResult(t, (face,) if face is not None else (), 0.01))
    return made


def shown(made: LiveScene, t: float, agrees: bool = True) -> bool:
    (face,) = made.faces(t, lambda person: agrees and person == "anna")
    return face.shown


def test_a_face_found_by_both_analyses_is_shown_in_between_where_it_was() -> None:
    made = scene((0.0, FACE), (0.1, replace(FACE, box=np.array([20, 10, 20, 20], np.float32))))
    assert shown(made, 0.05)
    (face,) = made.faces(0.05, lambda person: True)
    assert face.box.tolist() == pytest.approx([15, 10, 20, 20])
    assert made.blind(0.05) is None


def test_without_consent_it_is_masked() -> None:
    assert not shown(scene((0.0, FACE), (0.1, FACE)), 0.05, agrees=False)


@pytest.mark.parametrize(
    "change",
    [{"epoch": 2}, {"crossing": True}, {"held": True}, {"told": False}, {"person": None, "told": None, "epoch": 2}],
    ids=lambda change: next(iter(change)),
)
def test_any_doubt_in_the_later_analysis_masks_the_pictures_before_it(change: dict[str, object]) -> None:
    assert not shown(scene((0.0, FACE), (0.1, replace(FACE, **change))), 0.05)


def test_a_face_is_not_shown_before_it_was_certain() -> None:
    assert not shown(scene((0.0, FACE), (0.1, replace(FACE, since=0.08))), 0.05)


def test_a_face_that_is_gone_in_the_next_analysis_is_no_longer_placed() -> None:
    made = scene((0.0, FACE), (0.1, None))
    assert made.faces(0.05, lambda person: True) == []
    assert len(made.boxes(0.05, (100, 100), []))


def test_a_picture_without_an_analysis_on_either_side_is_unknown() -> None:
    made = scene((0.0, FACE))
    assert made.blind(0.0) is None
    assert made.blind(0.01) == UNSEEN
    made.add(FrameResult(LIVE.gap + 0.1, (FACE,), 0.01))
    assert made.blind(0.01) == UNSEEN


def test_a_failure_between_two_analyses_makes_their_pictures_unknown() -> None:
    made = scene((0.0, FACE), (0.2, FACE))
    made.fail(Failure(0.1, "the detector raised"))
    assert made.blind(0.15) == "the detector raised"
    assert made.blind(0.2) is None


def test_what_no_longer_matters_is_forgotten() -> None:
    made = scene(*((0.1 * i, FACE) for i in range(400)))
    made.forget(39.9)
    (trail,) = made._trails.values()
    assert len(trail.times) < 100
    assert shown(made, 39.85)
